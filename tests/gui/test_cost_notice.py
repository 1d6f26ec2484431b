"""What probing costs too much is said with the probe that does it and what to choose instead."""

from pytestqt.qtbot import QtBot

from pyprobe.gui.cost_notice import cost_sentence, costliest
from pyprobe.gui.main_window import MainWindow
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle
from tests.plots.samples import make_probe

LOOP = "i = 0\nwhile True:\n    i += 1\n"


def notices(window: MainWindow) -> list[str]:
    return [one.text for one in window.messages.waiting if one.key == "cost"]


def test_the_probe_is_named_that_the_budget_is_not_for() -> None:
    hot, hotter, kept = make_probe("x", 3), make_probe("y", 4), make_probe("z", 5)
    hot.throttle, hotter.throttle, kept.throttle = "every", "10ms", "auto"
    found = costliest([(hot, 10.0), (hotter, 20.0), (kept, 1e6)])
    assert found == (hotter, 20.0)
    assert costliest([(kept, 1e6), (hot, 0.0)]) is None
    hot.mode = "every"
    assert cost_sentence(0.96, 5.0, hot, 310_000.0) == (
        "Probing takes 96 % of the program's time, most of it for x in line 3: its throttle is"
        " every, 310 k captures a second. With auto all probing keeps to 5 %."
    )


def test_a_tight_loop_is_told_of_and_mended_by_a_click(
    open_main_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_main_window(LOOP)
    probe = toggle(window, 3, 4)
    window.session.set_throttle(probe, "every")
    window.program.run()
    qtbot.waitUntil(lambda: bool(notices(window)), timeout=30_000)
    (text,) = notices(window)
    assert "i in line 3" in text
    tips = [label.toolTip() for label in window.status.findChildren(type(window.status._share))]
    assert any("i in line 3" in tip for tip in tips)
    message = next(one for one in window.messages.waiting if one.key == "cost")
    assert [action.label for action in message.actions] == ["Use auto", "Every 50 ms"]
    message.actions[0].run()
    assert probe.throttle == "auto"
    qtbot.waitUntil(lambda: not notices(window), timeout=30_000)
    window.program.stop()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=30_000)
