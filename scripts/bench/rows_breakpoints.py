"""The row about what breakpoints cost a loop: one in a line that never runs, one in a hot line."""

from __future__ import annotations

from measuring import (
    PROGRAMS,
    Measurement,
    Setting,
    interleaved,
    new_session,
    process_until,
    run_plain,
)

from pyprobe.session.listener import ProgramState

SCRIPT = "breakpoints.py"
ROUNDS, STEPS = 5, 1_000_000
COLD_LIMIT = 1.03
HOT_LIMIT_NS = 1000.0


def _line_of(mark: str) -> int:
    lines = (PROGRAMS / SCRIPT).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.endswith(f"# {mark}"))


def _plain_s(setting: Setting) -> float:
    return run_plain(setting, SCRIPT, str(ROUNDS), str(STEPS)).median("seconds")


def _broken_s(setting: Setting, mark: str, condition: str) -> float:
    session, printed = new_session(setting, SCRIPT, str(ROUNDS), str(STEPS))
    try:
        session.breakpoints.add(str(PROGRAMS / SCRIPT), _line_of(mark), condition=condition)
        session.start()
        process_until(session, lambda: session.state is ProgramState.ENDED)
    finally:
        session.close()
    return printed.median("seconds")


def cold_and_conditional(setting: Setting) -> Measurement:
    """A breakpoint in a cold line of a hot loop, and a conditional one in its hottest line."""
    plain_s, cold_s, hot_s = interleaved(
        setting.repeats(5),
        lambda: _plain_s(setting),
        lambda: _broken_s(setting, "cold", ""),
        lambda: _broken_s(setting, "hot", "i == -1"),
    )
    ratio, hit_ns = cold_s / plain_s, (hot_s - plain_s) / STEPS * 1e9
    met = ratio <= COLD_LIMIT and hit_ns <= HOT_LIMIT_NS
    value = f"{ratio:.3f} × plain, {hit_ns:.0f} ns a hit whose condition is false"
    return Measurement(value, f"plain: {plain_s / STEPS * 1e9:.1f} ns a turn", met)
