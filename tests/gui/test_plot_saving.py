"""A plot's numbers on their way to a file: the window may close meanwhile, the disk may be full."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6 import sip
from PyQt6.QtCore import QObject
from pytestqt.qtbot import QtBot

from pyprobe.errors import LensError
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.plot_saving import PlotSaving, file_name
from pyprobe.plots import plot_export
from pyprobe.plots.plot_export import save_table
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.listener import ProgramState
from tests.gui.conftest import OpenWindow
from tests.gui.test_main_window import toggle

COUNT = "total = 0\nfor i in range(200):\n    total += i\n"


@pytest.fixture
def window(open_main_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_main_window(COUNT)
    toggle(window, 3, 4)
    window.program.run()
    qtbot.waitUntil(lambda: window.session.state is ProgramState.ENDED, timeout=20_000)
    return window


def panel_of(window: MainWindow) -> TracePanel:
    assert window.traces is not None
    (panel,) = window.traces.panels.values()
    return panel


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_an_export_goes_on_when_its_window_is_closed(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"plot.{suffix}"
    write, may_write = getattr(plot_export, f"_write_{suffix}"), threading.Event()

    def write_late(data: Any, target: Path) -> None:
        assert may_write.wait(20)
        write(data, target)

    monkeypatch.setattr(plot_export, f"_write_{suffix}", write_late)
    said: list[str] = []
    owner = QObject()  # which goes with its window
    saving = PlotSaving(said.append, said.append, owner)
    thread = saving.save(panel_of(window), path, suffix)
    assert thread is not None
    assert not thread.daemon  # the interpreter waits for it
    sip.delete(owner)
    may_write.set()
    thread.join(20)
    assert said == [f"Writing {path.name} …"]
    assert [one.name for one in tmp_path.glob("plot*")] == [path.name]
    if suffix == "npz":
        with np.load(path) as columns:
            assert {len(columns[name]) for name in columns.files} == {200}
    else:
        assert len(path.read_text().splitlines()) == 1 + 200


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_what_cannot_be_written_whole_leaves_the_file_of_before(
    tmp_path: Path, suffix: str
) -> None:
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    path = tmp_path / f"plot.{suffix}"
    path.write_bytes(b"of before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(LensError, match="cannot be written"):
            save_table({"y": np.random.default_rng(0).random(10_000)}, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"of before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("self.gain @ a_file.py:10", "self.gain"),
        ("tr3 = tr0 * 2", "tr3"),
        ("a[2, :] @ a.py:1", "a-2"),
        ("größe less b.mcap", "größe-less-b.mcap"),
        ("[]", "plot"),
    ],
)
def test_the_name_that_is_offered_says_what_is_plotted(title: str, name: str) -> None:
    assert file_name(title) == name
