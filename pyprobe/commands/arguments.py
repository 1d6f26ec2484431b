"""Command lines whose tail belongs to the program: options first, then SCRIPT or -m MODULE."""

import argparse
from collections.abc import Sequence


class Parser(argparse.ArgumentParser):
    """A parser that takes its own options and leaves the program's alone."""

    def parse_with_program(
        self, arguments: Sequence[str]
    ) -> tuple[argparse.Namespace, tuple[str | None, str | None, tuple[str, ...]]]:
        """Return our options, and script, module and arguments of the program.

        Everything after SCRIPT or ``-m MODULE`` is the program's, whatever it looks like.
        """
        own, rest = self._split(list(arguments))
        options = self.parse_args(own)
        if not rest:
            self.error("a SCRIPT or -m MODULE is needed")
        if rest[0] != "-m":
            return options, (rest[0], None, tuple(rest[1:]))
        if len(rest) == 1:
            self.error("-m needs a MODULE")
        return options, (None, rest[1], tuple(rest[2:]))

    def _split(self, arguments: list[str]) -> tuple[list[str], list[str]]:
        position = 0
        while position < len(arguments):
            argument = arguments[position]
            if argument == "--":
                return arguments[:position], arguments[position + 1 :]
            if argument.startswith("-m") and not argument.startswith("--"):
                module = [argument[2:]] if argument != "-m" else []
                return arguments[:position], ["-m", *module, *arguments[position + 1 :]]
            if not argument.startswith("-") or argument == "-":
                break
            position += 2 if self._takes_next(argument) else 1
        return arguments[:position], arguments[position:]

    def _takes_next(self, argument: str) -> bool:
        """Whether the value of this option is the next argument."""
        if argument.startswith("--"):
            return "=" not in argument and any(
                option.startswith(argument) and action.nargs != 0
                for action in self._actions
                for option in action.option_strings
            )
        action = self._option_string_actions.get(argument[:2])
        return action is not None and action.nargs != 0 and len(argument) == 2


def percent(text: str) -> float:
    """Read a budget: above 0, at most 100."""
    try:
        value = float(text.removesuffix("%"))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of percent") from error
    if not 0.0 < value <= 100.0:
        raise argparse.ArgumentTypeError("the budget lies above 0 and at most at 100 percent")
    return value
