"""The row about what a condition adds to a hit."""

from __future__ import annotations

from measuring import Measurement, Setting, run_plain

COMPARISON_LIMIT_NS = 400.0


def one_comparison(setting: Setting) -> Measurement:
    """What evaluating one comparison on a local of a frame costs, reading the local included."""
    printed = run_plain(setting, "conditions.py")
    cost_ns = printed.median("comparison")
    reference = f"reading the local alone {printed.median('read'):.0f} ns, "
    reference += f"of an attribute {printed.median('attribute'):.0f} ns"
    return Measurement(f"{cost_ns:.0f} ns", reference, cost_ns <= COMPARISON_LIMIT_NS)
