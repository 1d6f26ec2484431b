"""The panels of a stopped program, filled by answers as a program gives them."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QImage, QPainter
from PyQt6.QtWidgets import QApplication, QLabel, QTreeWidget, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from pyprobe.core.debug.records import BreakpointState, StopPlace, StopReason
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.gui.breakpoint_marks import (
    BreakpointKind,
    BreakpointMark,
    breakpoint_icon,
    paint_arrow,
)
from pyprobe.gui.breakpoint_panel import BreakpointPanel
from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.debug_answers import (
    Answered,
    Failed,
    FrameRow,
    VariablePage,
    VariableRow,
    read_frames,
    read_threads,
)
from pyprobe.gui.debug_inline import inline_texts
from pyprobe.gui.folding_row import FoldingRow
from pyprobe.gui.follow_bar import FollowBar
from pyprobe.gui.run_sign import RunSign, SignKind, SignText
from pyprobe.gui.run_sign_text import place_of, reason_of
from pyprobe.gui.snapshot_panel import SnapshotPanel
from pyprobe.gui.snapshot_watches import WatchRow
from pyprobe.gui.sources import source_of_text
from pyprobe.gui.stack_panel import StackPanel
from pyprobe.gui.theme import DARK, LIGHT
from pyprobe.gui.variables_control import telling_part
from pyprobe.gui.variables_panel import VariablesPanel
from pyprobe.gui.variables_tree import VariablePlace, VariablesTree, written
from tests.gui.hands import hands

Plain = dict[str, object]


def row(name: str, text: str, *, parts: int = -1, kind: str = "int") -> Plain:
    step = ["k", name]
    return {"name": name, "step": step, "text": text, "type": kind, "parts": parts, "number": True}


class Program:
    """A program that stands, and answers at once."""

    def __init__(self) -> None:
        self.asked: list[Plain] = []
        self.locals = [row("n", "1"), row("self", "<Server>", parts=2, kind="Server")]
        self.inside = [row("name", "'Server 3'", kind="str"), row("served", "7")]
        self.globals = [row(f"g{number}", str(number)) for number in range(250)]

    def ask(self, request: Plain, answered: Answered, failed: Failed) -> None:
        self.asked.append(request)
        start, count = request["start"], request["count"]
        assert isinstance(start, int)
        assert isinstance(count, int)
        rows = self.globals if request["scope"] == "globals" else self.locals
        if request["path"] == [["k", "self"]] or request["path"] == ["$1"]:
            rows = self.inside
        elif request["path"]:
            failed("there is no such variable any more")
            return
        answered({"total": len(rows), "rows": rows[start : start + count]})


def shown(item: QTreeWidgetItem) -> dict[str, str]:
    children = [item.child(at) for at in range(item.childCount())]
    return {child.text(0): child.text(1) for child in children if child is not None}


def top(tree: VariablesTree, text: str) -> QTreeWidgetItem:
    items = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return next(item for item in items if item is not None and item.text(0) == text)


@pytest.fixture
def tree(qapp: QApplication, qtbot: QtBot) -> VariablesTree:
    made = VariablesTree(LIGHT)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


WHERE = ("model.py", "serve")


def test_only_what_is_unfolded_is_asked_for(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    assert [one["scope"] for one in program.asked] == ["locals"]
    assert shown(top(tree, "Locals")) == {"n": "1", "self": "<Server>"}
    assert tree.top_texts() == {"n": "1", "self": "<Server>"}
    server = top(tree, "Locals").child(1)
    assert server is not None
    server.setExpanded(True)
    assert shown(server) == {"name": "'Server 3'", "served": "7"}
    assert written(("self", "queue", "[0]", "cost")) == "self.queue[0].cost"


def test_what_was_unfolded_stays_so_and_changes_are_marked(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    server = top(tree, "Locals").child(1)
    assert server is not None
    server.setExpanded(True)
    program.inside[1] = row("served", "8")
    tree.show_frame(program.ask, 0, WHERE)
    server = top(tree, "Locals").child(1)
    assert server is not None
    assert server.isExpanded()
    name, served = server.child(0), server.child(1)
    assert name is not None
    assert served is not None
    assert served.foreground(1).color().name() == LIGHT.accent
    assert name.foreground(1).color().name() != LIGHT.accent


def test_long_scopes_come_page_by_page(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    scope = top(tree, "Globals")
    scope.setExpanded(True)
    assert scope.childCount() == 101
    more = scope.child(100)
    assert more is not None
    assert more.text(0) == "… 150 more"
    tree.itemActivated.emit(more, 0)
    assert scope.childCount() == 201
    assert program.asked[-1]["start"] == 100


def test_a_value_is_written_into_its_cell(tree: VariablesTree, qtbot: QtBot) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    number = top(tree, "Locals").child(0)
    assert number is not None
    with qtbot.waitSignal(tree.set_asked) as asked:
        number.setText(1, "42")
    place, text = asked.args or (None, None)
    assert isinstance(place, VariablePlace)
    assert (place.scope, place.path, text) == ("locals", (["k", "n"],), "42")
    assert number.text(1) == "1", "the program says what is true"


def test_results_can_be_unfolded_and_errors_are_red(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    tree.add_result("self", VariableRow("self", [], "<Server>", "Server", 2, False), "$1", "")
    result = top(tree, "self")
    result.setExpanded(True)
    assert shown(result) == {"name": "'Server 3'", "served": "7"}
    tree.add_result("1/0", VariableRow("1/0", [], "", "", -1, False), "", "ZeroDivisionError: …")
    assert top(tree, "1/0").foreground(1).color().name() == LIGHT.bad
    tree.show_nothing()
    assert top(tree, "self").foreground(0).color().name() == LIGHT.muted


def test_results_of_an_earlier_stop_stand_below_the_variables(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    for text in ("a", "b"):
        tree.add_result(text, VariableRow(text, [], "1", "int", 0, False), "", "")
    tree.show_frame(program.ask, 0, WHERE)
    tree.add_result("c", VariableRow("c", [], "1", "int", 0, False), "", "")
    tops = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    assert [item.text(0) for item in tops if item] == ["c", "Locals", "Globals", "b", "a"]


def test_a_part_that_is_gone_says_so(tree: VariablesTree) -> None:
    program = Program()
    tree.show_frame(program.ask, 0, WHERE)
    gone = top(tree, "Locals").child(0)
    assert gone is not None
    tree.itemExpanded.emit(gone)
    told = gone.child(0)
    assert told is not None
    assert "no such variable" in told.text(0)


def test_the_line_keeps_its_history(qapp: QApplication, qtbot: QtBot) -> None:
    panel = VariablesPanel(DARK, monospace_font())
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.line.isEnabled()
    panel.show_standing(True)
    entered: list[str] = []
    panel.line.entered.connect(entered.append)
    for text in ("a + 1", "b"):
        hands.keyClicks(panel.line, text)
        hands.keyClick(panel.line, Qt.Key.Key_Return)
    hands.keyClicks(panel.line, "dra")
    hands.keyClick(panel.line, Qt.Key.Key_Up)
    hands.keyClick(panel.line, Qt.Key.Key_Up)
    assert panel.line.text() == "a + 1"
    hands.keyClick(panel.line, Qt.Key.Key_Down)
    hands.keyClick(panel.line, Qt.Key.Key_Down)
    assert panel.line.text() == "dra"
    assert entered == ["a + 1", "b"]


FRAMES: Plain = {
    "frames": [
        {"index": 0, "file": "/p/model.py", "line": 7, "function": "serve", "is_mine": True},
        {"index": 1, "file": "/lib/core.py", "line": 200, "function": "step", "is_mine": False},
        {"index": 2, "file": "/p/model.py", "line": 30, "function": "main", "kind": "awaiting"},
    ]
}


def test_the_stack_shows_frames_and_threads(qapp: QApplication, qtbot: QtBot) -> None:
    panel = StackPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_frames(read_frames(FRAMES))
    texts = [panel.list.topLevelItem(at) for at in range(3)]
    assert [one.text(0) for one in texts if one] == ["serve", "step", "awaits: main"]
    assert [one.text(1) for one in texts if one] == ["model.py:7", "core.py:200", "model.py:30"]
    with qtbot.waitSignal(panel.frame_chosen) as chosen:
        panel.list.setCurrentItem(panel.list.topLevelItem(1))
    assert isinstance((chosen.args or [None])[0], FrameRow)
    threads = read_threads({"threads": [[5, "Main", "a.py", 3, "f", True], [6, "T", "", 0, "", 0]]})
    panel.show_threads(threads, 5)
    assert [panel.threads.itemData(at) for at in range(2)] == [5, 0]
    with qtbot.waitSignal(panel.stepping_changed) as changed:
        panel.my_code.click()
    assert changed.args == [True, False]
    panel.show_running()
    assert not panel.list.isEnabled()
    panel.show_frames(read_frames(FRAMES))
    assert panel.list.isEnabled()


def test_malformed_answers_are_left_out() -> None:
    assert read_frames({"frames": "no"}) == []
    assert read_frames({"frames": [3, {"index": "x"}]})[0].index == 0
    assert read_threads({"threads": [[1, 2]]}) == []


def test_the_sign_is_read_from_afar(qapp: QApplication, qtbot: QtBot) -> None:
    sign = RunSign(DARK)
    qtbot.addWidget(sign)
    sign.resize(400, 28)
    sign.show()
    sign.show_text(SignText(SignKind.STANDS, "STOPPED", "model.py:41 in serve · breakpoint"))
    assert sign.accessibleDescription() == "STOPPED model.py:41 in serve · breakpoint"
    image = sign.grab().toImage()
    assert image.pixelColor(QPoint(390, 5)).name() == DARK.warn
    sign.show_text(SignText(SignKind.QUIET, ""))
    assert sign.grab().toImage().pixelColor(QPoint(390, 5)).name() != DARK.warn


def test_the_sign_says_why_as_far_as_there_is_room(qapp: QApplication) -> None:
    change = "gain was 0.65, is 0.7; bound in line 19"
    text = SignText(
        SignKind.STANDS,
        "STOPPED",
        f"model.py:41 in serve · {change}",
        (f"model.py:41 · {change}", "model.py:41 · gain was 0.65, is 0.7"),
        ("model.py:41", "line 41"),
    )
    metrics = QFontMetricsF(qapp.font())

    def said_in_the_room_of(words: str) -> str:
        return text.wording(metrics, metrics.horizontalAdvance(words) + 1.0)

    for whole in (text.detail, *text.shorter, "model.py:41", "line 41"):
        assert said_in_the_room_of(whole) == whole
    assert said_in_the_room_of("model.py:41 · gain was 0.65, …") == "model.py:41 · gain was 0.65, …"
    assert said_in_the_room_of("model.py:41 · gain") == "model.py:41"
    assert said_in_the_room_of("line…") == "line…"


@pytest.mark.parametrize(
    ("reason", "detail", "said"),
    [
        (StopReason.BREAKPOINT, "n > 3", "breakpoint: n > 3"),
        (StopReason.STEP, "f returned 3", "f returned 3"),
        (StopReason.STEP, "", "step"),
        (StopReason.PAUSE, "", "paused"),
    ],
)
def test_why_it_stands(reason: StopReason, detail: str, said: str) -> None:
    stop = StopPlace(1, "Main", reason, "/p/model.py", 41, "Server.serve", detail=detail)
    assert reason_of(stop) == said
    assert place_of(stop) == "model.py:41 in Server.serve"


TEXT = """\
total = 0
def add(a, b):
    both = a + b
    return both
