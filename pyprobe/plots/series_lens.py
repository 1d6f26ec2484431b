"""SeriesLens: the base of lenses that draw 1-D arrays as curves over a uniform axis."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction

from pyprobe.errors import LensError
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, Side
from pyprobe.plots.finite import finite_or_nan
from pyprobe.plots.number_text import count_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks
from pyprobe.plots.trace_curves import TraceCurves
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue

Floats = NDArray[np.float64]

PERSISTED = 16  # captures that fade, or that make a mean or an envelope
_PERSISTED_SAMPLES = 1 << 21  # of long arrays fewer captures are kept, so that a frame stays short


@dataclass(frozen=True, slots=True)
class Part:
    """One curve of one array: sample ``i`` of ``y`` (1-D, real) stands at ``x0 + i * dx``.

    ``margin``: how far the axis reaches beyond the first and the last sample. ``staircase``: values
    hold until the next one. ``filled``: down to zero. ``side``: where the axis of this part is,
    unless the user chose another for the trace. With ``x`` the few samples stand there instead.
    """

    name: str
    y: NDArray[Any]
    x0: float = 0.0
    dx: float = 1.0
    margin: float = 0.0
    staircase: bool = False
    filled: bool = False
    side: Side = Side.LEFT
    x: Floats | None = None

    @property
    def places(self) -> Floats:
        """Where all samples stand."""
        if self.x is not None:
            return self.x
        return self.x0 + np.arange(len(self.y), dtype=np.float64) * self.dx

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the axis on which the whole part is seen."""
        if self.x is not None:
            return float(self.x[0]), float(self.x[-1])
        last = self.x0 + (len(self.y) - 1) * self.dx
        return self.x0 - self.margin, last + self.margin

    @property
    def least_positive(self) -> float:
        """The least positive place of a sample, as if the samples went on to there."""
        if self.x is not None:
            return float(np.min(self.x[self.x > 0], initial=np.inf))
        return self.x0 if self.x0 > 0 else self.x0 + (floor(-self.x0 / self.dx) + 1) * self.dx


