"""The trigger panel: set, shown as on a scope, built from the plot, undone."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from pyprobe.core.trigger import Trigger, TriggerMode, TriggerState
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.theme import LIGHT
from pyprobe.gui.trigger_control import TriggerControl
from pyprobe.gui.trigger_panel import ALL_PROBES
from pyprobe.gui.trigger_words import Form, condition_text, read_level, tag_of
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.trigger_level import TriggerLevel
from pyprobe.session.probe import Probe
from pyprobe.session.session import Session
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import toggle

SAW = """\
import time
n = 0
while True:
    n = (n + 1) % 100
    time.sleep(0.0005)
"""


@pytest.mark.parametrize("form", [form for form in Form if form.has_level])
def test_a_level_is_read_back_from_its_condition(form: Form) -> None:
    assert read_level(condition_text(form, "self.x", -2.5e-7), "self.x") == (form, -2.5e-7)
    assert read_level("y > 3", "x") is None


def open_trigger(open_main_window: OpenWindow) -> tuple[MainWindow, Probe, TriggerControl]:
    window = open_main_window(SAW)
    probe = toggle(window, 4, 4)
    assert window.debug is not None
    window.debug.open_trigger(probe.id)
    return window, probe, window.debug.triggers


def test_the_fields_set_the_trigger(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window, probe, control = open_trigger(open_main_window)
    panel = control.panel
    assert panel.lamp.text == "NO TRIGGER"
    hands.keyClicks(panel.condition.line, "n == 50")
    hands.keyClick(panel.condition.line, Qt.Key.Key_Return)
    assert probe.trigger == Trigger("n == 50")
    panel.pre.setValue(10)
    panel.post.setValue(20)
    single = panel.modes.button(2)
    assert single is not None
    single.click()
    assert probe.trigger == Trigger("n == 50", TriggerMode.SINGLE, 10, 20)
    assert panel.lamp.text == "SET"
    window.program.run()
    qtbot.waitUntil(lambda: probe.captured == 31, timeout=20_000)

    def has_stopped() -> bool:
        reading = probe.trigger_reading
        return reading is not None and reading.state is TriggerState.STOPPED

    qtbot.waitUntil(has_stopped, timeout=20_000)
    control.update()
    assert panel.lamp.text == "STOPPED × 1"
    panel.again.click()
    qtbot.waitUntil(lambda: probe.captured == 62, timeout=20_000)
    window.undo.undo()
    assert probe.trigger is None


def test_a_wrong_condition_changes_nothing(open_main_window: OpenWindow) -> None:
    _window, probe, control = open_trigger(open_main_window)
    hands.keyClicks(control.panel.condition.line, "n >> 50")
    hands.keyClick(control.panel.condition.line, Qt.Key.Key_Return)
    assert probe.trigger is None
    assert "Expected operator" in control.panel.condition.problem.text()


def test_the_level_is_clicked_in_the_plot(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window, probe, control = open_trigger(open_main_window)
    assert tag_of(probe) == "n"
    window.program.run()
    qtbot.waitUntil(lambda: probe.captured > 120, timeout=20_000)
    traces = window.traces
    assert traces is not None
    panel = traces.panels[probe.id]
    qtbot.waitUntil(lambda: isinstance(panel.lens, ScalarHistoryLens))
    lens = panel.lens
    assert isinstance(lens, ScalarHistoryLens)
    rising = control.panel.forms.menu()
    assert rising is not None
    next(one for one in rising.actions() if one.text() == Form.RISING.value).trigger()
    frame = lens.frame
    middle = QPoint(round(frame.left + frame.width / 2), round(frame.top + frame.height / 2))
    hands.mouseClick(lens, Qt.MouseButton.LeftButton, pos=middle)
    assert probe.trigger is not None
    found = read_level(probe.trigger.condition, "n")
    assert found is not None
    form, level = found
    assert form is Form.RISING
    assert 30 < level < 70
    hands.mousePress(lens, Qt.MouseButton.LeftButton, pos=middle)
    hands.mouseMove(lens, middle - QPoint(0, 20))
    hands.mouseRelease(lens, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 20))
    moved = read_level(probe.trigger.condition, "n")
    assert moved is not None
    assert moved[1] > level
    qtbot.waitUntil(lambda: probe.trigger_reading is not None, timeout=20_000)

    # The line says what holds, and goes where no level does.
    (line,) = [tool for tool in lens.tools if isinstance(tool, TriggerLevel)]
    control.set_trigger(probe.id, Trigger("n > 7"))
    assert (line.value, line.direction) == (7.0, 0)
    control.set_trigger(probe.id, None)
    assert line not in lens.tools
    assert not control.panel.level.isChecked()


def test_snapshots_are_listed_and_looked_into(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(SAW)
    probe = toggle(window, 4, 4)
    assert window.debug is not None
    window.debug.open("snapshots")
    control = window.debug.snapshots
    watches = control.panel.watches
    hands.keyClicks(watches.condition.line, "n == 42")
    hands.keyClicks(watches.label, "answer")
    hands.keyClick(watches.label, Qt.Key.Key_Return)
    assert window.session.state.value == "idle"
    (one,) = window.debug.snapshots.watches
    assert (one.watch.condition, one.watch.action, one.label) == (
        "n == 42",
        WatchAction.SNAPSHOT,
        "answer",
    )
    window.program.run()
    qtbot.waitUntil(lambda: control.panel.list.topLevelItemCount() >= 2, timeout=20_000)
    first = control.panel.list.topLevelItem(0)
    assert first is not None
    assert first.text(1) == "answer"
    control.panel.list.setCurrentItem(first)
    tree = control.panel.tree
    probes, variables = tree.topLevelItem(0), tree.topLevelItem(1)
    assert probes is not None
    assert variables is not None
    moment = probes.child(0)
    assert moment is not None
    assert (moment.text(0), moment.text(1)) == (probe.title, "42")
    assert "n" in [variables.child(row).text(0) for row in range(variables.childCount())]  # type: ignore[union-attr]
    control.panel.go.click()
    assert not window.time.cursor.is_live
    window.show_values()
    assert window.probe_model.rows[0].value == "42"
    item = watches.list.topLevelItem(0)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not control.watches[0].is_on
    watches.list.setCurrentItem(item)
    hands.keyClick(watches.list, Qt.Key.Key_Delete)
    assert control.watches == ()


def test_the_menus_of_plot_and_list_lead_to_the_trigger(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(SAW)
    probe, other = toggle(window, 4, 4), toggle(window, 4, 9)
    assert window.debug is not None
    traces = window.traces
    assert traces is not None
    qtbot.waitUntil(lambda: other.id in traces.panels)
    menu = traces.panels[other.id].build_menu()
    next(one for one in menu.actions() if one.text() == "Trigger…").trigger()
    menu.deleteLater()
    assert window.debug.triggers.panel.probe_id == other.id
    window.probe_table.trigger_asked.emit(probe.id)
    assert window.debug.triggers.panel.probe_id == probe.id
    window.session.set_trigger(probe, Trigger("n == 50"))  # type: ignore[attr-defined]
    window.show_values()
    assert [row.trigger for row in window.probe_model.rows] == ["set", ""]


PAIR = """\
import time
for number in range(100000):
    a = number % 100
    b = 2 * a
    time.sleep(0.0005)
