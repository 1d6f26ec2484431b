"""Steps, probes and breakpoints limited to one instance, a function or a class, in the window."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.core.debug.records import StopReason
from pyprobe.core.trigger import Trigger
from pyprobe.gui.follow_bar import FollowBar
from pyprobe.gui.stack_panel import scopes_of
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_debug_window import click_margin, parts_of, wait_stop, wait_value
from tests.gui.test_main_window import hint, toggle

MOTORS = """\
class Motor:
    def __init__(self, name):
        self.name = name
        self.speed = 0

    def step(self, wanted):
        error = wanted - self.speed
        self.speed += error / 2


motors = [Motor(f"Motor {number}") for number in range(3)]
for turn in range(100):
    for motor in motors:
        motor.step(10)
"""


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> FollowBar:
    made = FollowBar()
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_steps_follow_is_typed_and_checked(bar: FollowBar, qtbot: QtBot) -> None:
    assert not bar.field.isVisible()
    hands.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert bar.field.isVisible()
    hands.keyClicks(bar.field.line, "in 3")
    assert "Expected a function or class" in bar.field.problem.text()
    hands.keyClick(bar.field.line, Qt.Key.Key_Return)
    assert bar.field.isVisible()
    bar.field.line.clear()
    hands.keyClicks(bar.field.line, "in Motor")
    with qtbot.waitSignal(bar.asked) as asked:
        hands.keyClick(bar.field.line, Qt.Key.Key_Return)
    assert asked.args == ["in Motor"]
    assert not bar.field.isVisible()


def test_a_click_follows_all_again(bar: FollowBar, qtbot: QtBot) -> None:
    bar.show_entity("in Motor")
    assert bar.button.text() == "only in Motor  ×"
    with qtbot.waitSignal(bar.asked) as asked:
        hands.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert asked.args == [""]


def test_escape_gives_up(bar: FollowBar) -> None:
    hands.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    hands.keyClicks(bar.field.line, "in Mo")
    hands.keyClick(bar.field.line, Qt.Key.Key_Escape)
    assert not bar.field.isVisible()


@pytest.mark.parametrize(
    ("function", "scopes"),
    [
        ("<module>", []),
        ("main", ["main"]),
        ("Motor.step", ["Motor.step", "Motor"]),
        ("run.<locals>.inner", ["run.<locals>.inner", "run"]),
    ],
)
def test_a_frame_offers_its_function_and_its_class(function: str, scopes: list[str]) -> None:
    assert scopes_of(function) == scopes


def test_steps_stay_in_what_is_followed(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(MOTORS)
    parts = parts_of(window)
    click_margin(window, 12)
    window.program.run()
    control = wait_stop(window, qtbot, 12, StopReason.BREAKPOINT)
    click_margin(window, 12)
    parts.stack.follow_asked.emit("in Motor.step")
    assert parts.variables.bar.button.text() == "only in Motor.step  ×"
    for line in (7, 8, 7):
        control.step("into")
        wait_stop(window, qtbot, line, StopReason.STEP)
    control.follow('in Motor.step, self.name == "Motor 2"')
    control.step("over")
    wait_stop(window, qtbot, 7, StopReason.STEP)
    tree = parts.variables.tree
    qtbot.waitUntil(lambda: "Motor 2" in tree.top_texts().get("self", ""))


def test_probes_are_limited_to_one_instance_and_it_is_undone(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(MOTORS)
    parts = parts_of(window)
    probe, outside = toggle(window, 7, 8), toggle(window, 12, 4)
    click_margin(window, 8)
    window.program.run()
    wait_stop(window, qtbot, 8, StopReason.BREAKPOINT)
    wait_value(window, qtbot, "error", "10")
    stop = parts.control.stop
    assert stop is not None
    parts.triggers.limit(stop.file, stop.function, 'self.name == "Motor 1"')
    assert probe.trigger == Trigger('self.name == "Motor 1"')
    assert outside.trigger is None
    window.undo.undo()
    assert probe.trigger is None
    parts.triggers.limit(stop.file, "Motor.__init__", 'self.name == "Motor 1"')
    assert "There is no probe in Motor.__init__" in hint(window)
