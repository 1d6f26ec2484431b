"""CodeView: which token lights up, what a click takes, marks, and editing that is not possible."""

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.gui.code_marks import ProbeMark, value_text
from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.sources import source_of_text
from pyprobe.gui.theme import DARK, LIGHT
from pyprobe.session.probe import ProbeStatus
from tests.gui.hands import hands

TEXT = "signal = 3\nname = '😀é'; other = signal + 1\nreturn_value = signal\n" + "# end\n" * 60


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> CodeView:
    view = CodeView(LIGHT, monospace_font())
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_source(TEXT, source_of_text("/x.py", TEXT).index)
    with qtbot.waitExposed(view):
        view.show()
    qapp.processEvents()
    return view


def point(view: CodeView, line: int, col: int) -> QPoint:
    """Return the middle of a character in the view."""
    position = view.positionFromLineIndex(line - 1, col)
    x = view.SendScintilla(view.SCI_POINTXFROMPOSITION, 0, position)
    y = view.SendScintilla(view.SCI_POINTYFROMPOSITION, 0, position)
    return QPoint(x + 3, y + 8)


def click(view: CodeView, at: QPoint) -> None:
    hands.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def make_mark(line: int, col: int, end_col: int, **changes: object) -> ProbeMark:
    facts: dict[str, object] = {
        "probe_id": 1,
        "line": line,
        "col": col,
        "end_col": end_col,
        "symbol": "signal",
        "color": "#0072b2",
        "status": ProbeStatus.LIVE,
        "value": "3",
    }
    return ProbeMark(**{**facts, **changes})  # type: ignore[arg-type]


def hover(view: CodeView, at: QPoint) -> None:
    """Move the pointer as Qt tells the view of it; the real cursor is the whole run's to share."""
    viewport = view.viewport()
    assert viewport is not None
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_exactly_the_token_under_the_pointer_lights_up(view: CodeView) -> None:
    seen: list[Occurrence | None] = []
    view.hovered.connect(seen.append)
    hover(view, point(view, 1, 2))
    hover(view, point(view, 1, 7))  # the "="
    hover(view, point(view, 2, 23))
    assert [one.symbol if one else None for one in seen] == ["signal", None, "signal"]
    start = view.positionFromLineIndex(1, 21)
    on = [view.SendScintilla(view.SCI_INDICATORVALUEAT, 9, start + at) for at in range(-1, 7)]
    assert on == [0, 1, 1, 1, 1, 1, 1, 0]


def test_click_chooses_once_even_when_it_is_double(view: CodeView, qtbot: QtBot) -> None:
    chosen: list[Occurrence] = []
    view.chosen.connect(chosen.append)
    at = point(view, 2, 14)  # behind characters of two and four bytes
    click(view, at)
    hands.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [one.symbol for one in chosen] == ["other"]


def test_a_drag_selects_and_chooses_nothing(view: CodeView) -> None:
    chosen: list[Occurrence] = []
    view.chosen.connect(chosen.append)
    viewport = view.viewport()
    hands.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point(view, 1, 7))  # the "="
    hands.mouseMove(viewport, point(view, 1, 9))
    hands.mouseMove(viewport, point(view, 2, 4))
    hands.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point(view, 2, 4))
    assert chosen == []
    assert view.hasSelectedText()


def test_a_symbol_that_is_carried_away_at_once_selects_no_text(view: CodeView) -> None:
    carried: list[Occurrence] = []
    view.drag_started.connect(carried.append)
    viewport = view.viewport()
    assert viewport is not None
    start, end = point(view, 1, 2), point(view, 2, 4)
    hands.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    there = QPointF(viewport.mapToGlobal(end))
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), there, left, left, none)
    QApplication.sendEvent(viewport, move)
    assert [one.symbol for one in carried] == ["signal"]
    assert not view.hasSelectedText()


def test_what_cannot_be_probed_is_refused(view: CodeView) -> None:
    refused: list[tuple[int, int]] = []
    view.refused.connect(lambda line, col, _at: refused.append((line, col)))
    click(view, point(view, 1, 9))
    assert refused == [(1, 9)]


