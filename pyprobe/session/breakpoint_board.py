"""BreakpointBoard: a session's breakpoints, over any number of runs."""

import os
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace

from pyprobe.analysis.bindings import Bindings, find_bindings
from pyprobe.analysis.breakable_lines import BreakableLine, BreakableLines
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.problems import NotWatchedProblem, SyntaxProblem
from pyprobe.analysis.source_file import read_source
from pyprobe.conditions.log_message import parse_log_message
from pyprobe.core.debug.records import (
    Breakpoint,
    BreakpointState,
    DataBreakpoint,
    ExceptionStops,
)
from pyprobe.core.named_members import member_named
from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.messages import (
    BreakpointNote,
    Logged,
    RemoveBreakpoint,
    SetBreakpoint,
    SetDataBreakpoint,
    SetExceptionStops,
)
from pyprobe.session.board_breakpoint import BoardBreakpoint, check, read_breakpoint
from pyprobe.session.data_costs import cost_of
from pyprobe.session.log_line import LogLine, log_lines
from pyprobe.session.model import SessionModel

Send = Callable[..., int]
NameSnapshots = Callable[[int, str, str], None]

MAX_LOG_LINES = 10_000
_LARGEST_CHARACTERS = 1 << 20  # compiling a larger text takes seconds; the target looks itself


