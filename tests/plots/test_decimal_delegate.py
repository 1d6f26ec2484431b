"""Decimal points of a column stand below each other, and what is copied has no room in it."""

import numpy as np
import pytest
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from pyprobe.plots.decimal_delegate import FIGURE_SPACE, DecimalDelegate, decimals_of
from pyprobe.plots.grid import GridLens
from pyprobe.plots.theme import LIGHT_THEME
from tests.plots.samples import append_array, make_probe


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("1.25", 2), ("-10", 0), ("1e-07", None), ("nan", None), ("", None), ("1.5+2j", None)],
)
def test_decimals_of_a_text(text: str, decimals: int | None) -> None:
    assert decimals_of(text) == decimals


@pytest.mark.parametrize(
    ("text", "room"), [("1.25", 2), ("100", 5), ("1.2345", 0), ("nan", 0), ("2.5e-07", 0)]
)
def test_what_is_short_gets_room_for_the_rest(text: str, room: int, qtbot: QtBot) -> None:
    parent = QObject()
    delegate = DecimalDelegate(parent)
    delegate.decimals[3] = 4
    assert delegate.padded(text, 3) == text + FIGURE_SPACE * room
    assert delegate.padded(text, 0) == text


def test_points_of_a_grid_are_aligned_and_copied_numbers_are_bare(qtbot: QtBot) -> None:
    probe = make_probe()
    append_array(probe, np.array([[98.688573, 1.0], [99.1272365, 2.0], [100.177042, 30.0]]))
    lens = GridLens(LIGHT_THEME, "#0072b2")
    qtbot.addWidget(lens)
    lens.resize(640, 360)
    lens.show()
    lens.show_history(probe.history)
    view = lens.view
    delegate = view.itemDelegate()
    assert isinstance(delegate, DecimalDelegate)
    ends = set()
    for row in range(3):
        option = QStyleOptionViewItem()
        option.rect = view.visualRect(view.numbers.index(row, 0))
        delegate.initStyleOption(option, view.numbers.index(row, 0))
        text = option.text or ""
        ends.add(len(text) - text.index("."))
    assert len(ends) == 1
    view.selectAll()
    assert view.as_tsv().splitlines()[0] == "98.688573\t1.0"
    assert [view.numbers.index(row, 1).data() for row in range(3)] == ["1", "2", "30"]
