"""The row about the budget: what `auto` costs a program from end to end, and what it says of it."""

from __future__ import annotations

from measuring import Measurement, Setting, occurrence
from pacing import Slowdown, slowdown, with_probe

from pyprobe.analysis.occurrence import OccurrenceKind

SCRIPT, LOOPS = "run_kind.py", "hot_kinds.py"
# What is probed for each kind of value, and how many turns last half a second.
KINDS = {"float": ("x", 12_000_000), "int": ("y", 9_000_000), "array": ("z", 500_000)}
BUDGET_PERCENT = 5.0
TOLERANCE_PERCENT = 2.0


def auto_probe(setting: Setting) -> Measurement:
    """`auto` in the hottest line holds the budget, whatever is bound there."""
    slower = {kind: _slower(setting, kind) for kind in KINDS}
    limit = BUDGET_PERCENT + TOLERANCE_PERCENT
    lost = {kind: (one.to_plain - 1) * 100 for kind, one in slower.items()}
    said = ", ".join(f"{kind} {percent:.1f} %" for kind, percent in lost.items())
    doubts = ", ".join(f"±{one.doubt * 100:.1f}" for one in slower.values())
    shares = ", ".join(f"{one.share * 100:.1f}" for one in slower.values())
    bares = ", ".join(f"{one.bare:.3f}" for one in slower.values())
    return Measurement(
        f"slower: {said}",
        f"{doubts}; budget {BUDGET_PERCENT:.0f} %, reported {shares} %;"
        f" without it to plain {bares}",
        max(lost.values()) <= limit,
    )


def _slower(setting: Setting, kind: str) -> Slowdown:
    symbol, steps = KINDS[kind]
    probed = occurrence(LOOPS, OccurrenceKind.STORE, symbol, 1)
    return slowdown(
        setting,
        SCRIPT,
        kind,
        steps=steps,
        prepare=lambda session: with_probe(session, probed, LOOPS, throttle="auto"),
        budget_percent=BUDGET_PERCENT,
    )
