"""What the histories hold is seen, and its limits are set, in the window."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pyprobe.gui.history_gauge import long_text, short_text
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Preferences, Store
from pyprobe.gui.preferences_dialog import PreferencesDialog
from pyprobe.session.history_limits import HistoryLimits, HistoryUsage
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.hands import hands
from tests.gui.test_main_window import toggle

ARRAYS = """\
import numpy, time
for i in range(60):
    row = numpy.full(125_000, float(i))
    time.sleep(0.005)
"""
MEGABYTE = 1_000_000


@pytest.fixture
def window(open_main_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """A window whose program has bound sixty arrays of 1 MB, more than stay in memory."""
    window = open_main_window(ARRAYS, Preferences(throttle="every", array_mb=5))
    probe = toggle(window, 3, 4)
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)
    assert probe.history.count > 0
    window.session.histories.wait()
    window.show_values()
    return window


def open_dialog(window: MainWindow) -> PreferencesDialog:
    window.open_preferences()
    (dialog,) = window.findChildren(PreferencesDialog)
    return dialog


def gauge(window: MainWindow) -> tuple[str, str]:
    label = window.status._histories
    assert label.isVisibleTo(window)
    return label.text(), label.toolTip()


def test_the_limits_of_the_preferences_hold_from_the_start(window: MainWindow) -> None:
    usage = window.session.histories.usage
    assert usage.array_bytes <= 5 * MEGABYTE
    assert usage.disk_bytes >= MEGABYTE
    text, tip = gauge(window)
    assert text == short_text(usage)
    assert text.endswith(" on disk")
    assert tip == long_text(usage, window.session.histories.limits)
    assert "of 5 MB in memory" in tip


def test_a_limit_set_in_the_preferences_holds_at_once_and_is_remembered(
    window: MainWindow,
) -> None:
    store = Store()
    window.preferences_changed.connect(store.save_preferences)
    dialog = open_dialog(window)
    probe = next(iter(window.session.probes.values()))
    before, last = len(probe.history.arrays()), probe.history.last_array
    assert last is not None
    newest = last.copy()
    assert window.histories.text() == dialog.usage.text()
    for field, wanted in ((dialog.array_mb, 2), (dialog.disk_mb, 3)):
        field.setFocus()
        field.selectAll()
        hands.keyClicks(field, str(wanted))
        hands.keyClick(field, Qt.Key.Key_Return)
    usage = window.session.histories.usage
    assert usage.array_bytes <= 2 * MEGABYTE
    assert usage.disk_bytes <= 3 * MEGABYTE
    assert 0 < len(probe.history.arrays()) < before
    assert probe.history.dropped_arrays > 0
    assert gauge(window)[0] == short_text(usage)
    kept = probe.history.last_array
    assert kept is not None
    assert np.array_equal(kept, newest)
    remembered = Store().load_preferences()
    assert (remembered.array_mb, remembered.disk_mb) == (2, 3)
    dialog.close()


def test_another_theme_forgets_no_limit(open_main_window: OpenWindow) -> None:
    chosen = Preferences(scalar_mb=100, array_mb=50, disk_mb=0)
    window = open_main_window("x = 1\n", chosen)
    window.choose_theme(chosen.theme)
    assert window.preferences == chosen
    limits = window.session.histories.limits
    assert (limits.max_scalar_bytes, limits.max_disk_bytes) == (100 * MEGABYTE, 0)


def test_nothing_is_said_while_nothing_is_held(open_main_window: OpenWindow) -> None:
    window = open_main_window("x = 1\n")
    window.show_values()
    assert not window.status._histories.isVisibleTo(window)


@pytest.mark.parametrize(
    ("usage", "text"),
    [
        (HistoryUsage(0, 0, 0), ""),
        (HistoryUsage(1_000_000, 2_000_000, 0), "3 MB"),
        (HistoryUsage(0, 8_000_000, 2_500_000_000), "8 MB + 2.5 GB on disk"),
    ],
)
def test_what_is_held_in_a_few_words(usage: HistoryUsage, text: str) -> None:
    assert short_text(usage) == text


def test_what_is_held_in_full() -> None:
    limits = HistoryLimits(max_scalar_bytes=4_000_000_000, max_array_bytes=8_000_000)
    text = long_text(HistoryUsage(1_000_000, 2_000_000, 0), limits)
    assert text.splitlines()[1:3] == [
        "numbers: 1 MB of 4 GB in memory",
        "arrays and texts: 2 MB of 8 MB in memory",
    ]
    without_disk = long_text(HistoryUsage(0, 0, 0), HistoryLimits(max_disk_bytes=0))
    assert without_disk.splitlines()[3] == "older arrays and texts: none on disk"
