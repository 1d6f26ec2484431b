"""TargetBreakpoint: one breakpoint at work: whether a hit counts, and what it then does."""

from _thread import allocate_lock
from collections.abc import Callable
from itertools import count
from types import CodeType, FrameType

from pyprobe.conditions import ConditionError
from pyprobe.conditions.hit_count import parse_hit_count
from pyprobe.conditions.tally import how_often
from pyprobe.core.debug.entity_frames import EntityFrames
from pyprobe.core.debug.records import BreakpointState
from pyprobe.core.gate import Gate
from pyprobe.core.trigger_access import FrameAccess
from pyprobe.core.trigger_condition import CodeConditions
from pyprobe.ipc.messages import BreakpointNote

Act = Callable[[FrameType, str], None]
Hit = Callable[[FrameType, str], None]
Test = Callable[[FrameType], bool]


class TargetBreakpoint:
    """Of any kind. ``act`` is called at a hit that counts, in the program's thread.

    Raises:
        PyProbeError: a condition or the hit count is none.
    """

    def __init__(
        self,
        breakpoint_id: int,
        *,
        condition: str = "",
        entity: str = "",
        hit_count: str = "",
        one_shot: bool = False,
        copies_locals: bool = False,
        gate: Gate | None = None,
    ) -> None:
        self.breakpoint_id = breakpoint_id
        self.state = BreakpointState.PENDING
        self.line = 0
        self.detail = ""
        self.is_over = False  # spent or invalid
        self.act: Act = lambda frame, detail: None
        self.on_end: Callable[[], None] = lambda: None
        self._entity = EntityFrames(entity, copies_locals=copies_locals) if entity.strip() else None
        self._conditions = [CodeConditions(condition)] if condition.strip() else []
        self._condition = condition.strip()
        self._counts = parse_hit_count(hit_count)
        self._one_shot = one_shot
        self._copies_locals = copies_locals
        self._gate = gate or Gate()
        self._once = allocate_lock()
        self._counter = count(1)  # advanced by one call of C: exact in several threads
        self._next = self._counter.__next__
        self._hits: dict[int, Hit] = {}

    @property
    def hits(self) -> int:
        """How often it was arrived at while its condition held."""
        return int(repr(self._counter).removeprefix("count(").removesuffix(")")) - 1

    @property
    def asks(self) -> bool:
        """Whether it has a condition."""
        return bool(self._conditions) or self._entity is not None

    def hit_in(self, code: CodeType, *, access: FrameAccess | None = None) -> Hit:
        """Return what is to be called when frames of ``code`` arrive; always the same function.

        It takes the frame, and what has happened there in one sentence, or ``""``. ``access`` is
        how conditions read names there, where that is not as usual.
        """
        hit = self._hits.get(id(code))
        if hit is None:
            hit = self._hits[id(code)] = self._new_hit(code, access)
        return hit

    def _new_hit(self, code: CodeType, access: FrameAccess | None) -> Hit:
        evaluators = [
            one.evaluator_for(code, copies_locals=self._copies_locals, access=access)
            for one in self._conditions
        ]
        tests: list[Test] = [evaluator.test for evaluator in evaluators]
        if self._entity is not None:
            tests.insert(0, self._entity.has)
        test = _all_of(tests)
        held = self._condition

        def hit(frame: FrameType, detail: str = "") -> None:
            if self.is_over:
                return
            try:
                if not test(frame):
                    return
            except ConditionError as error:
                self.fail(str(error))
                return
            self._count(frame, detail or held)

        def hit_always(frame: FrameType, detail: str = "") -> None:
            if not self.is_over:
                self._count(frame, detail)

        return hit if tests else hit_always

    def _count(self, frame: FrameType, detail: str) -> None:
        hits = self._next()
        if self._gate.counts_wanted:
            self._gate.counts_changed()
        if self._counts is not None and not self._counts(hits):
            return
        if self._one_shot:
            if not self._once.acquire(blocking=False):
                return
            self.state, self.is_over = BreakpointState.SPENT, True
            self.on_end()
        self.act(frame, detail)

    def fail(self, reason: str) -> None:
        """It can hold no more: a condition cannot be decided, or its line is never reached."""
        self.state, self.detail, self.is_over = BreakpointState.INVALID, reason, True
        self.on_end()

    def note(self) -> BreakpointNote:
        """Return how it fares."""
        return BreakpointNote(
            self.breakpoint_id,
            self.state.value,
            self.line,
            self.hits,
            self.detail or self._missed(),
        )

    def _missed(self) -> str:
        """Say what the conditions were missing, where something was."""
        said = []
        limit = self._entity.conditions if self._entity is not None else None
        for conditions in ([limit] if limit is not None else []) + self._conditions:
            for part, (times, reason) in conditions.undecided().items():
                said.append(f"`{part}` was false {how_often(times)}: {reason}")
        return "; ".join(said[:3])


def _all_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test_all(frame: FrameType) -> bool:
        return all(test(frame) for test in tests)

    return test_all
