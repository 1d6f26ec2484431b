"""The breakpoints of a command line: where, on which condition, and what is done there."""

import argparse
import os
import re
import signal
from dataclasses import dataclass
from enum import Enum
from time import monotonic

from pyprobe.analysis.occurrences import parse
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_file import read_source
from pyprobe.analysis.spec import ProbeSpec
from pyprobe.commands.output import complain, complain_beside_program
from pyprobe.commands.probe_specs import find_file
from pyprobe.commands.program import UsageError
from pyprobe.core.debug.records import StopPlace
from pyprobe.errors import PyProbeError
from pyprobe.session.board_breakpoint import BoardBreakpoint
from pyprobe.session.launch import Program
from pyprobe.session.listener import SessionListener
from pyprobe.session.log_line import LogLine
from pyprobe.session.session import Session

_SPEC = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?:\s*=(?P<condition>.*))?", re.DOTALL)
_PRINTED = "{*}"
_QUIET_S = 0.1  # so long nothing may come before what was captured counts as received
_GRACE_S = 3.0


class OnBreak(Enum):
    """What happens at a breakpoint; ``EXIT`` ends the program."""

    PRINT = "print"
    SNAPSHOT = "snapshot"
    EXIT = "exit"


@dataclass(frozen=True)
class BreakSpec:
    """One ``-b``: ``file`` as written, ``line`` from 1."""

    file: str
    line: int
    condition: str

    @property
    def place(self) -> str:
        """``FILE:LINE`` without the folders."""
        return f"{os.path.basename(self.file)}:{self.line}"


@dataclass(frozen=True)
class WantedBreaks:
    """All that a command line asks for; ``exit_code`` is that of ``--on-break exit:CODE``."""

    specs: tuple[BreakSpec, ...]
    on_break: OnBreak
    exit_code: int = 0


def add_breakpoint_options(parser: argparse.ArgumentParser) -> None:
    """Add ``-b`` and ``--on-break``."""
    parser.add_argument(
        "-b",
        "--break",
        dest="breaks",
        metavar="FILE:LINE[=CONDITION]",
        action="append",
        default=[],
        help="do what --on-break says where the program arrives at a line; repeatable",
    )
    parser.add_argument(
        "--on-break",
        metavar="print|snapshot|exit:CODE",
        help="at a breakpoint, print where it is and all variables (print), take a snapshot, or"
        " end the program with an exit code",
    )


def read_breaks(options: argparse.Namespace, program: Program) -> WantedBreaks:
    """Read the options and find the files, before anything is started.

    Raises:
        UsageError: an option is malformed.
        PyProbeError: a file is not there.
    """
    if options.on_break is not None and not options.breaks:
        raise UsageError("--on-break says what is done at breakpoints; name one with -b")
    wanted = OnBreak.PRINT.value if options.on_break is None else options.on_break
    on_break, code = _read_on_break(wanted)
    return WantedBreaks(tuple(_read(text, program) for text in options.breaks), on_break, code)


def _read(text: str, program: Program) -> BreakSpec:
    found = _SPEC.fullmatch(text)
    if found is None:
        raise UsageError(f"-b takes FILE:LINE or FILE:LINE=CONDITION, not {text!r}")
    line, condition = int(found["line"]), found["condition"]
    if condition is not None and not condition.strip():
        raise UsageError(f"-b {text!r} has no condition after the =")
    file = find_file(ProbeSpec(found["file"], line, ""), program)
    _refuse_what_never_runs(file, line)
    return BreakSpec(file, line, condition or "")


def _refuse_what_never_runs(file: str, line: int) -> None:
    """Refuse a breakpoint in a file that Python cannot compile."""
    source = read_source(file)
    why = source.problem
    try:
        parse(source.text, filename=file)
    except SyntaxProblem as error:
        why = str(error)
    if why:
        place = f"{os.path.basename(file)}:{line}"
        raise UsageError(f"-b {place}: nothing in that file can run: {why}")