class SeriesLens(TraceCurves):
    """A subclass turns an array into parts (``transform``) and names its axis.

    Overlays, persistence and the reduction to pixel columns are the same for all.
    """

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.persistence = Persistence.LAST
        self._step = 1
        self._transformed: dict[tuple[int, int, float], list[Part]] = {}
        self._problems: dict[int, str] = {}
        self._persistence_menu = OptionMenu(
            "Persistence", self.persistence, self.set_persistence, self
        )

    @abstractmethod
    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the curves of one array, which is 1-D, of numbers and not empty.

        Raises:
            LensError: it cannot be drawn so; the sentence stands in the plot.
        """

    def set_persistence(self, mode: Persistence) -> None:
        """Choose what is seen of the captures before the newest."""
        self.persistence = mode
        self._persistence_menu.restore(mode.value)
        self.guarded(self.rebuild)
        self.changed.emit()

    def transform_changed(self) -> None:
        """Draw anew because an option of the transform has changed."""
        self._transformed.clear()
        self.rebuild()
        self.changed.emit()

    # Loading.

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why a trace has nothing to draw."""
        last = trace.history.last
        if not isinstance(last, ArrayValue) or last.array.ndim != 1:
            return "the newest value is no 1-D array"
        if last.array.dtype.kind not in NUMBER_KINDS:
            return f"an array of {last.dtype} has no numbers to draw"
        if not last.array.size:
            return f"empty array, {last.dtype}"
        self._transform_all()
        return self._problems.get(id(trace.history), "")

    def fit_x(self) -> None:
        """Show the whole of the longest part."""
        ends = [
            part.ends
            for trace in self.shown_traces
            for part in self._newest_parts(trace)
            if len(part.y)
        ]
        if not ends:
            return
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        self.fit_x_to(low, high, least=self._least_x())

    def _least_x(self) -> float:
        """The least positive position of a sample, where a logarithmic axis begins."""
        parts = (part for trace in self.shown_traces for part in self._newest_parts(trace))
        return min((part.least_positive for part in parts), default=0.0)

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the parts of the newest array, and what persists of those before it."""
        captures = self._kept(trace)
        curves = []
        self._step = 1
        for position, newest in enumerate(self._parts_of(trace, captures[-1])):
            stack = [
                parts[position].y
                for capture in captures
                if position < len(parts := self._parts_of(trace, capture))
            ]
            color, style = self.part_look(trace, newest.name)
            for depth, layer in enumerate(layers(stack, self.persistence)):
                x, y = self._reduced(layer.y, newest, columns)
                floor = np.zeros(len(y)) if newest.filled and not depth else None
                if layer.floor is not None:
                    floor = self._reduced(layer.floor, newest, columns)[1]
                curves.append(
                    Curve(
                        self.part_name(trace, newest.name) if not depth else "",
                        color,
                        x,
                        y,
                        staircase=newest.staircase,
                        style=style,
                        side=Side.RIGHT if newest.side is Side.RIGHT else trace.side,
                        opacity=layer.opacity,
                        floor=floor,
                    )
                )
        return curves

    def _reduced(self, values: NDArray[Any], part: Part, columns: int) -> tuple[Floats, Floats]:
        if part.x is not None:
            return part.x, finite_or_nan(values)
        x, y, step = self.reduced(values, part.x0, part.dx, columns)
        self._step = max(self._step, step)
        return x, y

    # Arrays and what became of them.

    def _kept(self, trace: DrawnTrace) -> list[ArrayCapture]:
        """Return the captures that are drawn, oldest first."""
        arrays = trace.history.arrays()
        newest = arrays[-1]
        if self.persistence is Persistence.LAST:
            return [newest]
        count = min(PERSISTED, max(_PERSISTED_SAMPLES // newest.value.array.size, 1), len(arrays))
        kept = [arrays[len(arrays) - count + place] for place in range(count)]
        return [capture for capture in kept if _is_series(capture)]

    def _transform_all(self) -> None:
        """Transform what is drawn and has not been, and forget what is drawn no more."""
        wanted = {
            self._key(trace, capture): (trace, capture)
            for trace in self.shown_traces
            if _has_series(trace)
            for capture in self._kept(trace)
        }
        self._transformed = {
            key: self._transformed[key] for key in wanted & self._transformed.keys()
        }
        self._problems = {}
        for key, (trace, capture) in wanted.items():
            if key in self._transformed:
                continue
            try:
                with np.errstate(all="ignore"):
                    self._transformed[key] = self.transform(capture.value, trace)
            except LensError as error:
                self._problems[key[0]] = str(error)

    def _parts_of(self, trace: DrawnTrace, capture: ArrayCapture) -> Sequence[Part]:
        return self._transformed.get(self._key(trace, capture), ())

    @staticmethod
    def _key(trace: DrawnTrace, capture: ArrayCapture) -> tuple[int, int, float]:
        return id(trace.history), capture.seq, trace.sample_rate_hz or 0.0

    def _newest_parts(self, trace: DrawnTrace) -> Iterator[Part]:
        if _has_series(trace):
            self._transform_all()
            yield from self._parts_of(trace, trace.history.arrays()[-1])

    def data(self) -> dict[str, NDArray[Any]]:
        """Return the parts of the newest arrays at their full length."""
        columns: dict[str, NDArray[Any]] = {}
        for trace in self.shown_traces:
            for part in self._newest_parts(trace):
                name = f"{trace.title} {part.name}".strip()
                columns[f"{name} x"] = part.places
                columns[f"{name} y"] = np.asarray(part.y)
        return columns

    # What is told.

    def x_ticks(self, most: int) -> Ticks:
        """Return the ticks of the horizontal axis; none where there is nothing."""
        return NO_TICKS if self.empty_sentence else super().x_ticks(most)

    def notes(self) -> tuple[str, ...]:
        """Say what was reduced at the source and here, and what persists."""
        notes = []
        for trace in self.shown_traces[:1]:
            last = trace.history.last
            if isinstance(last, ArrayValue) and last.reduced:
                notes.append(f"reduced: {last.reduced}")
            if self.persistence is not Persistence.LAST and _has_series(trace):
                notes.append(f"{self.persistence.value} of {len(self._kept(trace))}")
        if self._step > 1:
            most = "" if self.x_scale is AxisScale.LINEAR else "up to "
            notes.append(f"min/max of {most}{count_text(self._step)} each")
        return tuple(notes)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self._persistence_menu.action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "persistence": self.persistence.value}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        for mode in Persistence:
            if mode.value == state.get("persistence"):
                self.set_persistence(mode)


def _is_series(capture: ArrayCapture) -> bool:
    return capture.value.array.ndim == 1 and capture.value.array.dtype.kind in NUMBER_KINDS


def _has_series(trace: DrawnTrace) -> bool:
    last = trace.history.last
    return (
        isinstance(last, ArrayValue)
        and last.array.ndim == 1
        and bool(last.array.size)
        and last.array.dtype.kind in NUMBER_KINDS
    )
