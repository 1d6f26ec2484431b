"""An error of our own is told in the window and goes on; one of a lens of others is theirs."""

import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.messages import Level, MessageBar
from pyprobe.gui.mishap import MishapDoor
from pyprobe.gui.theme import LIGHT
from pyprobe.plots import lens_plugins
from pyprobe.plots.lens_plugins import Plugins
from pyprobe.plots.lens_registry import LensRegistry
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


def test_a_lens_that_raises_in_an_event_is_switched_off_and_told_once(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = tmp_path / "lens_other.py"
    module.write_text("def paintEvent(event):\n    return event.nothing\n")
    code = compile(module.read_text(), str(module), "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    others = Plugins(LensRegistry(), folders={"lens-other": str(module)})
    said: list[str] = []
    gone: list[bool] = []
    others.listen(said.append)
    others.on_ban = lambda: gone.append(True)
    monkeypatch.setattr(lens_plugins, "plugins", lambda: others)
    messages = MessageBar(LIGHT)
    qtbot.addWidget(messages)
    door = MishapDoor(messages)
    try:
        for _ in range(3):
            try:
                names["paintEvent"](None)
            except AttributeError as error:
                sys.excepthook(type(error), error, error.__traceback__)
    finally:
        door.close()
    assert messages.current() is None  # it is no mistake of ours
    (sentence,) = said
    assert sentence.startswith("The lenses of lens-other are switched off: AttributeError: ")
    assert sentence.endswith(f"({module}:2).")
    assert gone == [True]
    assert capsys.readouterr().err.count("Traceback") == 1
