"""LineBreakpoints: those of a target, armed in every code object they stand in."""

from _thread import RLock
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType

from pyprobe.core.code_map import CodeMap
from pyprobe.core.code_registry import normalized
from pyprobe.core.debug.breakpoint_actions import BreakpointActions
from pyprobe.core.debug.line_entries import LineEntries, lines_of
from pyprobe.core.debug.records import Breakpoint, BreakpointState, StopReason
from pyprobe.core.debug.target_breakpoint import Hit, TargetBreakpoint
from pyprobe.core.engine import Engine
from pyprobe.core.events.base import BREAKPOINTS, CodeSites, Handler

_Hits = dict[int, list[Hit]]


@dataclass(slots=True)
class _Placed:
    """A breakpoint and where it stands. ``codes`` are those it is armed in, by id."""

    target: TargetBreakpoint
    file: str
    line: int
    codes: dict[int, CodeType] = field(default_factory=dict)


class LineBreakpoints:
    """Line breakpoints by id. Methods may be called from any thread."""

    def __init__(self, engine: Engine, actions: BreakpointActions) -> None:
        self._engine = engine
        self._actions = actions
        self._lock = RLock()
        self._placed: dict[int, _Placed] = {}
        self._copies_locals = engine.source.copies_locals

    def set(self, breakpoint_id: int, wanted: Breakpoint) -> TargetBreakpoint:
        """Set a breakpoint, in running frames too. One that has this id is replaced.

        Raises:
            PyProbeError: its condition, hit count or message is none.
        """
        target = TargetBreakpoint(
            breakpoint_id,
            condition=wanted.condition,
            entity=wanted.entity,
            hit_count=wanted.hit_count,
            one_shot=wanted.one_shot,
            copies_locals=self._copies_locals,
            gate=self._engine.gate,
        )
        target.act = self._actions.action(breakpoint_id, wanted.message, StopReason.BREAKPOINT)
        target.on_end = lambda: self._end(placed)
        target.line = wanted.line
        placed = _Placed(target, normalized(wanted.file), wanted.line)
        with self._lock:
            self.remove(breakpoint_id)
            self._placed[breakpoint_id] = placed
            for code in self._engine.codes_of(placed.file):
                self._place_in(code, [placed])
        return target

    def remove(self, breakpoint_id: int) -> None:
        """Remove a breakpoint; harmless when there is none."""
        with self._lock:
            placed = self._placed.pop(breakpoint_id, None)
            if placed is not None:
                self._disarm(placed)

    def met(self, code: CodeType, file: str) -> None:
        """Arm a code object that is about to run for the first time."""
        here = [placed for placed in list(self._placed.values()) if placed.file == file]
        if here:
            with self._lock:
                self._place_in(code, here)

    def _place_in(self, code: CodeType, placed: list[_Placed]) -> None:
        """Arm ``code`` if any of the breakpoints stands in it."""
        open_ones = [one for one in placed if not one.target.is_over]
        if not open_ones:
            return
        codes = [code]
        if code.co_name == "<module>":
            codes += _codes_within(code)
            for one in open_ones:
                self._look_for_line(one, code)
        for each in codes:
            self._place_in_one(each, open_ones)
        self._engine.gate.wake()

    def _place_in_one(self, code: CodeType, placed: list[_Placed]) -> None:
        first, last = code.co_firstlineno, _last_line(code)
        near = [one for one in placed if first <= one.line <= last and id(code) not in one.codes]
        if not near:
            return
        entries = LineEntries(CodeMap(code))
        is_new = False
        for one in near:
            if entries.at(one.line):
                one.codes[id(code)] = code
                one.target.state = BreakpointState.SET
                is_new = True
        if is_new:
            self._arm(code, entries)

    def _look_for_line(self, one: _Placed, code: CodeType) -> None:
        """Find out whether a module's code has the line at all, or which is the next that it has.

        The program's Python may compile otherwise than that of the front end.
        """
        lines = lines_of(code)
        if one.line in lines:
            return
        following = min((line for line in lines if line > one.line), default=None)
        if following is None:
            one.target.fail(f"there is no code at line {one.line:,} or below")
        else:
            one.line = one.target.line = following

    def _arm(self, code: CodeType, entries: LineEntries | None = None) -> None:
        """Have the handlers of all breakpoints called that stand in one code object."""
        entries = entries or LineEntries(CodeMap(code))
        lines: dict[int, _Hits] = {}
        before: _Hits = {}
        for one in self._placed.values():
            if id(code) not in one.codes or one.target.is_over:
                continue
            hit = one.target.hit_in(code)
            for entry in entries.at(one.line):
                table = before if entry.line is None else lines.setdefault(entry.line, {})
                table.setdefault(entry.offset, []).append(hit)
        sites = CodeSites(
            lines={line: _at_line(hits) for line, hits in lines.items()},
            before={offset: _at_once(hits) for offset, hits in before.items()},
        )
        if sites:
            self._engine.source.arm(code, sites, layer=BREAKPOINTS)
            self._engine.was_armed(code, BREAKPOINTS)
        else:
            self._engine.source.disarm(code, layer=BREAKPOINTS)
            self._engine.was_disarmed(code, BREAKPOINTS)

    def _disarm(self, placed: _Placed) -> None:
        codes, placed.codes = placed.codes, {}
        for code in codes.values():
            self._arm(code)

    def _end(self, placed: _Placed) -> None:
        """It has stopped for the only time, or has failed: its line runs plain again."""
        with self._lock:
            self._disarm(placed)
        self._engine.gate.wake()


def _codes_within(code: CodeType) -> Iterator[CodeType]:
    """Yield the code objects of functions and classes that a code object defines, theirs too."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_within(constant)


def _last_line(code: CodeType) -> int:
    return max((line for _start, _end, line in code.co_lines() if line), default=0)


def _at_line(hits: Mapping[int, list[Hit]]) -> Handler:
    """Return the handler of a line; only arrivals count, of the events that come there."""
    if len(hits) == 1 and len(next(iter(hits.values()))) == 1:
        only_offset, (only_hit,) = next(iter(hits.items()))

        def at_line(frame: FrameType) -> object:
            if frame.f_lasti == only_offset:
                only_hit(frame, "")
            return None

        return at_line

    def at_any(frame: FrameType) -> object:
        for hit in hits.get(frame.f_lasti, ()):
            hit(frame, "")
        return None

    return at_any


def _at_once(hits: list[Hit]) -> Handler:
    def at_instruction(frame: FrameType) -> object:
        for hit in hits:
            hit(frame, "")
        return None

    return at_instruction
