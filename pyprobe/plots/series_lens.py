"""SeriesLens: the base of lenses that draw 1-D arrays as curves over a uniform axis."""

from abc import abstractmethod
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeGuard

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction

from pyprobe.errors import LensError
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, Side
from pyprobe.plots.finite import finite_or_nan
from pyprobe.plots.measured_samples import MeasuredCurve, UniformSamples
from pyprobe.plots.number_text import count_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Layer, Persistence, layers, persisted_count
from pyprobe.plots.run_arrays import RunCapture, earlier_series, is_series
from pyprobe.plots.series_part import Part
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks
from pyprobe.plots.trace_curves import TraceCurves, earlier_opacity
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue

Floats = NDArray[np.float64]
_OF_RUNS = (Persistence.FADING, Persistence.LAST)


class SeriesLens(TraceCurves):
    """A subclass turns an array into parts (``transform``) and names its axis.

    Overlays, persistence and the reduction to pixel columns are the same for all. Behind the newest
    capture fade those of the runs before; what persists of this run does not count them.
    """

    modes: ClassVar[tuple[Persistence, ...]] = tuple(Persistence)

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.persistence = Persistence.LAST
        self._step = 1
        self._generation = 0  # of what the options of the transform are
        self._stacked: dict[int, tuple[Hashable, list[Stack]]] = {}
        self._transformed: dict[tuple[int, int, float], list[Part]] = {}
        self._problems: dict[int, str] = {}
        self._runs: dict[int, tuple[Hashable, list[RunCapture]]] = {}
        self._persistence_menu = OptionMenu(
            "Persistence", self.persistence, self.set_persistence, self, options=self.modes
        )
        self.runs_menu = OptionMenu(
            "Earlier runs", Persistence.FADING, self._on_runs, self, options=_OF_RUNS
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
        self.forget_parts()
        self._persistence_menu.restore(mode.value)
        self.guarded(self.rebuild)
        self.changed.emit()

    def _on_runs(self, _mode: Persistence) -> None:
        self.guarded(self.transform_changed)

    def transform_changed(self) -> None:
        """Draw anew because an option of the transform has changed."""
        self.forget_parts()
        self.rebuild()
        self.changed.emit()

    def forget_parts(self) -> None:
        """Transform everything anew at the next drawing."""
        self._generation += 1
        self._transformed.clear()

    def prepare(self, trace: DrawnTrace, captures: Sequence[ArrayCapture]) -> None:
        """Look at the captures that are drawn, oldest first, before any of them is transformed."""

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

    def load(self, columns: int) -> None:
        """Load the curves of all shown traces."""
        self._step = 1
        super().load(columns)

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the parts of the newest array, and what persists of those before it."""
        curves = []
        for stack in self.stacks(trace):
            part = stack.newest
            color, style = self.part_look(trace, part.name)
            for depth, (own, layer) in enumerate(stack.layers):
                x, y = self._reduced(own.with_values(layer.y), own, columns)
                floor = np.zeros(len(y)) if part.filled and not depth else None
                if layer.floor is not None:
                    floor = self._reduced(own.with_values(layer.floor), own, columns)[1]
                curves.append(
                    Curve(
                        self.part_name(trace, part.name) if not depth else "",
                        color,
                        x,
                        y,
                        staircase=part.staircase,
                        style=style,
                        side=Side.RIGHT if part.side is Side.RIGHT else trace.side,
                        opacity=layer.opacity,
                        floor=floor,
                    )
                )
        for opacity, part in self.run_parts(trace):
            x, y = self._reduced(part.shown, part, columns)
            color, style = self.part_look(trace, part.name)
            side = Side.RIGHT if part.side is Side.RIGHT else trace.side
            is_stairs = part.staircase
            curves.append(
                Curve("", color, x, y, staircase=is_stairs, style=style, side=side, opacity=opacity)
            )
        return curves

    def run_parts(self, trace: DrawnTrace) -> Iterator[tuple[float, Part]]:
        """Yield what is drawn of the runs before, with its opacity, the latest run first."""
        if not _has_series(trace):
            return
        self._transform_all()
        for runs_ago, one in enumerate(self._earlier(trace), 1):
            for part in self._transformed.get(self._key(trace, one), ()):
                yield earlier_opacity(runs_ago), part

    def stacks(self, trace: DrawnTrace) -> list["Stack"]:
        """Return the layers of each part; they are made anew only where something is."""
        if not _has_series(trace):
            return []
        self._transform_all()
        captures = self._kept(trace)
        own = [RunCapture(trace.history, capture) for capture in captures]
        key = (self.persistence, self._generation, *(self._key(trace, one) for one in own))
        known = self._stacked.get(id(trace.history))
        if known is None or known[0] != key:
            parts = [self._parts_of(trace, capture) for capture in captures]
            found = [
                stacked([one[place] for one in parts if place < len(one)], self.persistence)
                for place in range(len(parts[-1]))
            ]
            known = self._stacked[id(trace.history)] = (key, found)
        return known[1]

    def measured(self) -> list[MeasuredCurve]:
        """Return all samples of what is drawn: the newest arrays, or their means."""
        curves = []
        for trace in self.shown_traces:
            last = trace.history.last
            note = f"{last.type_name}: {last.reduced}" if _is_reduced(last) else ""
            for stack in self.stacks(trace):
                own, layer = stack.layers[0]
                values = own.with_values(layer.y)
                color, _style = self.part_look(trace, own.name)
                version = self._stacked[id(trace.history)][0]
                samples = UniformSamples(values, own.x0, own.dx, version)
                curves.append(MeasuredCurve(self.part_name(trace, own.name), color, samples, note))
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
        count = persisted_count(self.persistence, newest.value.array.size, len(arrays))
        older = [arrays[len(arrays) - count + place] for place in range(count - 1)]
        return [*(capture for capture in older if is_series(capture.value)), newest]

    def _transform_all(self) -> None:
        """Transform what is drawn and has not been, and forget what is drawn no more."""
        drawn = [(one, self._drawn(one)) for one in self.shown_traces if _has_series(one)]
        wanted = {
            self._key(trace, one): (trace, one.capture)
            for trace, captures in drawn
            for one in captures
        }
        if not wanted.keys() <= self._transformed.keys():
            for trace, captures in drawn:
                self.prepare(trace, [one.capture for one in captures])
        self._transformed = {
            key: self._transformed[key] for key in wanted & self._transformed.keys()
        }
        self._problems = {}
        ids = {id(trace.history) for trace in self.shown_traces}
        self._stacked = {key: known for key, known in self._stacked.items() if key in ids}
        self._runs = {key: known for key, known in self._runs.items() if key in ids}
        for key, (trace, capture) in wanted.items():
            if key in self._transformed:
                continue
            try:
                with np.errstate(all="ignore"):
                    self._transformed[key] = self.transform(capture.value, trace)
            except LensError as error:
                self._problems[key[0]] = str(error)

    def _drawn(self, trace: DrawnTrace) -> list[RunCapture]:
        """Return all captures that are drawn, those of earlier runs first."""
        own = [RunCapture(trace.history, capture) for capture in self._kept(trace)]
        return [*reversed(self._earlier(trace)), *own]

    def _earlier(self, trace: DrawnTrace) -> list[RunCapture]:
        if not trace.earlier or self.runs_menu.choice is Persistence.LAST:
            return []
        key = (trace.history.count, trace.history.dropped_arrays, *map(id, trace.earlier))
        known = self._runs.get(id(trace.history))
        if known is None or known[0] != key:  # they may have to be read from the disk
            known = self._runs[id(trace.history)] = (key, earlier_series(trace))
        return known[1]

    def _parts_of(self, trace: DrawnTrace, capture: ArrayCapture) -> Sequence[Part]:
        return self._transformed.get(self._key(trace, RunCapture(trace.history, capture)), ())

    @staticmethod
    def _key(trace: DrawnTrace, one: RunCapture) -> tuple[int, int, float]:
        return id(one.history), one.capture.seq, trace.sample_rate_hz or 0.0

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
                columns[f"{name} y"] = np.asarray(part.shown)
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
            stacks = self.stacks(trace) if self.persistence is not Persistence.LAST else []
            if stacks and (stacks[0].count > 1 or self.persistence is not Persistence.FADING):
                notes.append(f"{self.persistence.value} of {stacks[0].count}")
            runs = len(self._earlier(trace)) + 1
            if runs > 1:
                notes.append(f"fading of {runs} runs")
        if self._step > 1:
            most = "" if self.x_scale is AxisScale.LINEAR else "up to "
            notes.append(f"min/max of {most}{count_text(self._step)} each")
        return tuple(notes)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        menus = (self._persistence_menu.action, self.runs_menu.action)
        return (*super().view_actions(), *menus)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        chosen = {"persistence": self.persistence.value, "runs": self.runs_menu.choice.value}
        return {**super().state(), **chosen}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.forget_parts()
        self.runs_menu.restore(state.get("runs"))
        super().restore(state)
        for mode in self.modes:
            if mode.value == state.get("persistence"):
                self.set_persistence(mode)


@dataclass(frozen=True)
class Stack:
    """One part of several captures: what is drawn, newest first, of ``count`` captures."""

    newest: Part
    layers: list[tuple[Part, Layer]]
    count: int


def stacked(parts: Sequence[Part], mode: Persistence) -> Stack:
    """Return the layers of captures of one part, oldest first in ``parts``, each on its own axis.

    Means and envelopes are of those whose samples stand where the newest one's do.
    """
    newest = parts[-1]
    if mode is Persistence.FADING:
        found = layers([part.y for part in parts], mode)
        return Stack(newest, list(zip(reversed(parts), found, strict=True)), len(parts))
    alike = [part.y for part in parts if part.is_alike(newest)]
    found = layers(alike, mode, turn=newest.turn)
    return Stack(newest, [(newest, layer) for layer in found], len(alike))


def _is_reduced(value: object) -> TypeGuard[ArrayValue]:
    return isinstance(value, ArrayValue) and bool(value.reduced)


def _has_series(trace: DrawnTrace) -> bool:
    return is_series(trace.history.last)