class BreakpointBoard:
    """Listeners hear ``on_breakpoints`` after each change, and ``on_log`` what was logged.

    ``send`` sends a command to the program, if one runs. ``name_snapshots`` is told the label of
    the snapshots that a breakpoint takes, and its condition. ``log`` holds the newest lines.
    """

    def __init__(
        self,
        model: SessionModel,
        *,
        new_id: Callable[[], int],
        send: Send,
        name_snapshots: NameSnapshots,
    ) -> None:
        self._model = model
        self._new_id = new_id
        self._send = send
        self._name_snapshots = name_snapshots
        self._all: dict[int, BoardBreakpoint] = {}
        self._stops = ExceptionStops()
        self._lines: tuple[str, tuple[int, int], BreakableLines] | None = None
        self.log: deque[LogLine] = deque(maxlen=MAX_LOG_LINES)

    # What a front end reads

    @property
    def all(self) -> tuple[BoardBreakpoint, ...]:
        """The breakpoints there are, in the order they were added."""
        return tuple(self._all.values())

    def find(self, breakpoint_id: int) -> BoardBreakpoint | None:
        """Return the breakpoint of an id."""
        return self._all.get(breakpoint_id)

    @property
    def exception_stops(self) -> ExceptionStops:
        """Which exceptions stop the program."""
        return self._stops

    # What a front end asks for

    def add(
        self,
        file: str,
        line: int,
        *,
        condition: str = "",
        hit_count: str = "",
        message: str = "",
        one_shot: bool = False,
        entity: str = "",
    ) -> BoardBreakpoint:
        """Set a breakpoint, from now on and in every run. It lands on the next line that runs.

        Raises:
            PyProbeError: nothing runs there or below, or a text is none; one sentence says why.
        """
        record = Breakpoint(
            os.path.abspath(file), line, condition, hit_count, message, one_shot, entity
        )
        check(record)
        landing = self._landing(record.file, line)
        return self._add(BoardBreakpoint(self._new_id(), record, landing))

    def add_data(
        self, occurrence: Occurrence, file: str, *, condition: str = "", in_place: bool = False
    ) -> BoardBreakpoint:
        """Stop where what stands at an occurrence changes, wherever it is bound.

        ``in_place``: find changes of its contents too, at the lines of the code that can reach it.

        Raises:
            PyProbeError: nothing binds it, the condition is none, or the file cannot be read.
        """
        path = os.path.abspath(file)
        record = DataBreakpoint(
            path, occurrence.line, occurrence.func, occurrence.symbol, condition, in_place
        )
        check(record)
        found = self._bindings(occurrence, path)
        is_elsewhere = found.is_global or found.chosen.path.steps  # other files may bind it
        if not (found.stores or is_elsewhere or in_place):
            raise NotWatchedProblem(
                f"nothing binds {occurrence.symbol!r} anew, so only its contents can change"
            )
        return self._add(
            BoardBreakpoint(self._new_id(), record, occurrence.line, occurrence=occurrence)
        )

    def cost_of_data(self, occurrence: Occurrence, file: str, *, in_place: bool = False) -> str:
        """Return in a few sentences what watching it costs, and where it is blind.

        Raises:
            PyProbeError: nothing binds it, or the file cannot be read.
        """
        bindings = self._bindings(occurrence, os.path.abspath(file))
        return cost_of(bindings, in_place=in_place)

    def change(self, breakpoint_id: int, **fields: object) -> BoardBreakpoint:
        """Change fields of a breakpoint's record; its hits are counted anew.

        Raises:
            PyProbeError: there is no such breakpoint, or the new texts are none.
            TypeError: there is no such field.
        """
        one = self._wanted(breakpoint_id)
        record = replace(one.record, **fields)  # type: ignore[arg-type]
        check(record)
        if isinstance(record, Breakpoint):
            place = (record.file, record.line)
            if place != (one.record.file, one.record.line):
                one.line, one.run_line = self._landing(*place), None
        one.record = record
        one.begin_anew()
        self._tell_target(one)
        self._model.tell_breakpoints()
        return one

    def enable(self, breakpoint_id: int, on: bool) -> None:
        """Switch a breakpoint on or off; harmless where nothing changes.

        Raises:
            PyProbeError: there is no such breakpoint.
        """
        one = self._wanted(breakpoint_id)
        if one.enabled is on:
            return
        one.enabled = on
        one.begin_anew()
        if on:
            self._tell_target(one)
        else:
            self._send(RemoveBreakpoint, breakpoint_id=one.id)
        self._model.tell_breakpoints()

    def remove(self, breakpoint_id: int) -> None:
        """Take a breakpoint away; harmless when there is none."""
        if self._all.pop(breakpoint_id, None) is not None:
            self._send(RemoveBreakpoint, breakpoint_id=breakpoint_id)
            self._model.tell_breakpoints()

    def put_back(self, one: BoardBreakpoint) -> None:
        """Set a removed breakpoint again, under its id; harmless when it is there."""
        if one.id not in self._all:
            one.begin_anew()
            self._all = dict(sorted({**self._all, one.id: one}.items()))
            self._tell_target(one)
            self._model.tell_breakpoints()

    def move(self, breakpoint_id: int, line: int) -> None:
        """Place a breakpoint where the edited text has its line now.

        A program that runs keeps running the text it was started with, so there it stays where it
        is, and the new line counts from the next run on.

        Raises:
            PyProbeError: there is no such breakpoint.
        """
        one = self._wanted(breakpoint_id)
        one.record = replace(one.record, line=line)
        if one.run_line is None:
            one.run_line = one.line
        one.line = line
        self._model.tell_breakpoints()

    def move_data(self, breakpoint_id: int, occurrence: Occurrence) -> None:
        """Place a data breakpoint where the edited text has its occurrence now.

        Raises:
            PyProbeError: there is no such breakpoint.
        """
        one = self._wanted(breakpoint_id)
        if isinstance(one.record, DataBreakpoint):
            func, symbol = occurrence.func, occurrence.symbol
            one.record = replace(one.record, line=occurrence.line, func=func, symbol=symbol)
            one.occurrence, one.line = occurrence, occurrence.line
            self._model.tell_breakpoints()

    def set_exception_stops(self, stops: ExceptionStops) -> None:
        """Say which exceptions stop the program, from now on and in every run.

        Raises:
            PyProbeError: a name is none of a class.
        """
        for name in stops.names:
            if not all(part.isidentifier() for part in name.split(".")):
                raise PyProbeError(f"{name!r} is not the name of an exception class")
        self._stops = stops
        self._send_stops()
        self._model.tell_breakpoints()

    # Memory

    def to_dict(self) -> dict[str, object]:
        """Return all breakpoints as plain data."""
        stops = self._stops
        return {
            "breakpoints": [one.to_dict() for one in self._all.values()],
            "exceptions": {
                "uncaught": stops.uncaught,
                "raised": stops.raised,
                "names": list(stops.names),
            },
        }

    def restore(self, plain: object) -> list[str]:
        """Add the breakpoints of ``to_dict``; return a sentence for each that is malformed."""
        if not isinstance(plain, Mapping):
            return ["the remembered breakpoints are no table"]
        problems = []
        found = plain.get("breakpoints")
        for each in found if isinstance(found, list) else []:
            try:
                one = read_breakpoint(self._new_id(), each)
            except PyProbeError as error:
                problems.append(str(error))
                continue
            self._all[one.id] = one
            self._tell_target(one)
        stops = plain.get("exceptions")
        if isinstance(stops, Mapping):
            names = stops.get("names")
            self._stops = ExceptionStops(
                stops.get("uncaught") is True,
                stops.get("raised") is True,
                tuple(str(name) for name in names) if isinstance(names, list | tuple) else (),
            )
            self._send_stops()
        self._model.tell_breakpoints()
        return problems

    # What a run asks and tells

    def begin_run(self) -> None:
        """Nothing is known of how they fare."""
        for one in self._all.values():
            one.begin_anew()
            one.run_line = None
        self.log.clear()

    def send_all(self) -> None:
        """Tell a program of all breakpoints, before it begins."""
        for one in self._all.values():
            self._tell_target(one)
        if self._stops != ExceptionStops():
            self._send_stops()

    def note_came(self, note: BreakpointNote) -> None:
        """Take over how one fares.

        Raises:
            ProtocolError: as there is no way to.
        """
        one = self._all.get(note.breakpoint_id)
        try:
            state = member_named(BreakpointState, note.state)
        except PyProbeError as error:
            raise ProtocolError(str(error)) from error
        if one is None or not one.enabled:
            return  # it was on its way
        one.state, one.hits, one.detail = state, note.hits, note.detail
        if note.line and not one.is_data:
            if one.run_line is None:
                one.line = note.line
            else:
                one.run_line = note.line
        self._model.tell_breakpoints()

    def refused(self, breakpoint_id: int, why: str) -> None:
        """The program could not set one."""
        one = self._all.get(breakpoint_id)
        if one is not None:
            one.state, one.detail = BreakpointState.INVALID, why
            self._model.tell_breakpoints()

    def logged_came(self, message: Logged) -> None:
        """Take over what breakpoints have logged.

        Raises:
            ProtocolError: an entry is malformed.
        """
        lines = list(log_lines(message))
        self.log.extend(lines)
        for line in lines:
            self._model.tell_log(line)

    # Inside

    def _add(self, one: BoardBreakpoint) -> BoardBreakpoint:
        self._all[one.id] = one
        self._tell_target(one)
        self._model.tell_breakpoints()
        return one

    def _wanted(self, breakpoint_id: int) -> BoardBreakpoint:
        one = self._all.get(breakpoint_id)
        if one is None:
            raise PyProbeError("there is no such breakpoint")
        return one

    def _tell_target(self, one: BoardBreakpoint) -> None:
        if not one.enabled:
            return
        record = one.record
        if isinstance(record, DataBreakpoint):
            self._tell_data(one, record)
            return
        message = parse_log_message(record.message)
        if message is not None and message.snapshot:
            self._name_snapshots(one.id, message.snapshot, record.condition)
        self._send(
            SetBreakpoint,
            breakpoint_id=one.id,
            file=record.file,
            line=one.line if one.run_line is None else one.run_line,
            condition=record.condition,
            hit_count=record.hit_count,
            message=record.message,
            one_shot=record.one_shot,
            entity=record.entity,
        )

    def _tell_data(self, one: BoardBreakpoint, record: DataBreakpoint) -> None:
        assert one.occurrence is not None
        try:
            bindings = self._bindings(one.occurrence, record.file)
        except PyProbeError as error:
            one.state, one.detail = BreakpointState.INVALID, str(error)
            return
        found = bindings.stores + bindings.deletions
        self._send(
            SetDataBreakpoint,
            breakpoint_id=one.id,
            file=record.file,
            func=record.func,
            symbol=record.symbol,
            chosen=bindings.chosen.to_dict(),
            occurrences=[occurrence.to_dict() for occurrence in found],
            is_global=bindings.is_global,
            of_class=bindings.of_class,
            condition=record.condition,
            in_place=record.in_place,
        )

    def _send_stops(self) -> None:
        stops = self._stops
        self._send(
            SetExceptionStops,
            uncaught=stops.uncaught,
            raised=stops.raised,
            names=list(stops.names),
        )

    def _bindings(self, occurrence: Occurrence, file: str) -> Bindings:
        source = read_source(file)
        if source.problem:
            raise PyProbeError(source.problem)
        return find_bindings(source.text, occurrence, filename=file)

    def _landing(self, file: str, line: int) -> int:
        """Return the line that a breakpoint for ``line`` lands on.

        Where the text cannot be looked at, it is the target that will know.
        """
        found = self._breakable(file, line)
        if found.line is None:
            raise PyProbeError(found.why)
        return found.line

    def _breakable(self, file: str, line: int) -> BreakableLine:
        try:
            stat = os.stat(file)
        except (OSError, ValueError):
            return BreakableLine(line)
        stamp = stat.st_mtime_ns, stat.st_size
        if stat.st_size > _LARGEST_CHARACTERS:
            return BreakableLine(line)
        known = self._lines
        if known is None or known[:2] != (file, stamp):
            source = read_source(file)
            try:
                known = self._lines = file, stamp, BreakableLines(source.text, filename=file)
            except SyntaxProblem:
                return BreakableLine(line)
        return known[2].at(line)
