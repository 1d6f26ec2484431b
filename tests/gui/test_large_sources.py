"""Large sources: read beside the window's thread, which says so, and loses no probe by it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui import sources
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import Store
from pyprobe.gui.source_page import SourcePage
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.session.listener import ProgramState
from pyprobe.session.options import WindowOptions
from pyprobe.session.probe import Probe, ProbeStatus
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import ENDLESS, hint, toggle, wait_ended

REST = "\n".join(f"value_{n} = {n}  # {'-' * 40}" for n in range(2000))
TEXT = f"fs = 1000\nfor i in range(50):\n    x = i * 2\n{REST}\n"
PATIENCE_MS = 60_000


@pytest.fixture
def opened(open_main_window: OpenWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window on a large program, which is still being read."""
    assert len(TEXT) > sources.LARGE_CHARACTERS
    window = open_main_window(TEXT)
    yield window
    window.sources.close()


def page_of(window: MainWindow) -> SourcePage:
    page = window.source_area.current_page
    assert page is not None
    return page


def path_of(window: MainWindow) -> str:
    return page_of(window).path


def is_read(window: MainWindow) -> bool:
    return not window.workspace.open(path_of(window)).is_being_read


def wait_read(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: is_read(window), timeout=PATIENCE_MS)


def refuse(window: MainWindow, line: int, col: int) -> None:
    view = page_of(window).view
    view.refused.emit(line, col, view.mapToGlobal(view.rect().topLeft()))


def save(window: MainWindow, text: str) -> None:
    Path(path_of(window)).write_text(text, encoding="utf-8")


def test_the_text_is_there_first_and_says_so(opened: MainWindow, qtbot: QtBot) -> None:
    page = page_of(opened)
    assert page.view.text() == TEXT
    assert not is_read(opened)
    assert page.view.occurrence_at(3, 4) is None
    refuse(opened, 3, 4)
    assert "is being read" in hint(opened)
    wait_read(opened, qtbot)
    assert page.view.occurrence_at(3, 4) is not None
    assert page.notices.current() is None


def test_a_long_reading_is_told_above_the_source(opened: MainWindow, qtbot: QtBot) -> None:
    page = page_of(opened)
    page._calm.stop()
    page._tell_reading()
    message = page.notices.current()
    assert message is not None
    assert "is being read" in message.text
    wait_read(opened, qtbot)
    assert page.notices.current() is None


def test_probes_have_their_sample_rate_and_run(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    probe = toggle(opened, 3, 4)
    assert probe.sample_rate_hz == 1000
    opened.program.run()
    wait_ended(opened, qtbot)
    assert probe.history.count == 50


def test_a_refusal_is_answered_when_it_is_known(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    refuse(opened, 1, 6)
    qtbot.waitUntil(lambda: "constant" in hint(opened), timeout=PATIENCE_MS)
    refuse(opened, 2, 3)
    assert "constant" in hint(opened)  # a space: nobody asks


def test_a_run_waits_until_an_edit_has_been_read(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    probe = toggle(opened, 3, 4)
    save(opened, "# new\n" + TEXT)
    opened.program.run()
    assert "starts when" in hint(opened)
    assert opened.session.state is ProgramState.IDLE
    assert "is being read" in probe.lost
    wait_ended(opened, qtbot)
    assert (probe.anchor.line, probe.lost) == (4, "")
    assert probe.history.count == 50


def test_a_second_edit_overtakes_the_first(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    probe = toggle(opened, 3, 4)
    for edit in ("# one\n", "# one\n# two\n"):
        save(opened, edit + TEXT)
        opened.sources.watch.compare_now()
    qtbot.waitUntil(lambda: probe.anchor.line == 5, timeout=PATIENCE_MS)
    assert probe.status is ProbeStatus.ARMED


def test_a_lost_probe_says_why(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    probe = toggle(opened, 3, 4)
    save(opened, TEXT.replace("    x = i * 2\n", "    pass\n"))
    opened.sources.watch.compare_now()
    qtbot.waitUntil(lambda: "is gone" in probe.lost, timeout=PATIENCE_MS)
    save(opened, TEXT + "def\n")
    opened.sources.watch.compare_now()
    qtbot.waitUntil(lambda: "not valid Python" in probe.lost, timeout=PATIENCE_MS)
    message = page_of(opened).notices.current()
    assert message is not None
    assert "Nothing in it can be probed" in message.text


def remember(window: MainWindow) -> WindowMemory:
    memory = WindowMemory(window, Store())
    memory.keep()
    return WindowMemory(window, Store())


def restored(window: MainWindow, memory: WindowMemory) -> Probe:
    for probe in list(window.session.probes.values()):
        window.session.remove_probe(probe)
    memory.restore_probes(WindowOptions(window.program_to_run))
    (probe,) = window.session.probes.values()
    return probe


def test_remembered_probes_are_there_at_once(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    toggle(opened, 3, 4)
    memory = remember(opened)
    opened.workspace._sources.clear()  # as in a window that has only just opened
    probe = restored(opened, memory)
    assert not is_read(opened)
    assert (probe.anchor.line, probe.lost) == (3, "")
    opened.program.run()  # nothing has to be waited for
    assert opened.session.state is not ProgramState.IDLE
    wait_ended(opened, qtbot)
    assert probe.history.count == 50


def test_remembered_probes_follow_an_edit(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    toggle(opened, 3, 4)
    memory = remember(opened)
    save(opened, "# new\n# new\n" + TEXT)
    opened.workspace._sources.clear()
    probe = restored(opened, memory)
    assert "is being read" in probe.lost
    again = remember(opened)  # closed before it is read: nothing is forgotten
    qtbot.waitUntil(lambda: probe.anchor.line == 5, timeout=PATIENCE_MS)
    assert restored(opened, again).anchor.symbol == "x"


def test_a_save_restarts_a_large_program(open_main_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_main_window(ENDLESS + REST)
    wait_read(window, qtbot)
    probe = toggle(window, 4, 4)
    window.rerun.set_on_save(True)
    window.program.run()
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=PATIENCE_MS)
    save(window, "# new\n" + ENDLESS + REST)
    qtbot.waitUntil(lambda: bool(probe.earlier), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: probe.status is ProbeStatus.LIVE, timeout=PATIENCE_MS)
    assert probe.anchor.line == 5
    window.sources.close()


def test_the_end_of_the_reading_process_is_said(opened: MainWindow, qtbot: QtBot) -> None:
    wait_read(opened, qtbot)
    probe = toggle(opened, 3, 4)
    reading = opened.sources._reading
    assert reading is not None
    process = reading._reader._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    save(opened, "# new\n" + TEXT)
    opened.sources.watch.compare_now()
    qtbot.waitUntil(lambda: "could not be read" in probe.lost, timeout=PATIENCE_MS)
    message = page_of(opened).notices.current()
    assert message is not None
    assert "could not be read" in message.text
