"""Where an axis has its ticks, and what they say: pure arithmetic, safe for any finite range."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SMALLEST_STEP = 1e-305
_OFFSET_RATIO = 2e4  # values this many times larger than the range they span are told as a + b


@dataclass(frozen=True, slots=True)
class Ticks:
    """Positions in data units and their labels.

    ``note`` completes the labels and stands at the axis' end: ``×10⁶``, ``+1234500`` or both; it is
    empty where the labels are the whole truth.
    """

    positions: tuple[float, ...]
    labels: tuple[str, ...]
    note: str = ""


NO_TICKS = Ticks((), ())


def nice_step(least: float) -> float:
    """Return the first of 1, 2, 5 times a power of ten that is not less than ``least``."""
    if not least > _SMALLEST_STEP:
        return _SMALLEST_STEP
    power = 10.0 ** floor(log10(min(least, 1e307)))
    for factor in (1.0, 2.0, 5.0):
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def value_ticks(low: float, high: float, most: int, *, whole: bool = False) -> Ticks:
    """Return ticks for a linear axis, at most about ``most``; ``whole`` keeps to whole numbers.

    A single one would not tell the scale, so there are at least two wherever they can be.
    """
    if not (isfinite(low) and isfinite(high) and low < high) or most < 1:
        return NO_TICKS
    # The span itself may be beyond the largest float.
    step = nice_step((high / 2 - low / 2) / most * 2)
    if whole:
        step = max(step, 1.0)
    first, last = _counts(low, high, step)
    while last <= first and step > (1.0 if whole else _SMALLEST_STEP):
        step = nice_step(step / 2.5)
        first, last = _counts(low, high, step)
    if last - first > 4 * most + 4:
        return NO_TICKS
    positions = tuple(
        position for count in range(first, last + 1) if isfinite(position := count * step)
    )
    return _labelled(positions, step)


def _counts(low: float, high: float, step: float) -> tuple[int, int]:
    """Return the first and the last multiple of a step within a range."""
    return ceil(low / step - 1e-9), floor(high / step + 1e-9)


def _labelled(positions: tuple[float, ...], step: float) -> Ticks:
    if not positions:
        return NO_TICKS
    note = ""
    shown = positions
    largest = max(abs(position) for position in positions)
    span = abs(positions[-1] / 2 - positions[0] / 2) * 2 or step
    if largest > _OFFSET_RATIO * span:
        base = positions[0]
        shown = tuple(position - base for position in positions)
        note = f"{base:+.15g}"
        largest = max(abs(position) for position in shown) or step
    exponent = floor(log10(largest)) if largest > 0 else 0
    scale = 1.0
    if exponent >= 6 or exponent <= -4:
        scale = 10.0**exponent if exponent > -308 else 1e-308
        note = f"×10{str(exponent).translate(_SUPERSCRIPT)} {note}".strip()
    decimals = max(0, min(15, -floor(log10(step / scale) + 1e-9)))
    labels = tuple(_plain(position / scale, decimals) for position in shown)
    return Ticks(positions, labels, note)


def _plain(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def time_ticks(low_s: float, high_s: float, most: int) -> Ticks:
    """Return ticks for seconds, in the unit that keeps them short; the note tells the unit."""
    if not (isfinite(low_s) and isfinite(high_s) and low_s < high_s):
        return NO_TICKS
    span = high_s - low_s
    for unit, per_second in (("s", 1.0), ("ms", 1e3), ("µs", 1e6), ("ns", 1e9)):
        if span * per_second >= 2 or unit == "ns":
            break
    ticks = value_ticks(low_s * per_second, high_s * per_second, most)
    positions = tuple(position / per_second for position in ticks.positions)
    return Ticks(positions, ticks.labels, f"{unit} {ticks.note}".strip())