"""


def test_all_probes_share_one_trigger(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(PAIR)
    a, b = toggle(window, 3, 4), toggle(window, 4, 4)
    assert window.debug is not None
    window.debug.open_trigger()
    control = window.debug.triggers
    panel = control.panel
    assert panel.probe_box.itemText(2) == "All probes, as one"
    panel.choose(ALL_PROBES)
    assert {"a", "b", "number"} <= set(control._names(""))
    hands.keyClicks(panel.condition.line, "a == 50")
    hands.keyClick(panel.condition.line, Qt.Key.Key_Return)
    single = panel.modes.button(2)
    assert single is not None
    single.click()
    panel.pre.setValue(3)
    panel.post.setValue(2)
    assert a.trigger is None
    assert window.debug.control.bar.sign.shown.word == ""
    window.program.run()
    qtbot.waitUntil(lambda: (a.captured, b.captured) == (3, 3), timeout=20_000)

    def has_stopped() -> bool:
        control.update()
        return panel.lamp.text == "STOPPED × 1"

    qtbot.waitUntil(has_stopped, timeout=20_000)
    assert a.history.scalars().value.tolist() == [49.0, 50.0, 51.0]
    assert b.history.scalars().value.tolist() == [96.0, 98.0, 100.0]
    window.undo.undo()
    session = window.session
    assert isinstance(session, Session)
    assert session.shared_trigger is None


@pytest.mark.parametrize("name", ["b", "nowhere"])
def test_a_name_that_was_missing_is_a_fault_until_it_triggers(
    open_main_window: OpenWindow, qtbot: QtBot, name: str
) -> None:
    window = open_main_window(PAIR)
    toggle(window, 3, 4)
    assert window.debug is not None
    window.debug.open_trigger()
    control = window.debug.triggers
    control.set_trigger(ALL_PROBES, Trigger(f"{name} == 90"))  # b is bound after a
    panel = control.panel
    panel.choose(ALL_PROBES)
    window.program.run()
    session = window.session
    assert isinstance(session, Session)

    def has_been_told() -> bool:
        reading = session.trigger_board.trigger_reading
        return (
            reading is not None and bool(reading.undecided) and reading.is_at_work is (name == "b")
        )

    qtbot.waitUntil(has_been_told, timeout=20_000)
    control.update()
    assert panel.note.isVisible()
    assert panel.note.text().startswith(f"`{name}` was false ")
    assert panel.note.text().endswith(f": there was no {name}")
    color = panel.note.palette().windowText().color().name()
    assert color == (LIGHT.muted if name == "b" else LIGHT.bad)


def test_the_shared_trigger_is_remembered_and_waited_for(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(PAIR)
    toggle(window, 3, 4)
    assert window.debug is not None
    parts = window.debug
    parts.open_trigger()
    parts.triggers.set_trigger(ALL_PROBES, Trigger("a == 500", pre=4))
    kept = parts.memory.to_plain({})
    parts.triggers.set_trigger(ALL_PROBES, None)
    assert parts.recall(kept, {}) == []
    session = window.session
    assert isinstance(session, Session)
    assert session.shared_trigger == (Trigger("a == 500", pre=4), None)
    window.program.run()
    sign = parts.control.bar.sign
    qtbot.waitUntil(lambda: sign.shown.word == "WAITING FOR TRIGGER", timeout=20_000)
    assert sign.shown.detail == "a == 500"
