"""An error of our own is told in the window and goes on; one of a lens that hung is not ours."""

import sys

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.messages import Level, MessageBar
from pyprobe.gui.mishap import MishapDoor
from pyprobe.gui.theme import LIGHT
from pyprobe.plots.plugin_watch import LensStuck


@pytest.mark.parametrize(("error", "is_told"), [(ValueError("no"), True), (LensStuck(), False)])
def test_what_is_told(
    error: BaseException, is_told: bool, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = MessageBar(LIGHT)
    qtbot.addWidget(messages)
    before = sys.excepthook
    door = MishapDoor(messages)
    try:
        sys.excepthook(type(error), error, None)
    finally:
        door.close()
    assert sys.excepthook is before
    assert type(error).__name__ in capsys.readouterr().err
    told = messages.current()
    assert (told is not None and told.level is Level.BAD) is is_told
