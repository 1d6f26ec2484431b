"""How a header is shared out: the value whole before the place, the name before the value."""

import pytest
from PyQt6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from pyprobe.plots.header_layout import GAP_PX, HeaderLine, share_line

TITLES = ("taps @ dsp_filter_sweep.py:100", "taps @ line 100", "taps")


def shared(value: str, room_for: str, *, has_facts: bool = False) -> HeaderLine:
    metrics = QFontMetricsF(QFont())
    room_px = metrics.horizontalAdvance(room_for) + GAP_PX + 1.0
    return share_line(TITLES, value, room_px, (metrics, metrics), has_facts=has_facts)


@pytest.mark.parametrize(
    ("title", "value"),
    [
        (TITLES[0], "complex128 129"),
        (TITLES[1], "complex128 129"),
        (TITLES[2], "complex128 129"),
    ],
)
def test_the_place_goes_before_the_value(title: str, value: str, qtbot: QtBot) -> None:
    line = shared(value, title + value)
    assert (line.title, line.value) == (title, value)


def test_the_name_stays_where_the_value_has_no_room(qtbot: QtBot) -> None:
    line = shared("complex128 129", "taps + complex12")
    assert line.title == "taps"
    assert line.value.startswith("complex")
    assert line.value.endswith("…")


def test_a_number_that_changes_its_length_does_not_move_the_title(qtbot: QtBot) -> None:
    for room_for in (f"{title}1234" for title in TITLES):
        lines = {shared(value, room_for).title for value in ("1", "-12", "0.125", "-999.75")}
        assert len(lines) == 1
