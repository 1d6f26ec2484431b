"""``pyprobe doctor``: what is here, what is missing, and why."""

import argparse
import importlib.metadata
import os
import sys
import tempfile
from collections.abc import Sequence
from time import monotonic

from pyprobe import __version__
from pyprobe.commands.output import say
from pyprobe.commands.qt_check import check_qt
from pyprobe.errors import LaunchError
from pyprobe.ipc.messages import Hello
from pyprobe.session.launch import Program, Stdio, choose_python
from pyprobe.session.session import Session

_PATIENCE_S = 20.0
_PACKAGES = ("PyQt6", "PyQt6-Qt6", "PyQt6-QScintilla", "PyQt6Ads", "numpy", "mcap")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``doctor``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe doctor",
        description="Show the interpreter, the event source and why, Qt and its system libraries, "
        "and the display. The exit code is 0 when everything works.",
    )
    parser.add_argument("--python", metavar="PATH", help="the interpreter programs would run in")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the report; return 0 when all is well, else 1."""
    options = build_parser().parse_args(arguments)
    _say("pyprobe", f"{__version__} on Python {_version(sys.version_info)} ({sys.executable})")
    well = _examine_target(options.python)
    _say("packages", ", ".join(f"{name} {_package_version(name)}" for name in _PACKAGES))
    check = check_qt()
    _say("display", check.display)
    _say("libraries", f"missing: {', '.join(check.missing)}" if check.missing else "all there")
    if check.problem:
        _say("window", f"cannot open: {check.problem}")
        return 1
    _say("window", "can open")
    return 0 if well else 1


def _say(topic: str, text: str) -> None:
    say(f"{topic + ':':<13} {text}")


def _version(version: Sequence[object]) -> str:
    return ".".join(map(str, version[:3]))


def _package_version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "is not installed"


def _examine_target(explicit: str | None) -> bool:
    try:
        python = choose_python(explicit, os.getcwd())
    except LaunchError as error:
        _say("interpreter", str(error))
        return False
    hello, problem = _ask(python)
    if hello is None:
        _say("interpreter", f"{python} does not work: {problem}")
        return False
    _say("interpreter", f"{hello.executable} (Python {hello.python_version})")
    _say("event source", f"{hello.event_source}: {hello.event_source_reason}")
    return True


def _ask(python: str) -> tuple[Hello | None, str]:
    """Run an empty program under the interpreter, as any program would run."""
    with tempfile.TemporaryDirectory(prefix="pyprobe-doctor-") as folder:
        script = os.path.join(folder, "empty.py")
        with open(script, "w", encoding="utf-8"):
            pass
        session = Session(Program(script, None, (), python, folder), stdio=Stdio.PIPES)
        try:
            session.start()
            deadline_s = monotonic() + _PATIENCE_S
            while session.has_process and monotonic() < deadline_s:
                session.wait(0.1)
                session.process_events()
        except LaunchError as error:
            return None, str(error)
        finally:
            session.close()
        ending = session.ending
        return session.hello, ending.sentence if ending is not None else "it does not answer"
