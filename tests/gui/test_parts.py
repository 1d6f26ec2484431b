"""The smaller parts: messages, frame clock, file watch, probe list, find bar, status bar."""

import os
import threading
from functools import partial
from pathlib import Path

import pytest
from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.file_watch import FileWatch
from pyprobe.gui.find_bar import FindBar
from pyprobe.gui.frame_clock import FrameClock
from pyprobe.gui.messages import Action, Level, MessageBar
from pyprobe.gui.occurrence_text import click_hint, describe_occurrence
from pyprobe.gui.probe_table import Column, ProbeRow, ProbeTable, ProbeTableModel
from pyprobe.gui.sources import source_of_text
from pyprobe.gui.status_bar import StatusBar, format_rate
from pyprobe.gui.theme import DARK, LIGHT
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import ProbeStatus
from tests.gui.hands import hands


class TestMessages:
    """One message is seen at a time; none is lost."""

    @pytest.fixture
    def bar(self, qtbot: QtBot) -> MessageBar:
        bar = MessageBar(LIGHT)
        qtbot.addWidget(bar)
        return bar

    def test_the_newest_is_shown_and_the_others_wait(self, bar: MessageBar) -> None:
        bar.post("one")
        bar.post("two", Level.WARN)
        current = bar.current()
        assert current is not None
        assert (current.text, bar.property("level")) == ("two", "warn")
        bar.dismiss()
        current = bar.current()
        assert current is not None
        assert current.text == "one"
        bar.dismiss()
        bar.dismiss()
        assert bar.current() is None
        assert bar.isHidden()

    def test_a_key_replaces_and_withdraws(self, bar: MessageBar) -> None:
        bar.post("first run", key="ending")
        bar.post("note")
        bar.post("second run", key="ending")
        bar.withdraw("ending")
        current = bar.current()
        assert current is not None
        assert current.text == "note"
        bar.withdraw("absent")

    def test_actions_and_links_run(self, bar: MessageBar) -> None:
        ran: list[str] = []
        bar.post(
            "failed",
            actions=(Action("Again", lambda: ran.append("again")),),
            links=(Action("<a>:1", lambda: ran.append("one"), closes=False),),
        )
        labels = bar.findChildren(QLabel)
        assert any("&lt;a&gt;:1" in label.text() for label in labels)
        bar._follow("0")
        bar._follow("7")
        button = bar._buttons.itemAt(0)
        assert button is not None
        hands.mouseClick(button.widget(), Qt.MouseButton.LeftButton)
        assert ran == ["one", "again"]
        assert bar.current() is None

    def test_many_messages_are_bounded(self, bar: MessageBar) -> None:
        for number in range(500):
            bar.post(f"message {number}")
        assert len(bar._messages) <= 51
        bar.set_theme(DARK)


