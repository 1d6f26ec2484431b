"""AxesPainter: what stands around the data is there as a whole, and never in another's place."""

from itertools import pairwise

import pytest
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from pyprobe.plots.axes_painter import Axes, AxesPainter, bottom_height, top_height
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.ticks import NO_TICKS, value_ticks

WIDTH = 320


class NotingPainter(QPainter):
    """Notes where each text is drawn."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.places: dict[str, QRectF] = {}

    def drawText(self, at: QPointF, text: str) -> None:  # type: ignore[override]
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(text)
        self.places[text] = QRectF(at.x(), at.y() - metrics.ascent(), width, metrics.height())


def painted(height: int, low: float, high: float, title: str = "column") -> dict[str, QRectF]:
    """Return where the texts around a plot of this height stand."""
    image = QImage(WIDTH, height, QImage.Format.Format_RGB32)
    painter = NotingPainter(image)
    axes = Axes(value_ticks(low, high, 8, whole=True), NO_TICKS, title)
    below = bottom_height(QFontMetricsF(painter.font()), axes.whole_x_title, height)
    frame = PlotFrame(20.0, 7.0, WIDTH - 30.0, height - 7.0 - below, low, high, 0.0, 1.0)
    room = QSizeF(WIDTH, height)
    AxesPainter(LIGHT_THEME).paint_around(painter, frame, axes, room=room, focused=False)
    painter.end()
    return painter.places


@pytest.mark.parametrize(
    ("low", "high", "last"), [(-0.5, 6.5, 6), (0.0, 7.0, 7)], ids=["cells", "points"]
)
def test_the_last_label_and_the_title_are_both_there(
    qtbot: QtBot, low: float, high: float, last: int
) -> None:
    places = painted(240, low, high)
    assert set(places) == {*map(str, range(last + 1)), "column"}
    inside = QRectF(0, 0, WIDTH, 240)
    texts = list(places.values())
    assert all(inside.contains(one) for one in texts)
    assert not any(one.intersects(other) for one in texts for other in texts if one is not other)


def test_a_low_plot_has_both_in_one_line(qtbot: QtBot) -> None:
    places = painted(100, -0.5, 6.5)
    assert places["column"].top() == places["0"].top()
    title = places.pop("column")
    assert not any(title.intersects(label) for label in places.values())


def test_in_one_line_two_labels_are_worth_more_than_the_title(qtbot: QtBot) -> None:
    assert set(painted(100, 0.0, 1.2)) == {"0", "1"}
    assert "column" in painted(100, 0.0, 9.0)


def test_what_the_labels_cannot_be_read_without_stays(qtbot: QtBot) -> None:
    places = painted(100, 0.0, 3e9)
    assert "×10⁹" in " ".join(places)


@pytest.mark.parametrize(("height", "is_there"), [(240, True), (50, True), (30, False)])
def test_the_labels_of_the_vertical_axis_stand_only_with_their_factor(
    qtbot: QtBot, height: int, is_there: bool
) -> None:
    image = QImage(WIDTH, height, QImage.Format.Format_RGB32)
    painter = NotingPainter(image)
    axes = Axes(NO_TICKS, value_ticks(-1e300, 1e300, 2))
    top = top_height(axes, QFontMetricsF(painter.font()), height)
    frame = PlotFrame(20.0, top, WIDTH - 30.0, height - top - 4.0, 0.0, 1.0, -2e300, 2e300)
    room = QSizeF(WIDTH, height)
    AxesPainter(LIGHT_THEME).paint_around(painter, frame, axes, room=room, focused=False)
    painter.end()
    found = set(painter.places) - {"0"}  # which has no room between the others in a low plot
    assert found == ({"-1", "1", "×10³⁰⁰"} if is_there else set())
    assert all(QRectF(0, 0, WIDTH, height).contains(one) for one in painter.places.values())


@pytest.mark.parametrize("height", [12.0, 18.0, 30.0, 60.0, 200.0])
def test_labels_of_a_vertical_axis_never_lie_over_each_other(qtbot: QtBot, height: float) -> None:
    image = QImage(WIDTH, 240, QImage.Format.Format_RGB32)
    painter = NotingPainter(image)
    frame = PlotFrame(60.0, 20.0, 200.0, height, 0.0, 1.0, 2.28, 2.53)
    axes = Axes(NO_TICKS, value_ticks(2.28, 2.53, 3))
    room = QSizeF(WIDTH, 240)
    AxesPainter(LIGHT_THEME).paint_around(painter, frame, axes, room=room, focused=False)
    least = QFontMetricsF(painter.font()).ascent() * 0.8
    painter.end()
    places = sorted(place.bottom() for place in painter.places.values())
    assert places
    assert all(below - above >= least for above, below in pairwise(places))