def _read_on_break(text: str) -> tuple[OnBreak, int]:
    name, _colon, code = text.partition(":")
    if name == OnBreak.EXIT.value and code.isdecimal() and int(code) < 256:
        return OnBreak.EXIT, int(code)
    if text in (OnBreak.PRINT.value, OnBreak.SNAPSHOT.value):
        return OnBreak(text), 0
    raise UsageError(f"--on-break takes print, snapshot or exit:CODE (0 to 255), not {text!r}")


class Breaks(SessionListener):
    """The breakpoints of one run: set, told of on stderr, and obeyed where they end the program."""

    def __init__(self, session: Session, wanted: WantedBreaks) -> None:
        """Set them.

        Raises:
            PyProbeError: a condition is none, or nothing runs at a line or below.
        """
        self._session = session
        self._wanted = wanted
        self._set = [self._add(spec) for spec in wanted.specs]
        self._stop: StopPlace | None = None
        self._quiet_since_s = 0.0
        self._ended_s: float | None = None
        self.exit_code: int | None = None
        session.add_listener(self)

    def _add(self, spec: BreakSpec) -> BoardBreakpoint:
        messages = {OnBreak.PRINT: _PRINTED, OnBreak.SNAPSHOT: f"Snapshot: {spec.place}"}
        try:
            one = self._session.breakpoints.add(
                spec.file,
                spec.line,
                condition=spec.condition,
                message=messages.get(self._wanted.on_break, ""),
            )
        except PyProbeError as error:
            raise UsageError(f"-b {spec.place}: {error}") from error
        if one.line != spec.line:
            complain(f"{spec.place} does not run; the breakpoint is at line {one.line}")
        return one

    def on_log(self, line: LogLine) -> None:
        """Print it."""
        text = line.text or "no variables"
        complain_beside_program(f"{_shown(line.file)}:{line.line} in {line.function}: {text}")

    def on_stop(self) -> None:
        """The program stands: it is to end here."""
        place = self._session.debug.stop
        if place is None or self.exit_code is not None:
            return
        self._quiet_since_s = monotonic()
        self.exit_code = self._wanted.exit_code
        self._stop = place
        held = f": {place.detail}" if place.detail else ""
        complain_beside_program(
            f"stopped at {_shown(place.file)}:{place.line} in {place.function}{held}"
        )

    def on_captures(self, probe_ids: set[int]) -> None:
        """More of what was captured before the stop has come."""
        self._quiet_since_s = monotonic()

    def follow(self) -> None:
        """End the program where it stands, when all that it has captured is here."""
        if self.exit_code is None:
            return
        now_s = monotonic()
        if self._ended_s is None and now_s >= self._quiet_since_s + _QUIET_S:
            self._ended_s = now_s
            self._session.send_signal(signal.SIGTERM)
        elif self._ended_s is not None and now_s >= self._ended_s + _GRACE_S:
            self._session.stop()  # which kills it in the end

    def poll_s(self, usual_s: float) -> float:
        """Return how long may be waited for something to come."""
        return usual_s if self.exit_code is None else _QUIET_S / 2

    def complain(self) -> None:
        """Say which breakpoints were never reached, and why, where that is known."""
        ended_at = 0 if self._stop is None else self._stop.breakpoint_id
        for spec, one in zip(self._wanted.specs, self._set, strict=True):
            # A program that is ended where it stands does not come to tell how often it got there.
            if not one.hits and one.id != ended_at:
                why = f"; {one.detail}" if one.detail else ""
                held = f" with {spec.condition.strip()!r}" if spec.condition else ""
                complain_beside_program(
                    f"the breakpoint at {spec.place} was never reached{held}{why}"
                )


def set_breaks(session: Session, wanted: WantedBreaks) -> Breaks | None:
    """Set what a command line asks for; None where it asks for nothing.

    Raises:
        PyProbeError: a condition is none, or nothing runs at a line or below.
    """
    return Breaks(session, wanted) if wanted.specs else None


def _shown(file: str) -> str:
    """Return a path as short as it is clear where the command was given."""
    relative = os.path.relpath(file)
    return file if relative.startswith(os.pardir) else relative
