"""The errors that reading source text can end in."""

from pyprobe.errors import PyProbeError


class SyntaxProblem(PyProbeError):
    """The source is not Python that can be compiled.

    ``line`` counts from 1, ``col`` from 0 in characters; ``sentence`` says what is wrong there.
    """

    def __init__(self, sentence: str, *, line: int = 1, col: int = 0, filename: str = "") -> None:
        where = f"{filename}, line {line}" if filename else f"line {line}"
        super().__init__(f"{where}: {sentence}")
        self.line = line
        self.col = col
        self.sentence = sentence


class SpecProblem(PyProbeError):
    """A probe SPEC is malformed, or names a file, line or symbol that is not there."""


class NotWatchedProblem(PyProbeError):
    """What stands at an occurrence has no changes that could be watched."""
