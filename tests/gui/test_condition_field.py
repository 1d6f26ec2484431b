"""A condition is checked as it is typed and completed with the names in scope."""

import gc

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PyQt6.QtGui import QIcon, QMouseEvent
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pyprobe.gui.breakpoint_panel import BreakpointPanel, BreakpointRow
from pyprobe.gui.condition_field import ConditionField, ConditionLine
from pyprobe.gui.condition_names import attributes_of, names_at, scope_at
from pyprobe.gui.sources import source_of_text
from pyprobe.gui.theme import LIGHT
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands

TEXT = """\
LIMIT = 3
class Server:
    def __init__(self, name):
        self.name = name
        self.queue = []
    def serve(self, job):
        time = job.size * LIMIT
        self.queue.append(time)
        return time
def other(cost):
    return cost
"""
NAMES = {"": ["temp", "temperature", "mode"], "self": ["name", "queue"]}


def field(qtbot: QtBot, *, allow_empty: bool = False) -> ConditionField:
    made = ConditionField(lambda base: NAMES.get(base, ()), allow_empty=allow_empty)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.line.setFocus()
    return made


def offered(made: ConditionField) -> list[str]:
    popup = made.line.completer_popup.popup()
    model = made.line.completer_popup.model()
    if popup is None or model is None or not popup.isVisible():
        return []
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_a_text_that_is_too_long_is_said_and_never_cut(qtbot: QtBot) -> None:
    made = field(qtbot)
    made.line.insert("mode == 1, " * 1200 + "mode == 12")
    assert len(made.text) == 13_210
    assert made.problem_text == "Expected at most 10,000 characters, got 13,210"


def test_names_in_scope_are_those_around_the_line() -> None:
    source = source_of_text("model.py", TEXT)
    assert scope_at(source, 7) == "Server.serve"
    inside = names_at(source, 7)
    assert inside[:1] != ["LIMIT"]
    assert {"self", "job", "time", "LIMIT", "Server"} <= set(inside)
    assert "cost" not in inside
    assert "cost" in names_at(source, 11)
    assert attributes_of(source, "self") == ["name", "queue"]
    assert attributes_of(source, "job") == ["size"]
    two = source_of_text(
        "two.py", f"{TEXT}class Oven:\n    def heat(self):\n        self.heat_c = 1\n"
    )
    assert attributes_of(two, "self") == ["heat_c", "name", "queue"]
    assert attributes_of(two, "self", 7) == ["name", "queue"]
    assert attributes_of(two, "self", 14) == ["heat_c"]


def test_what_is_wrong_is_said_while_typing(qapp: QApplication, qtbot: QtBot) -> None:
    made = field(qtbot)
    hands.keyClicks(made.line, "mode >> 3")
    assert "Expected operator" in made.problem.text()
    assert made.line.property("wrong") is True
    assert not made.take()
    made.line.selectAll()
    hands.keyClicks(made.line, "mode > 3")
    assert not made.problem.isVisible()
    with qtbot.waitSignal(made.taken) as taken:
        hands.keyClick(made.line, Qt.Key.Key_Return)
    assert taken.args == ["mode > 3"]


def test_a_python_expression_is_marked(qapp: QApplication, qtbot: QtBot) -> None:
    made = field(qtbot)
    made.line.setText("py: len(queue) > 3")
    assert made.problem.text() == "runs code of the program"
    assert made.problem.property("note") is True


def test_names_are_offered_and_put_in(qapp: QApplication, qtbot: QtBot) -> None:
    made = field(qtbot)
    hands.keyClicks(made.line, "te")
    assert offered(made) == ["temp", "temperature"]
    popup = made.line.completer_popup.popup()
    assert popup is not None
    hands.keyClick(popup, Qt.Key.Key_Down)
    hands.keyClick(popup, Qt.Key.Key_Down)
    hands.keyClick(popup, Qt.Key.Key_Return)
    assert made.text == "temperature"
    hands.keyClicks(made.line, " > 3, self.")
    assert offered(made) == ["name", "queue"]


def test_escape_brings_back_what_was_there(qapp: QApplication, qtbot: QtBot) -> None:
    made = field(qtbot, allow_empty=True)
    made.show_text("temp > 1")
    hands.keyClicks(made.line, "234")
    hands.keyClick(made.line, Qt.Key.Key_Escape)
    assert made.text == "temp > 1"


def test_an_empty_source_has_no_names() -> None:
    source = source_of_text("empty.py", "")
    assert names_at(source, 1) == []
    assert scope_at(source, 1) == "<module>"


