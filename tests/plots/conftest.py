"""Fixtures for the tests of plots: no display is needed, and no widget or timer stays behind."""

import gc
import os
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe
from tests.patient_bot import qtbot

__all__ = ["qtbot"]

MakePanel = Callable[..., TracePanel]


@pytest.fixture
def make_panel(qtbot: QtBot) -> Iterator[MakePanel]:
    """Return a function that shows a panel of a probe, 640 by 360 pixels unless told."""
    panels: list[TracePanel] = []

    def make(probe: Probe, width: int = 640, height: int = 360) -> TracePanel:
        panel = TracePanel(probe, LIGHT_THEME)
        panel.resize(width, height)
        with qtbot.waitExposed(panel):
            panel.show()
        panels.append(panel)
        return panel

    yield make
    for panel in panels:
        panel.close()
        panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
