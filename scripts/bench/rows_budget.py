"""The row about the budget: what `auto` costs a program from end to end, and what it says of it."""

from __future__ import annotations

import statistics

from measuring import Measurement, Setting, interleaved, occurrence, run_plain, run_session

from pyprobe.analysis.occurrence import OccurrenceKind

SCRIPT = "hot_kinds.py"
# What is probed for each kind of value, and how many turns last two seconds or more. The reserve
# that lets a short run be captured whole is paid back within the first.
KINDS = {"float": ("x", 60_000_000), "int": ("y", 45_000_000), "array": ("z", 2_000_000)}
BUDGET_PERCENT = 5.0
TOLERANCE_PERCENT = 2.0


def auto_probe(setting: Setting) -> Measurement:
    """`auto` in the hottest line holds the budget, whatever is bound there."""
    slower = {kind: _slower_percent(setting, kind) for kind in KINDS}
    limit = BUDGET_PERCENT + TOLERANCE_PERCENT
    said = ", ".join(f"{kind} {lost:.1f} %" for kind, (lost, _share) in slower.items())
    shares = ", ".join(f"{share:.1f}" for _lost, share in slower.values())
    return Measurement(
        f"slower: {said}",
        f"budget {BUDGET_PERCENT:.0f} %, reported {shares} %",
        max(lost for lost, _share in slower.values()) <= limit,
    )


def _slower_percent(setting: Setting, kind: str) -> tuple[float, float]:
    """Return the slow-down against plain Python, and what the runner reports; both in percent."""
    symbol, steps = KINDS[kind]
    probed = occurrence(SCRIPT, OccurrenceKind.STORE, symbol, 1)
    shares: list[float] = []

    def plain_s() -> float:
        return run_plain(setting, SCRIPT, kind, str(steps)).median("seconds")

    def probed_s() -> float:
        session, printed = run_session(
            setting,
            SCRIPT,
            *(kind, str(steps)),
            probes=[(probed, "auto")],
            budget_percent=BUDGET_PERCENT,
        )
        shares.append(session.stats.share)
        return printed.median("seconds")

    plain, automatic = interleaved(setting.repeats(9), plain_s, probed_s)
    return (automatic / plain - 1) * 100, statistics.median(shares) * 100
