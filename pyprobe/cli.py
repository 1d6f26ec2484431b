"""The command ``pyprobe``: the window, or one of its subcommands."""

import importlib
import os
import sys
from collections.abc import Sequence

from pyprobe import __version__
from pyprobe.commands.output import complain, finish_output
from pyprobe.commands.program import UsageError
from pyprobe.errors import PyProbeError
from pyprobe.session.environment import remember_environment

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130  # as the shell shows SIGINT
SUBCOMMANDS = ("record", "open", "export", "diff", "labels", "symbols", "doctor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return the exit code."""
    remember_environment()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments == ["--version"]:
        print(f"pyprobe {__version__}")
        return 0
    name = "window"
    if arguments and arguments[0] in SUBCOMMANDS:
        name = arguments.pop(0)
    try:
        # Only what the command needs is imported: record must not meet Qt, and must start quickly.
        command = importlib.import_module(f"pyprobe.commands.{name}")
        code: int = command.run(arguments)
        finish_output()
    except KeyboardInterrupt:  # while there is no program yet to which it goes
        return EXIT_INTERRUPTED
    except (UsageError, PyProbeError) as error:
        complain(str(error))
        return EXIT_USAGE
    except FileNotFoundError:
        if _has_working_folder():
            raise
        complain("the working folder has been removed; change to one that exists")
        return EXIT_USAGE
    return code


def _has_working_folder() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True
