"""The row about what breakpoints cost a loop: one in a line that never runs, one in a hot line."""

from __future__ import annotations

from instructions import instructions_said
from measuring import PROGRAMS, Measurement, Setting
from pacing import Slowdown, Undo, slowdown

from pyprobe.session.session import Session

SCRIPT, KIND, LOOPS = "run_kind.py", "branches", "hot_kinds.py"
COLD_STEPS, HOT_STEPS = 1_000_000, 200_000
COLD_LIMIT = 1.03
HOT_LIMIT_NS = 1000.0


def _line_of(mark: str) -> int:
    lines = (PROGRAMS / LOOPS).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.endswith(f"# {mark}"))


def _slower(setting: Setting, steps: int, mark: str, condition: str = "") -> Slowdown:
    line = _line_of(mark)
    return slowdown(
        setting,
        SCRIPT,
        KIND,
        steps=steps,
        prepare=lambda session: _with_breakpoint(session, line, condition),
    )


def _with_breakpoint(session: Session, line: int, condition: str) -> Undo:
    added = session.breakpoints.add(str(PROGRAMS / LOOPS), line, condition=condition)
    return lambda: session.breakpoints.remove(added.id)


def cold_and_conditional(setting: Setting) -> Measurement:
    """A breakpoint in a cold line of a hot loop, and a conditional one in its hottest line."""
    cold = _slower(setting, COLD_STEPS, "cold")
    hot = _slower(setting, HOT_STEPS, "hot", "i == -1")
    hit_ns = (hot.ratio - 1) * hot.plain_s / HOT_STEPS * 1e9
    met = cold.to_plain <= COLD_LIMIT and hit_ns <= HOT_LIMIT_NS
    value = f"{cold.to_plain:.3f} × plain, {hit_ns:.0f} ns a hit whose condition is false"
    counted = instructions_said(setting, SCRIPT, KIND, prepare=in_cold_line)
    return Measurement(value, cold.said(COLD_STEPS) + counted, met)


def in_cold_line(session: Session) -> Undo:
    """Set a breakpoint in the line that never runs; the answer removes it."""
    return _with_breakpoint(session, _line_of("cold"), "")
