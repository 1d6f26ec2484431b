"""The row about what the runner adds to the start of a program."""

from __future__ import annotations

from time import perf_counter_ns

from measuring import (
    PROGRAMS,
    Measurement,
    Setting,
    interleaved,
    new_session,
    process_until,
    spawn_to_first_line_ns,
)

from pyprobe.session.listener import ProgramState

START_LIMIT_MS = 60.0


def runner_start(setting: Setting) -> Measurement:
    """What the runner adds to the start of a program."""
    script = str(PROGRAMS / "first_line.py")

    def plain_ns() -> float:
        return spawn_to_first_line_ns([setting.python, script])

    def session_ns() -> float:
        session, printed = new_session(setting, "first_line.py")
        start_ns = perf_counter_ns()
        try:
            session.start()
            process_until(session, lambda: session.state is ProgramState.ENDED)
        finally:
            session.close()
        return printed.median("first_line_ns") - start_ns

    plain, probed = interleaved(setting.repeats(21), plain_ns, session_ns)
    added_ms = (probed - plain) / 1e6
    reference = f"plain start {plain / 1e6:.0f} ms"
    return Measurement(f"{added_ms:.0f} ms", reference, added_ms <= START_LIMIT_MS)