def test_names_are_offered_inside_the_braces_of_a_message(qapp: QApplication, qtbot: QtBot) -> None:
    panel = BreakpointPanel(LIGHT)
    panel.names_of = lambda _id: lambda base: NAMES.get(base, ())
    panel.resize(1100, 200)
    qtbot.addWidget(panel)
    shown = BreakpointRow(1, "a.py:3", "", "", "", 0, "on", True, QIcon(), "", is_line=True)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_rows([shown])
    item = panel.list.topLevelItem(0)
    panel.list.editItem(item, 3)
    line = panel.list.findChild(ConditionLine)
    assert line is not None
    assert line.accessibleName() == "Log message"
    hands.keyClicks(line, "te is {te")
    popup = line.completer_popup.popup()
    assert popup is not None
    assert popup.isVisible()
    hands.keyClick(popup, Qt.Key.Key_Down)
    hands.keyClick(popup, Qt.Key.Key_Return)
    assert line.text() == "te is {temp"
    hands.keyClicks(line, "} {self.")
    assert popup.isVisible()
    hands.keyClicks(line, "queue} te")
    assert not popup.isVisible()
    with qtbot.waitSignal(panel.edited) as edited:
        hands.keyClick(line, Qt.Key.Key_Return)
    assert edited.args == [1, "message", "te is {temp} {self.queue} te"]


def test_a_press_beside_the_offered_names_reaches_what_was_pressed(
    qapp: QApplication, qtbot: QtBot
) -> None:
    made, button = ConditionField(lambda base: NAMES.get(base, ())), QPushButton("Done")
    shown = QWidget()
    layout = QVBoxLayout(shown)
    layout.addWidget(made)
    layout.addSpacing(200)  # the list of names lies there
    layout.addWidget(button)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    made.line.setFocus()
    gc.collect()
    hands.keyClicks(made.line, "te")
    assert offered(made)
    at = button.mapTo(shown, button.rect().center())
    with qtbot.waitSignal(button.clicked):
        hands.mouseClick(shown.windowHandle(), Qt.MouseButton.LeftButton, pos=at)
    assert not offered(made)

    # A press on a name takes it, and nothing below.
    made.line.setFocus()
    hands.keyClicks(made.line, "m")
    assert offered(made) == ["temp", "temperature"]
    popup = made.line.completer_popup.popup()
    assert popup is not None
    with qtbot.assertNotEmitted(button.clicked):
        hands.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 5))
    assert made.text == "temp"


class Ground(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        self.heard.append("press")

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        self.heard.append("release")


def test_a_press_is_released_though_its_field_is_gone(qapp: QApplication, qtbot: QtBot) -> None:
    ground = Ground()
    ground.resize(400, 400)
    made = ConditionField(lambda base: NAMES.get(base, ()))
    made.setParent(ground)
    qtbot.addWidget(ground)
    with qtbot.waitExposed(ground):
        ground.show()
    made.line.setFocus()
    hands.keyClicks(made.line, "te")
    assert offered(made)
    hands.mousePress(ground.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(200, 390))
    assert ground.heard == ["press"]
    made.deleteLater()  # as a list closes the editor of a cell that was left
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert ground.heard == ["press", "release"]
    hands.mouseRelease(ground.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(200, 390))
    assert ground.heard == ["press", "release"]


@pytest.mark.parametrize("kind", ["breakpoint", "data"])
def test_what_is_wrong_is_said_at_its_field_and_nowhere_else(
    open_main_window: OpenWindow, kind: str
) -> None:
    window = open_main_window("total = 0\nfor index in range(9):\n    total += index\n")
    path, parts = window.program_to_run.script_path, window.debug
    page = window.source_area.current_page
    assert path is not None
    assert parts is not None
    assert page is not None
    occurrence = page.view.occurrence_at(3, 4)
    assert occurrence is not None
    editor = (
        parts.breakpoints.edit(path, 3)
        if kind == "breakpoint"
        else parts.data_breakpoints.ask(path, occurrence)
    )
    assert editor is not None
    height = editor.height()
    hands.keyClicks(editor.condition.line, "total >> 3")
    problem = editor.condition.problem
    needed = problem.heightForWidth(problem.width()) + 4  # with the gap above it
    assert height < editor.height() <= height + needed
    hands.keyClick(editor.condition.line, Qt.Key.Key_Return)
    said = [label for label in editor.findChildren(QLabel, "fieldProblem") if label.isVisible()]
    assert said == [editor.condition.problem]
    assert "Expected operator" in said[0].text()
    assert window.focusWidget() is editor.condition.line

    # It takes no more room than it needs.
    editor.condition.line.setText("total")
    assert editor.height() == height
    editor.enter()
    assert not editor.isVisible()
    (one,) = parts.breakpoints.all
    assert one.record.condition == "total"
