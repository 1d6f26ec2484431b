"""XY: one trace against another, as an oscilloscope draws two channels."""

from collections.abc import Iterator, Sequence

import numpy as np

from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle
from pyprobe.plots.finite import finite_bounds
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.pairs import MOST_PAIRS, newest_pairs
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.reached_area import Area, Floats, Points, reached_area
from pyprobe.plots.run_curves import RunCurves
from pyprobe.plots.trace_curves import area_curve, earlier_opacity
from pyprobe.session.history_reader import HistoryReader

_PADDING = 0.05


class XyLens(RunCurves):
    """The panel's own trace goes across; every trace laid over it goes up."""

    @property
    def _across(self) -> DrawnTrace | None:
        return self.traces[0] if self.traces else None

    @property
    def _ups(self) -> tuple[DrawnTrace, ...]:
        return tuple(trace for trace in self.traces[1:] if not trace.is_hidden)

    def load(self, columns: int) -> None:
        """Pair the captures of each trace with the first one's."""
        self.curves = []
        self.empty_sentence = ""
        for trace in self._ups:
            self.curves += self.curves_of(trace, columns)
        if not self._ups:
            self.empty_sentence = "drag a second trace onto this plot to draw it against this one"
        elif not any(len(curve.x) for curve in self.curves):
            self.empty_sentence = "no pair of captures yet"
        self.fit_y()

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the newest pairs as dots, or joined where the trace has a line."""
        if self._across is None:
            return []
        mode = self.runs_menu.choice
        runs = [newest_pairs(self._across.history, trace.history)]
        if mode is not Persistence.LAST:
            earlier = _common_runs(self._across, trace)
            runs += [newest_pairs(across, up) for across, up in earlier]
        band = []
        if mode is Persistence.MEAN:
            runs = [mean_pairs(runs)]
        elif mode is Persistence.ENVELOPE and len(runs) > 1:
            area = reached_area([self._placed(*run) for run in runs])
            band = [area_curve(self._unplaced(area), trace)]
            runs = runs[:1]
        style = LineStyle.DOTS if trace.style is LineStyle.SOLID else trace.style
        curves = []
        for runs_ago, (x, y) in enumerate(runs):
            there = np.isfinite(x) & np.isfinite(y)
            name = trace.title if not runs_ago else ""
            opacity = earlier_opacity(runs_ago) if runs_ago else 1.0
            points = (x[there], y[there])
            curves.append(
                Curve(name, trace.color, *points, style=style, side=trace.side, opacity=opacity)
            )
        return [*curves, *band]

    def _placed(self, x: Floats, y: Floats) -> Points:
        """Return points as they stand on the axes, on which cells are of equal size."""
        return self.x_scale.shown(x), self.y_scale.shown(y)

    def _unplaced(self, area: Area) -> Area:
        x, y = self.x_scale, self.y_scale
        return Area(x.values_at(area.x), y.values_at(area.top), y.values_at(area.floor))

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why a trace cannot be drawn alone."""
        return "" if trace.history.span() else "no number captured yet"

    def fit_x(self) -> None:
        """Show all pairs."""
        self.load(1)
        bounds = [pair for curve in self.unscaled() if (pair := finite_bounds(curve.x)) is not None]
        if bounds:
            low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
            positive = [np.min(c.x[c.x > 0], initial=np.inf) for c in self.unscaled()]
            self.fit_x_to(low, high, least=min(positive), padding=_PADDING, calm=True)

    def readout(self, x: float, y: float) -> str:
        """Return the place under the mouse; the nearest in x alone would mean nothing."""
        return f"x {number_text(x)}, y {number_text(y)}"

    def is_whole_x(self) -> bool:
        """Values may be any number."""
        return False

    def x_title(self) -> str:
        """Return what goes across, by its name alone: the ticks need the room."""
        return self.x_kind().partition(" @ ")[0]

    def x_kind(self) -> str:
        """Return what goes across: axes of the same trace can be linked."""
        return self._across.title if self._across is not None else ""

    def measured(self) -> list[MeasuredCurve]:
        """Return the points that are drawn, which have no order along x."""
        return self.measured_points(has_edges=False)

    def notes(self) -> tuple[str, ...]:
        """Say how many pairs are drawn where there may be more."""
        drawn = max((len(curve.x) for curve in self.curves), default=0)
        newest = (f"newest {count_text(drawn)} pairs",) if drawn >= MOST_PAIRS else ()
        return (*self.run_notes(), *newest)


def _common_runs(
    across: DrawnTrace, up: DrawnTrace
) -> Iterator[tuple[HistoryReader, HistoryReader]]:
    """Yield both histories of each run before that has both, the newest first."""
    left = list(reversed(across.earlier))
    for run in reversed(up.earlier):
        place = next((at for at, one in enumerate(left) if one.epoch_ns == run.epoch_ns), None)
        if place is not None:
            yield left.pop(place), run


def mean_pairs(runs: Sequence[Points]) -> Points:
    """Return the mean of the pairs of the same number, as far as all runs with any have them."""
    able = [run for run in runs if len(run[0])]
    count = min((len(x) for x, _y in able), default=0)
    if not count:
        return np.empty(0), np.empty(0)
    x, y = (layers([run[part][:count] for run in able], Persistence.MEAN)[0].y for part in (0, 1))
    return x, y
