"""The legend above the data: names as long as there is room, never beside it, and what is left."""

from itertools import pairwise

import numpy as np
import pytest
from PyQt6.QtGui import QFontMetricsF
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.plots.drawn_trace import DrawnTrace, Side
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.theme import LIGHT_THEME
from tests.plots.samples import append_scalars, make_probe

TITLES = [f"self.oven.value_{number} @ a_long_name.py:{number}" for number in range(8)]


def lens_of(qtbot: QtBot, width: int, count: int, scale: float = 1.0) -> ScalarHistoryLens:
    lens = ScalarHistoryLens(LIGHT_THEME, "#0072b2")
    qtbot.addWidget(lens)
    lens.resize(width, 200)
    lens.show()
    probe = make_probe()
    append_scalars(probe, np.arange(50.0) * scale)
    lens.show_traces([DrawnTrace(title, "#0072b2", probe.history) for title in TITLES[:count]])
    QApplication.processEvents()
    lens.grab()
    return lens


@pytest.mark.parametrize("width", [90, 150, 300, 600, 1200])
@pytest.mark.parametrize("scale", [1.0, 1e9])
def test_names_stand_above_the_data_and_clear_of_each_other(
    width: int, scale: float, qtbot: QtBot
) -> None:
    lens = lens_of(qtbot, width, 8, scale)
    areas = [area for area, _entry in lens.legend_areas]
    assert all(area.left() >= lens.frame.left - 2.0 for area in areas)
    assert all(area.right() <= lens.frame.right + 2.0 for area in areas)
    assert all(area.bottom() <= lens.frame.top for area in areas)
    ends = sorted((area.left(), area.right()) for area in areas)
    assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_all_names_are_there_where_short_ones_have_room(qtbot: QtBot) -> None:
    assert len(lens_of(qtbot, 500, 4).legend_areas) == 4
    # What a click reaches keeps its whole name.
    assert {entry.text for _area, entry in lens_of(qtbot, 500, 4).legend_areas} == set(TITLES[:4])


def test_names_leave_the_notes_of_both_axes_their_room(qtbot: QtBot) -> None:
    lens = ScalarHistoryLens(LIGHT_THEME, "#0072b2")
    qtbot.addWidget(lens)
    lens.resize(700, 300)
    lens.show()
    traces: list[DrawnTrace] = []
    for side, scale in ((Side.LEFT, 1e9), (Side.RIGHT, 1e12)):
        probe = make_probe()
        append_scalars(probe, np.arange(50.0) * scale)
        traces.append(DrawnTrace(TITLES[len(traces)], "#0072b2", probe.history, side=side))
    lens.show_traces(traces)
    lens.grab()
    metrics = QFontMetricsF(lens.font())
    left_px, right_px = map(metrics.horizontalAdvance, (lens.axes.y.note, lens.axes.right_note))
    assert min(left_px, right_px) > 0.0
    assert len(lens.legend_areas) == 2
    for area, _entry in lens.legend_areas:
        assert area.left() > lens.frame.left + left_px
        assert area.right() < lens.frame.right - right_px
