"""Exporting from the window: beside it, with progress, to be cancelled, and never half a file."""

import json
import os
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.recording_export import RecordingExport
from tests.gui.test_open import ROWS, OpenRecording, open_recording  # noqa: F401 - a fixture
from tests.session.recordings import make_recording

WAIT_MS = 30_000


def export_of(window: MainWindow) -> RecordingExport:
    assert window.recorded is not None
    return window.recorded.export


def newest(window: MainWindow) -> str:
    message = window.messages.current()
    assert message is not None
    return message.text


@pytest.fixture
def window(open_recording: OpenRecording, tmp_path: Path) -> MainWindow:  # noqa: F811
    return open_recording(make_recording(tmp_path, ROWS))


def test_the_menu_asks_for_a_file_whose_ending_follows_the_format(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (entry,) = (one for one in window.actions() + all_actions(window) if "E&xport" in one.text())
    entry.trigger()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is not None)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.defaultSuffix() == "json.mcap"
    wanted = next(text for text in dialog.nameFilters() if "jsonl" in text)
    dialog.selectNameFilter(wanted)
    dialog.filterSelected.emit(wanted)
    assert dialog.defaultSuffix() == "jsonl"
    output = tmp_path / "chosen.jsonl"
    with qtbot.waitSignal(export_of(window).finished, timeout=WAIT_MS) as ended:
        dialog.fileSelected.emit(str(output))
        dialog.reject()
    assert ended.args == [str(output), True]
    assert [json.loads(line)["value"] for line in output.read_text().splitlines()] == [
        value for _, value in ROWS
    ]
    assert newest(window) == f"{len(ROWS)} captures exported to {output}."


def all_actions(window: MainWindow) -> list:  # type: ignore[type-arg]
    bar = window.menuBar()
    assert bar is not None
    menus = [one.menu() for one in bar.actions()]
    return [action for menu in menus if menu is not None for action in menu.actions()]


def test_what_is_wrong_is_said_in_the_window(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    export, output = export_of(window), tmp_path / "gone" / "out.csv"
    with qtbot.waitSignal(export.finished, timeout=WAIT_MS):
        export.start(str(tmp_path / "run.mcap"), "csv", str(output))
    assert newest(window) == f"{output} cannot be written: No such file or directory."


def test_it_shows_how_far_it_is_and_is_cancelled(
    open_recording: OpenRecording,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    rows: list[tuple[int, object]] = [(1, number / 7) for number in range(400_000)]
    path = make_recording(tmp_path, rows, rows_a_chunk=1000)
    window = open_recording(path)
    export, output = export_of(window), tmp_path / "out.jsonl"
    output.write_text("older")
    window.show()
    with qtbot.waitSignal(export.finished, timeout=WAIT_MS) as ended:
        with qtbot.waitSignal(export._heard, timeout=WAIT_MS):
            export.start(str(path), "jsonl", str(output))
        assert export.is_running
        assert export._shown is not None
        assert export._shown.text().startswith("Exporting")
        assert export._shown.text().endswith("%")
        hints: list[str] = []
        window.status.hinted.connect(hints.append)
        export.ask(str(path))  # of which one is enough
        assert hints == ["out.jsonl is still being written."]
        (button,) = (
            one for one in window.messages.findChildren(QPushButton) if one.text() == "Cancel"
        )
        button.click()
    assert ended.args == [str(output), False]
    assert newest(window) == "The export was stopped, and no file was written."
    assert not export._shown.isVisible()
    assert output.read_text() == "older"
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "run.mcap", "script.py"]
