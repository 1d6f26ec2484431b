"""Curve scaling: curves as they stand on linear or logarithmic axes, and their ends there. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curves import Curve

NO_X = "nothing here is above zero: a logarithmic X axis has no place for it"
NO_Y = "no value here is above zero: a logarithmic Y axis has no place for them"


def with_place(curve: Curve, x_scale: AxisScale) -> Curve:
    """Return a curve without the points that have no place on the horizontal axis."""
    if x_scale is AxisScale.LINEAR:
        return curve
    there = curve.x > 0
    if bool(there.all()):
        return curve
    floor = None if curve.floor is None else curve.floor[there]
    return replace(curve, x=curve.x[there], y=curve.y[there], floor=floor)


def on_scales(curve: Curve, x_scale: AxisScale, y_scale: AxisScale) -> Curve:
    """Return a curve as it stands on both axes; all its points have a place on the first."""
    floor = None if curve.floor is None else y_scale.shown(curve.floor)
    return replace(curve, x=x_scale.shown(curve.x), y=y_scale.shown(curve.y), floor=floor)


def missing_sentence(loaded: Sequence[Curve], placed: Iterable[Curve]) -> str:
    """Return why none of the curves that were loaded is seen on its axes; ``""`` if some are.

    ``placed`` are the same curves as they stand on their axes.
    """
    if not any(np.isfinite(curve.y).any() for curve in loaded):
        return ""
    curves = list(placed)
    if any(np.isfinite(curve.y).any() for curve in curves):
        return ""
    return NO_Y if any(len(curve.x) for curve in curves) else NO_X


def scaled_span(
    scale: AxisScale, low: float, high: float, least: float
) -> tuple[float, float] | None:
    """Return the ends of an axis that shows data from ``low`` to ``high``.

    A logarithmic one begins at ``least``, the least positive position, where ``low`` has no place;
    ``None`` where nothing has.
    """
    if scale is AxisScale.LINEAR:
        return low, high
    start, end = scale.place_of(low if low > 0 else least), scale.place_of(high)
    return None if start is None or end is None or start > end else (start, end)
