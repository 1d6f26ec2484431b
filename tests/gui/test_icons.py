"""Line icons are drawn when they are asked for, in the size and shade that are."""

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QIcon, QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from pyprobe.gui.icons import make_icon, make_picture
from pyprobe.gui.theme import DARK, blend

SIDE_PX = 18


def by_pixmap(icon: QIcon, mode: QIcon.Mode) -> QImage:
    return icon.pixmap(QSize(SIDE_PX, SIDE_PX), 1.0, mode).toImage()


def by_painter(icon: QIcon, mode: QIcon.Mode) -> QImage:
    pixmap = QPixmap(SIDE_PX, SIDE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    icon.paint(painter, 0, 0, SIDE_PX, SIDE_PX, Qt.AlignmentFlag.AlignCenter, mode)
    painter.end()
    return pixmap.toImage()


@pytest.mark.parametrize("drawn", [by_pixmap, by_painter])
@pytest.mark.parametrize(
    ("mode", "color"),
    [
        (QIcon.Mode.Normal, blend(DARK.text, DARK.chrome, 0.85)),
        (QIcon.Mode.Active, blend(DARK.text, DARK.chrome, 0.85)),
        (QIcon.Mode.Disabled, blend(DARK.muted, DARK.chrome, 0.45)),
    ],
)
def test_an_icon_has_the_shade_of_its_mode(
    qtbot: QtBot, drawn: Callable[[QIcon, QIcon.Mode], QImage], mode: QIcon.Mode, color: str
) -> None:
    expected = make_picture("run", color, size_px=SIDE_PX, pixel_ratio=1.0).toImage()
    assert drawn(make_icon("run", DARK), mode) == expected


@pytest.mark.parametrize(("side_px", "ratio"), [(12, 1.0), (18, 1.5), (18, 3.0), (40, 1.0)])
def test_it_fills_the_pixels_it_is_asked_for(qtbot: QtBot, side_px: int, ratio: float) -> None:
    pixmap = make_icon("find", DARK).pixmap(QSize(side_px, side_px), ratio)
    assert pixmap.deviceIndependentSize().toSize() == QSize(side_px, side_px)
    assert pixmap.width() == round(side_px * ratio)


def test_a_copy_stands_on_its_own(qtbot: QtBot) -> None:
    icon = make_icon("stop", DARK)
    expected = by_pixmap(icon, QIcon.Mode.Normal)
    copy = QIcon(icon)
    copy.setIsMask(True)  # which makes it a clone
    del icon
    assert by_pixmap(copy, QIcon.Mode.Normal) == expected
