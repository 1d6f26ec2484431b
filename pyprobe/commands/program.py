"""The program of a command line: checked, and with the interpreter it gets."""

import os

from pyprobe.session.launch import Program, choose_python


class UsageError(Exception):
    """The command line is wrong; the message is one sentence."""


def make_program(
    script: str | None, module: str | None, args: tuple[str, ...], python: str | None
) -> Program:
    """Return the program of a command line, with the interpreter it gets.

    Raises:
        LaunchError: there is no such interpreter.
        UsageError: there is no such script.
    """
    cwd = os.getcwd()
    if script is not None:
        _check_script(script)
    script_dir = os.path.dirname(os.path.abspath(script)) if script is not None else cwd
    return Program(script, module, args, choose_python(python, script_dir), cwd)


def _check_script(script: str) -> None:
    if script == "-":
        raise UsageError("a program from standard input has no source to show; save it to a file")
    if not os.path.exists(script):
        raise UsageError(f"{script}: no such file")
    if not os.access(script, os.R_OK):
        raise UsageError(f"{script}: cannot be read (permission denied)")
    if os.path.isdir(script) and not os.path.exists(os.path.join(script, "__main__.py")):
        raise UsageError(f"{script}: is a folder without __main__.py")
