"""States: the runs of equal values in a history of bools, enums or strings. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import Axis

MIXED = "…"  # several states in less than a pixel
_NS = 1e-9


@dataclass(frozen=True, slots=True)
class StateRun:
    """``name`` held from ``start`` until ``stop``, in captures or seconds."""

    name: str
    start: float
    stop: float


def state_runs(
    history: HistoryReader, low: float, high: float, columns: int, axis: Axis
) -> list[StateRun]:
    """Return the runs in view, oldest first; those shorter than a pixel column come as one.

    Numbers are read as truth values.
    """
    if history.texts():
        return _merged(_text_runs(history, low, high, axis), (high - low) / max(columns, 1))
    return _merged(_number_runs(history, low, high, columns, axis), (high - low) / max(columns, 1))


def state_span(history: HistoryReader, axis: Axis) -> tuple[float, float] | None:
    """Return x of the first and the last capture."""
    texts = history.texts()
    if not texts:
        return history.span(axis)
    if axis == "index":
        first = history.dropped_texts
        return float(first), float(first + len(texts) - 1)
    first_ns, last_ns = (texts[end].t_ns - history.epoch_ns for end in (0, -1))
    return first_ns * _NS, last_ns * _NS


def _text_runs(history: HistoryReader, low: float, high: float, axis: Axis) -> Iterable[StateRun]:
    texts = history.texts()
    end = state_span(history, axis)
    name, start = "", 0.0
    for place in range(len(texts)):
        capture = texts[place]
        is_index = axis == "index"
        x = (
            float(history.dropped_texts + place)
            if is_index
            else (capture.t_ns - history.epoch_ns) * _NS
        )
        if capture.value.text == name:
            continue
        if name and x >= low:
            yield StateRun(name, start, x)
        name, start = capture.value.text, x
        if x > high:
            return
    if name and end is not None:
        yield StateRun(name, start, _after(end, axis))


def _number_runs(
    history: HistoryReader, low: float, high: float, columns: int, axis: Axis
) -> Iterable[StateRun]:
    x, y = history.envelope(low, high, columns, axis=axis)
    end = history.span(axis)
    if not len(x) or end is None:
        return
    is_paired = len(x) % 2 == 0 and bool(np.array_equal(x[::2], x[1::2]))
    lows, highs = (y[::2], y[1::2]) if is_paired else (y, y)
    places = x[::2] if is_paired else x
    names = [
        MIXED if bool(one) != bool(other) else str(bool(one))
        for one, other in zip(lows.tolist(), highs.tolist(), strict=True)
    ]
    starts = [0, *(place for place in range(1, len(names)) if names[place] != names[place - 1])]
    stops = [*starts[1:], len(names)]
    for start, stop in zip(starts, stops, strict=True):
        last = float(places[stop]) if stop < len(places) else _after(end, axis)
        yield StateRun(names[start], float(places[start]), last)


def _after(span: tuple[float, float], axis: Axis) -> float:
    """Return where the newest state ends: a capture later, or as wide as the others are."""
    return span[1] + (1.0 if axis == "index" else max((span[1] - span[0]) * 0.01, 1e-6))


def _merged(runs: Iterable[StateRun], least: float) -> list[StateRun]:
    """Join neighbours that are narrower than a pixel column."""
    merged: list[StateRun] = []
    for run in runs:
        narrow = run.stop - run.start < least
        if merged and narrow and merged[-1].stop - merged[-1].start < least:
            merged[-1] = StateRun(MIXED, merged[-1].start, run.stop)
        else:
            merged.append(run)
    return merged