class TestFrameClock:
    """Many wake-ups make one frame; an idle clock has no timer."""

    def test_wakes_from_threads_are_gathered(self, qtbot: QtBot) -> None:
        frames: list[bool] = []

        def on_frame() -> bool:
            frames.append(True)
            return False

        clock = FrameClock(on_frame)

        def wake_often() -> None:
            for _ in range(1000):
                clock.wake()

        threads = [threading.Thread(target=wake_often) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        qtbot.waitUntil(lambda: bool(frames) and clock.is_idle)
        assert 1 <= len(frames) < 100

    def test_goes_on_while_there_is_more(self, qtbot: QtBot) -> None:
        left = [5]

        def on_frame() -> bool:
            left[0] -= 1
            return left[0] > 0

        clock = FrameClock(on_frame)
        clock.wake()
        qtbot.waitUntil(lambda: left[0] == 0 and clock.is_idle)

    def test_a_stopped_clock_stays_stopped(self, qtbot: QtBot) -> None:
        frames: list[int] = []

        def on_frame(number: int) -> bool:
            frames.append(number)
            return False

        clock = FrameClock(partial(on_frame, 1))
        clock.wake()
        clock.stop()
        clock.wake()
        other = FrameClock(partial(on_frame, 2))
        other.wake()
        qtbot.waitUntil(lambda: 2 in frames)
        assert 1 not in frames


class TestFileWatch:
    """Changes are told however the editor writes."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "x.py"
        path.write_text("1", encoding="utf-8")
        return path

    def test_written_replaced_deleted_and_back(self, qtbot: QtBot, path: Path) -> None:
        watch = FileWatch()
        watch.add(str(path))
        with qtbot.waitSignal(watch.changed):
            path.write_text("22", encoding="utf-8")
        with qtbot.waitSignal(watch.changed):
            other = path.with_suffix(".new")
            other.write_text("333", encoding="utf-8")
            os.replace(other, path)
        with qtbot.waitSignal(watch.changed):
            path.unlink()
        with qtbot.waitSignal(watch.changed):
            path.write_text("4444", encoding="utf-8")
        watch.remove(str(path))
        watch.remove(str(path))

    def test_compare_now_needs_no_event(self, path: Path) -> None:
        watch = FileWatch()
        watch.add(str(path))
        told: list[str] = []
        watch.changed.connect(told.append)
        path.write_text("longer", encoding="utf-8")
        watch.compare_now()
        watch.compare_now()
        assert told == [str(path)]


def make_row(probe_id: int = 1, **changes: object) -> ProbeRow:
    facts: dict[str, object] = {
        "probe_id": probe_id,
        "name": "x @ a.py:1",
        "color": "#0072b2",
        "status": ProbeStatus.LIVE,
        "detail": "",
        "value": "3",
        "rate": "10/s",
        "throttle": "auto",
        "mode": "sampled",
        "drops": 12345,
    }
    return ProbeRow(**{**facts, **changes})  # type: ignore[arg-type]


def editing_a_throttle(qtbot: QtBot) -> tuple[ProbeTable, QLineEdit, list[str]]:
    """Open the editor of a throttle in a list that takes 20ms; what was asked for is told."""
    asked: list[str] = []

    def take(_probe_id: int, text: str) -> bool:
        asked.append(text)
        return text == "20ms"

    model = ProbeTableModel(take)
    model.set_rows([make_row(1)])
    table = ProbeTable(model)
    qtbot.addWidget(table)
    table.show()
    table.activateWindow()  # keys go to the active one, and no window manager chooses it
    qtbot.waitUntil(table.isActiveWindow)
    table.selectRow(0)
    table.throttle_action.trigger()
    (editor,) = table.findChildren(QLineEdit)
    return table, editor, asked


class TestProbeTable:
    """The list shows, edits the throttle in place, and asks for the rest."""

    def test_cells(self) -> None:
        model = ProbeTableModel(lambda *_: True)
        model.set_rows([make_row()])
        texts = [model.data(model.index(0, column), 0) for column in range(model.columnCount())]
        assert texts == ["x @ a.py:1", "live", "3", "10/s", "auto", "12,345"]
        tip = model.data(model.index(0, Column.THROTTLE), Qt.ItemDataRole.ToolTipRole)
        assert "sampled" in tip
        assert model.data(QModelIndex(), 0) is None

    def test_invalid_says_why(self) -> None:
        model = ProbeTableModel(lambda *_: True)
        model.set_rows([make_row(status=ProbeStatus.INVALID, detail="the line was removed")])
        tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
        assert tip == "the line was removed"

    def test_only_the_throttle_can_be_edited(self) -> None:
        asked: list[tuple[int, str]] = []

        def take(probe_id: int, text: str) -> bool:
            asked.append((probe_id, text))
            return True

        model = ProbeTableModel(take)
        model.set_rows([make_row(7)])
        edit = Qt.ItemDataRole.EditRole
        assert model.setData(model.index(0, Column.THROTTLE), " every ", edit)
        assert not model.setData(model.index(0, Column.NAME), "y", edit)
        assert asked == [(7, "every")]

    def test_the_throttle_is_edited_in_sight(self, qtbot: QtBot) -> None:
        model = ProbeTableModel(lambda *_: True)
        table = ProbeTable(model)
        qtbot.addWidget(table)
        model.set_rows([make_row(1)])
        table.resize(200, 200)  # less than its first columns take
        with qtbot.waitExposed(table):
            table.show()
        table.selectRow(0)
        table.throttle_action.trigger()
        (editor,) = table.findChildren(QLineEdit)
        viewport = table.viewport()
        assert viewport is not None
        assert viewport.rect().contains(editor.geometry())

    def test_a_refused_throttle_stays_in_its_editor_until_it_is_mended(self, qtbot: QtBot) -> None:
        _table, editor, asked = editing_a_throttle(qtbot)
        editor.setText("20 m")
        hands.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: editor.selectedText() == "20 m")
        assert asked == ["20 m"]
        assert editor.isVisible()
        assert editor.hasFocus()
        hands.keyClicks(editor, "20ms")
        with qtbot.waitSignal(editor.destroyed):
            hands.keyClick(editor, Qt.Key.Key_Return)
        assert asked == ["20 m", "20ms"]

    @pytest.mark.parametrize("way", ["escape", "elsewhere"])
    def test_a_refused_throttle_can_be_given_up(self, qtbot: QtBot, way: str) -> None:
        table, editor, asked = editing_a_throttle(qtbot)
        editor.setText("now and then")
        hands.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: editor.selectedText() == "now and then")
        with qtbot.waitSignal(editor.destroyed):
            if way == "escape":
                hands.keyClick(editor, Qt.Key.Key_Escape)
            else:
                table.setFocus()
        assert set(asked) == {"now and then"}

    def test_an_update_keeps_the_selection(self, qtbot: QtBot) -> None:
        model = ProbeTableModel(lambda *_: True)
        table = ProbeTable(model)
        qtbot.addWidget(table)
        model.set_rows([make_row(1), make_row(2)])
        table.selectRow(1)
        model.set_rows([make_row(1), make_row(2, value="4")])
        assert model.probe_id(table.currentIndex()) == 2
        with qtbot.waitSignal(table.remove_asked) as asked:
            table.remove_action.trigger()
        assert asked.args == [2]
        with qtbot.waitSignal(table.reveal_asked):
            table.reveal_action.trigger()


class TestFindBar:
    """Finding forwards, backwards, around, and going to a line."""

    @pytest.fixture
    def view(self, qtbot: QtBot) -> CodeView:
        view = CodeView(LIGHT, monospace_font())
        qtbot.addWidget(view)
        text = "alpha = 1\nbeta = alpha\nAlpha = 3\n"
        view.set_source(text, source_of_text("/x.py", text).index)
        view.show()
        return view

    def test_find(self, view: CodeView, qtbot: QtBot) -> None:
        bar = FindBar(view, LIGHT)
        qtbot.addWidget(bar)
        bar.open_find()
        hands.keyClicks(bar.field, "alpha")
        assert view.getSelection() == (0, 0, 0, 5)
        hands.keyClick(bar.field, Qt.Key.Key_Return)
        assert view.getSelection() == (1, 7, 1, 12)
        hands.keyClick(bar.field, Qt.Key.Key_Return)
        assert view.getSelection() == (2, 0, 2, 5)
        hands.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert view.getSelection() == (1, 7, 1, 12)
        bar._exact.setChecked(True)
        hands.keyClicks(bar.field, "x")
        assert bar._result.text() == "Not found"
        hands.keyClick(bar.field, Qt.Key.Key_Escape)
        assert bar.isHidden()

    def test_go_to_line(self, view: CodeView, qtbot: QtBot) -> None:
        bar = FindBar(view, DARK)
        qtbot.addWidget(bar)
        bar.open_line()
        hands.keyClicks(bar.field, "2x")
        hands.keyClick(bar.field, Qt.Key.Key_Return)
        assert view.getCursorPosition() == (1, 0)
        bar.open_line()
        hands.keyClicks(bar.field, "999")
        hands.keyClick(bar.field, Qt.Key.Key_Return)
        assert view.getCursorPosition()[0] == view.lines() - 1


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.0, "0"), (12.345, "12.3"), (999.4, "999"), (1234.0, "1.23 k"), (2.5e6, "2.5 M")],
)
def test_rates(rate: float, text: str) -> None:
    assert format_rate(rate) == text


def test_status_bar_has_accessible_fields(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_state(ProgramState.PAUSED, "line 3")
    bar.show_rate(1500.0)
    bar.show_share(0.081, 5.0)
    bar.show_drops(0)
    bar.show_drops(7)
    bar.show_source("Python 3.11.7: slower", "settrace")
    texts = {label.accessibleName(): label.text() for label in bar.findChildren(QLabel)}
    assert texts["Program state"] == "Paused (line 3)"
    assert texts["Share of the program's time"] == "8.1 % of 5 % budget"
    assert texts["Drops"] == "7 dropped"
    assert all(texts)


def test_every_kind_of_occurrence_is_described() -> None:
    text = "def f(a):\n    a.b = a.c[0]\n    yield a\n    return a\n"
    index = source_of_text("/x.py", text).index
    kinds = set()
    for line in index.lines:
        for occurrence in index.on_line(line):
            kinds.add(occurrence.kind)
            assert occurrence.symbol in describe_occurrence(occurrence)
            assert click_hint(occurrence, is_probed=True).startswith("Click to remove")
    assert kinds == set(OccurrenceKind)
