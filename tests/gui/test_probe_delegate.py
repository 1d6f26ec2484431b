"""What the probe list shows of names and values that have no room."""

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtGui import QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from pyprobe.gui.probe_delegate import NameDelegate
from pyprobe.plots.value_delegate import ValueDelegate

NAME = "self.gain @ a_long_name.py:12"


def shown(delegate: QStyledItemDelegate, text: str, room: str, widget: QWidget) -> str:
    """Return what is painted of a text in a cell that has just room for another."""
    model = QStandardItemModel()
    model.appendRow(QStandardItem(text))
    option = QStyleOptionViewItem()
    option.fontMetrics = widget.fontMetrics()
    option.font = widget.font()
    width_px = option.fontMetrics.horizontalAdvance(room) + 7
    option.rect = QRect(0, 0, width_px, 24)
    delegate.initStyleOption(option, model.index(0, 0))
    return option.text or ""


@pytest.mark.parametrize("form", [NAME, "self.gain @ line 12", "self.gain", "gain"])
def test_a_name_goes_short_by_whole_parts(form: str, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert shown(NameDelegate(widget), NAME, form, widget) == form


@pytest.mark.parametrize(
    ("text", "room", "form"),
    [
        ("complex128 1024", "complex128 1024", "complex128 1024"),
        ("complex128 1024", "complex128 102", "complex128…"),
        ("12345678901234", "1234567", "1.2e+13"),
        ("12345678901234", "12345", "…"),
    ],
)
def test_a_value_is_not_cut_within_a_number(text: str, room: str, form: str, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert shown(ValueDelegate(widget), text, room, widget) == form
