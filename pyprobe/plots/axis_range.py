"""AxisRange: the stretch of one axis that is in view, and who decides about it."""

from collections.abc import Mapping
from enum import Enum
from math import isfinite
from typing import NamedTuple

LARGEST = 1.79e308  # an end of a range is never beyond it, so it never becomes infinite
_SMALLEST_SPAN = 1e-300
_RELATIVE_SPAN = 1e-12  # of the values' size: below it floats cannot be told apart
_LEAST_PADDING = 0.25  # of the padding: less, and a curve is drawn onto the frame


class RangeMode(Enum):
    """Who decides what is in view."""

    AUTO = "auto"  # the data
    FOLLOW = "follow"  # the user chose the width, the newest value the place
    USER = "user"  # the user; no data changes it


class AxisView(NamedTuple):
    """What an axis shows, to be brought back."""

    low: float
    high: float
    mode: RangeMode


class AxisRange:
    """``low`` < ``high``, always finite.

    Data reach it by ``fit`` and ``follow``, which do nothing unless the mode lets the data decide;
    gestures by ``set_user``, ``zoom`` and ``pan``. While it ``is_locked`` nobody changes it.
    ``limits`` are the lowest and the highest place there is on the axis.
    """

    __slots__ = ("_fitted", "high", "is_locked", "limits", "low", "mode")

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        self.low = low
        self.high = high
        self.mode = RangeMode.AUTO
        self.is_locked = False
        self.limits = (-LARGEST, LARGEST)
        self._fitted = False  # whether the present range came from data

    @property
    def half_span(self) -> float:
        """Half of ``high - low``; the whole may be beyond the largest float."""
        return self.high / 2 - self.low / 2

    def fit(self, low: float, high: float, *, padding: float = 0.0, calm: bool = False) -> None:
        """Show the data from ``low`` to ``high`` with ``padding`` (a share of the span) around it.

        ``calm`` keeps the present range while it holds the data, with some of the padding, and the
        data fill at least half of it, so that an axis does not tremble with every new value.
        """
        if self.is_locked or self.mode is not RangeMode.AUTO:
            return
        if not (isfinite(low) and isfinite(high)):
            return
        low, high = _widened(float(low), float(high))
        fills = high / 2 - low / 2 >= self.half_span / 2
        pad = (high / 2 - low / 2) * (2 * padding)
        least = pad * _LEAST_PADDING
        holds = self.low <= low - least and high + least <= self.high
        if calm and self._fitted and holds and fills:
            return
        self._fitted = True
        self._set(low - pad, high + pad)

    def follow(self, newest: float) -> None:
        """In FOLLOW mode move, keeping the width, so that ``newest`` is at the right end."""
        if self.mode is RangeMode.FOLLOW and isfinite(newest) and not self.is_locked:
            span = self.high - self.low
            self._set(newest - span, newest)

    def set_user(self, low: float, high: float) -> None:
        """Take a range from the user; what is not finite or not ``low < high`` is ignored."""
        if isfinite(low) and isfinite(high) and low < high and not self.is_locked:
            self._set(low, high)
            self.mode = RangeMode.USER

    def set_auto(self) -> None:
        """Hand the range back to the data."""
        if not self.is_locked:
            self.mode = RangeMode.AUTO
            self._fitted = False

    def set_follow(self) -> None:
        """Keep the width that is in view now and let the newest value decide the place."""
        if not self.is_locked:
            self.mode = RangeMode.FOLLOW

    @property
    def view(self) -> AxisView:
        """What is shown now."""
        return AxisView(self.low, self.high, self.mode)

    def bring_back(self, view: AxisView) -> None:
        """Show what was shown once."""
        if not self.is_locked:
            self.low, self.high, self.mode = view

    def zoom(self, factor: float, at: float) -> None:
        """Scale the range by ``factor``, below 1 closer, around ``at``; in FOLLOW the right end."""
        if self.is_locked:
            return
        following = self.mode is RangeMode.FOLLOW
        at = self.high if following else float(at)
        self._set(at - (at - self.low) * factor, at + (self.high - at) * factor)
        self.mode = RangeMode.FOLLOW if following else RangeMode.USER

    def pan(self, share: float) -> None:
        """Move the range by a share of its span (positive: to higher values)."""
        if self.is_locked:
            return
        shift = self.half_span * 2 * share
        if isfinite(shift) and isfinite(self.low + shift) and isfinite(self.high + shift):
            self._set(self.low + shift, self.high + shift)
        self.mode = RangeMode.USER

    def _set(self, low: float, high: float) -> None:
        lowest, highest = self.limits
        low = min(max(low, lowest), highest)
        high = min(max(high, lowest), highest)
        smallest = max(max(abs(low), abs(high)) * _RELATIVE_SPAN, _SMALLEST_SPAN)
        if high / 2 - low / 2 < smallest / 2:
            middle = low / 2 + high / 2
            low, high = middle - smallest / 2, middle + smallest / 2
        # NumPy's floats, which data come as, warn of what overflows; Python's are infinite then.
        self.low, self.high = float(low), float(high)


def _widened(low: float, high: float) -> tuple[float, float]:
    """A range for values that are all the same (or in the wrong order)."""
    if low > high:
        low, high = high, low
    if low < high:
        return low, high
    margin = abs(low) * 0.1 or 1.0
    return low - margin, high + margin


def ranges_state(ranges: Mapping[str, AxisRange]) -> dict[str, list[float]]:
    """Return those that the user has chosen, as JSON takes them."""
    return {name: [one.low, one.high] for name, one in ranges.items() if one.mode is RangeMode.USER}


def restore_ranges(ranges: Mapping[str, AxisRange], state: object) -> None:
    """Take over what ``ranges_state`` gave; what is not understood is passed over."""
    if not isinstance(state, Mapping):
        return
    for name, one in ranges.items():
        match state.get(name):
            case [int() | float() as low, int() | float() as high]:
                one.set_user(float(low), float(high))