def test_keys_choose_at_the_caret(view: CodeView) -> None:
    chosen: list[Occurrence] = []
    refused: list[int] = []
    view.chosen.connect(chosen.append)
    view.refused.connect(lambda line, *_: refused.append(line))
    view.setCursorPosition(0, 3)
    hands.keyClick(view, Qt.Key.Key_P)
    view.setCursorPosition(0, 6)  # just behind the token
    hands.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    view.setCursorPosition(3, 1)
    hands.keyClick(view, Qt.Key.Key_P)
    assert [one.symbol for one in chosen] == ["signal", "signal"]
    assert refused == [4]


def test_the_text_cannot_be_edited(view: CodeView) -> None:
    hands.keyClicks(view, "xyz")
    hands.keyClick(view, Qt.Key.Key_Delete)
    hands.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert view.text() == TEXT


def test_marks_color_their_tokens_and_their_discs_answer(view: CodeView, qtbot: QtBot) -> None:
    view.set_marks([make_mark(1, 0, 6), make_mark(2, 21, 27, probe_id=2, color="#d55e00")])
    inside = view.positionFromLineIndex(1, 24)
    value = view.SendScintilla(view.SCI_INDICATORVALUEAT, 8, inside)
    assert value & 0xFFFFFF == 0x005ED5
    margin_x = view.text_left - 11
    with qtbot.waitSignal(view.mark_clicked) as clicked:
        click(view, QPoint(margin_x, point(view, 2, 0).y()))
    assert clicked.args == [2]
    view.set_marks([])
    assert view.SendScintilla(view.SCI_INDICATORVALUEAT, 8, inside) == 0


@pytest.mark.parametrize("status", list(ProbeStatus))
def test_every_state_can_be_painted(view: CodeView, status: ProbeStatus) -> None:
    blank = view.grab().toImage()
    view.set_marks([make_mark(1, 0, 6, status=status)])
    assert view.grab().toImage() != blank
    view.set_look(DARK, monospace_font(14))
    view.zoomIn()
    assert not view.grab().isNull()


def test_states_look_different(view: CodeView) -> None:
    pictures = []
    for status in ProbeStatus:
        view.set_marks([make_mark(1, 0, 6, status=status, value="1")])
        margin = view.text_left - 22
        pictures.append(view.grab().toImage().copy(margin, 0, 22, 20))
    assert all(
        one != other for place, one in enumerate(pictures) for other in pictures[place + 1 :]
    )


def test_values_behind_a_line() -> None:
    assert value_text(make_mark(1, 0, 6)) == "signal = 3"
    armed = make_mark(1, 0, 6, value="", status=ProbeStatus.ARMED)
    assert value_text(armed) == "signal: armed"
    finished = make_mark(1, 0, 6, value="", status=ProbeStatus.FINISHED)
    assert value_text(finished) == "signal: never captured"
    invalid = make_mark(1, 0, 6, value="", status=ProbeStatus.INVALID)
    assert value_text(invalid) == "signal: cannot be probed"


def test_new_text_keeps_the_place(view: CodeView) -> None:
    view.setFirstVisibleLine(20)
    view.setCursorPosition(25, 0)
    view.set_source("# new\n" + TEXT, source_of_text("/x.py", "# new\n" + TEXT).index)
    assert view.firstVisibleLine() == 20
    assert view.getCursorPosition() == (25, 0)


def test_token_rectangles_are_on_the_screen(view: CodeView) -> None:
    occurrence = view.occurrence_at(2, 24)
    assert occurrence is not None
    rect = view.token_rect(occurrence)
    assert rect is not None
    local = view.viewport().mapFromGlobal(rect.center())  # type: ignore[union-attr]
    seen: list[Occurrence] = []
    view.chosen.connect(seen.append)
    click(view, local)
    assert seen == [occurrence]
    view.setFirstVisibleLine(30)
    assert view.token_rect(occurrence) is None
    assert occurrence not in view.visible_occurrences()