result = add(total, 2)
"""


def test_values_stand_behind_the_lines_up_to_the_stop() -> None:
    source = source_of_text("model.py", TEXT)
    values = {"a": "1", "b": "2", "both": "x" * 60}
    texts = inline_texts(source, 4, "add", values)
    assert texts[2] == "a = 1   b = 2"
    assert texts[3].startswith("both = ")
    assert texts[3].endswith("a = 1   b = 2")
    assert "…" in texts[3]
    assert 4 not in texts, "what is long is told where it is bound"
    assert 5 not in texts
    assert inline_texts(source, 2, "add", values).keys() == {2}
    long = inline_texts(source, 2, "add", {"a": "81.01837570223351", "b": "-1.5e-07"})
    assert long[2] == "a = 81.01838   b = -1.5e-07"


def rows(*named: tuple[str, str, str]) -> VariablePage:
    made = tuple(VariableRow(name, [], text, kind, -1, False) for name, kind, text in named)
    return VariablePage(len(made), made)


def test_an_object_is_told_by_its_name() -> None:
    page = rows(("busy", "bool", "True"), ("served", "int", "3"), ("name", "str", "'Server 3'"))
    found = telling_part(page)
    assert found is not None
    assert found.name == "name"
    assert telling_part(rows(("busy", "bool", "True"))) is None


def test_each_kind_and_state_of_a_breakpoint_has_a_shape_of_its_own(qapp: QApplication) -> None:
    looks = [
        *(BreakpointMark(1, 1, kind, BreakpointState.SET) for kind in BreakpointKind),
        *(BreakpointMark(1, 1, BreakpointKind.STOP, state) for state in BreakpointState),
        BreakpointMark(1, 1, BreakpointKind.STOP, BreakpointState.SET, one_shot=True),
    ]
    for theme in (LIGHT, DARK):
        images = [breakpoint_icon(look, theme).pixmap(48, 48).toImage() for look in looks]
        same = [
            (one, other)
            for one in range(len(looks))
            for other in range(one + 1, len(looks))
            if images[one] == images[other] and looks[one] != looks[other]
        ]
        assert same == []


def test_an_arrow_marks_where_it_stands(qapp: QApplication) -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_arrow(painter, QRectF(0, 0, 18, 20), LIGHT)
    painter.end()
    assert image.pixelColor(8, 10).name() == LIGHT.warn
    assert image.pixelColor(2, 2).name() == "#ffffff"


def shown_columns(tree: QTreeWidget, width_em: int) -> list[str]:
    """Give a list this room, and return the columns that it shows then."""
    tree.resize(width_em * tree.fontMetrics().horizontalAdvance("0") + 20, 200)
    header = tree.headerItem()
    assert header is not None
    columns = range(tree.columnCount())
    return [header.text(at) for at in columns if not tree.isColumnHidden(at)]


def test_lists_show_the_columns_there_is_room_for(qtbot: QtBot) -> None:
    breakpoints, snapshots = BreakpointPanel(LIGHT), SnapshotPanel(LIGHT, lambda _base: ())
    few = ["Where", "Condition", "Hits", "State"]
    for panel in (breakpoints, snapshots):
        qtbot.addWidget(panel)
    for tree in (breakpoints.list, snapshots.list):
        tree.setParent(None)
        qtbot.addWidget(tree)
        tree.show()
    assert shown_columns(breakpoints.list, 40) == few
    assert shown_columns(breakpoints.list, 70) == [*few[:2], "Log message", *few[2:]]
    assert shown_columns(breakpoints.list, 110) == [*few[:2], "Hit count", "Log message", *few[2:]]
    assert shown_columns(snapshots.list, 30) == ["#", "Label", "Time"]
    assert shown_columns(snapshots.list, 45) == ["#", "Label", "Time", "Capture"]
    assert shown_columns(snapshots.list, 70) == ["#", "Label", "Time", "Capture", "Place"]


def test_what_is_typed_has_its_room_in_a_low_dock(qtbot: QtBot) -> None:
    panel = SnapshotPanel(LIGHT, lambda _base: ())
    qtbot.addWidget(panel)
    right = panel.tree.parentWidget()
    assert right is not None
    for shown, is_shown in ((panel.empty, False), (panel.list, True), (right, True)):
        shown.setVisible(is_shown)  # as with snapshots
    waiting = WatchRow(1, "rise(fault)", WatchAction.SNAPSHOT, "fault", True, "waiting", "")
    panel.watches.show_rows([waiting, replace(waiting, watch_id=2)])
    field = panel.watches.condition
    field.line.setText("wave > 0.5 & fault & other & another")
    panel.resize(420, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.resize(420, panel.watches.heightForWidth(420) + 62)
    assert field.line.height() >= field.line.sizeHint().height()
    assert field.problem.height() >= field.problem.heightForWidth(field.problem.width())


def test_the_place_of_a_frame_is_shortened_in_its_middle(qtbot: QtBot) -> None:
    bar = FollowBar()
    qtbot.addWidget(bar)
    em = bar.place.fontMetrics().horizontalAdvance("0")
    bar.resize(40 * em, 40)
    bar.show()
    bar.show_place("Server.serve · queue_servers.py:42")
    assert bar.place.text().startswith("Server")
    assert bar.place.text().endswith(":42")
    assert "…" in bar.place.text()
    bar.resize(100 * em, 40)
    assert bar.place.text() == "Server.serve · queue_servers.py:42"


def test_a_row_that_folds_wishes_for_the_room_in_which_it_need_not(qtbot: QtBot) -> None:
    left, right = QLabel("left"), QLabel("right")
    around = QWidget()
    qtbot.addWidget(around)
    row = FoldingRow(left, right)
    row.setParent(around)
    around.show()
    wished_px = row.sizeHint().width()
    row.resize(wished_px - 1, 60)
    qtbot.waitUntil(lambda: left.y() < right.y())
    assert row.sizeHint().width() == wished_px
    row.resize(wished_px, 60)
    qtbot.waitUntil(lambda: left.y() == right.y())
