"""Lenses of other packages in the real window: one raises, one hangs, one is gone."""

import os
import select
from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.driver import PATIENCE_S, ROOT, Window, open_window
from tests.e2e.plots import Plot
from tests.e2e.test_main_job import close_cleanly, write_program

LIVE = """\
import time

number = 0
while True:
    number += 1
    wave = [number % 7, number % 5, 3.0]
    level = float(number)
    time.sleep(0.02)
"""
CANVAS = """\
import time
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.plot_canvas import PlotCanvas


class Other(PlotCanvas):
    def show_traces(self, traces):
        self.traces = traces
        self.rebuild()

    def load(self, columns):
        pass

    def paint_data(self, painter, frame):
        {paint}


LENS = LensEntry({name!r}, lambda traits: 1, Other)
"""


# After its trial, as the plot moves on.
LATER = (
    "self.painted = getattr(self, 'painted', 0) + 1\n        if self.painted > 9:\n            {}"
)


def install(site: Path, name: str, module: str | None) -> None:
    """Put a package of one lens where a window finds it; of ``None`` only its entry point."""
    information = site / f"lens_{name}-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lens-{name}\nVersion: 1\n")
    (information / "entry_points.txt").write_text(f"[pyprobe.lenses]\n{name} = lens_{name}:LENS\n")
    if module is not None:
        (site / f"lens_{name}.py").write_text(module)


def canvas(name: str, paint: str) -> str:
    return CANVAS.format(name=name, paint=paint)


def open_with(opener: Opener, tmp_path: Path, site: Path) -> Window:
    path = write_program(tmp_path, LIVE)
    return opener(
        *("-p", f"{path}:7:level=every", "--run", path),
        environment={"PYTHONPATH": os.pathsep.join((str(ROOT), str(site)))},
    )


def grows(window: Window, plot: Plot) -> None:
    """Wait until captures that came since are drawn."""
    high = plot.now["x"]["high"]
    plot.wait(lambda facts: facts["x"]["high"] > high, "newer captures")


def test_one_that_raises_says_so_in_its_plot_and_another_is_chosen(
    opener: Opener, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    install(site, "raising", canvas("raising", "raise ValueError('no such luck')"))
    install(site, "gone", None)
    window = open_with(opener, tmp_path, site)
    window.wait_for(
        lambda line: line["event"] == "message" and "lens gone of lens-gone" in line["text"]
    )
    level = Plot(window, "level")
    level.wait(lambda facts: facts["lens"] == "scalar history", "captures")
    level.choose("Draw as", "Raising")
    level.wait_sentence("cannot be drawn: ValueError: no such luck")
    window.choose(level.header, "Draw as", "Scalar history")
    level.wait(lambda facts: facts["lens"] == "scalar history", "the own lens")
    grows(window, level)
    said = [line["text"] for line in window.lines if line["event"] == "message"]
    assert "level @ program.py:7 cannot be drawn: ValueError: no such luck." in said
    code, errors = window.close()
    assert code == 0
    assert errors == "level @ program.py:7 cannot be drawn: ValueError: no such luck\n"


def test_one_that_raises_in_an_event_of_qt_is_switched_off(opener: Opener, tmp_path: Path) -> None:
    site = tmp_path / "site"
    module = canvas("other", "pass")
    raising = "    def mouseMoveEvent(self, event):\n        1 / 0\n\n    def paint_data"
    install(site, "bad", module.replace("    def paint_data", raising))
    window = open_with(opener, tmp_path, site)
    level = Plot(window, "level")
    level.choose("Draw as", "Other")
    level.wait(lambda facts: facts["lens"] == "other", "the other lens")
    window.move(level.at(0.3, 0.3))
    window.wait_for(
        lambda line: line["event"] == "message" and "lens-bad are switched off" in line["text"]
    )
    level.wait(lambda facts: facts["lens"] == "scalar history", "a lens of ours")
    grows(window, level)
    code, errors = window.close()
    assert code == 0
    assert errors.count("Traceback") == 1


def test_one_that_hangs_as_it_is_loaded_is_stopped(opener: Opener, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(site, "loading", "while True:\n    pass\n")
    window = open_with(opener, tmp_path, site)
    window.wait_for(
        lambda line: line["event"] == "message" and "lens-loading are switched off" in line["text"]
    )
    grows(window, Plot(window, "level"))
    close_cleanly(window)


@pytest.mark.parametrize(
    "paint",
    [
        "while True: pass",
        "import threading; threading.Event().wait()",
        "sum(iter(int, 1))",
        "import os; os.abort()",
        LATER.format("while True: pass"),
        LATER.format("time.sleep(3600)"),
        LATER.format("exec('while True:\\n try: time.sleep(3600)\\n except Exception: pass')"),
    ],
    ids=[
        "computes",
        "waits",
        "in C",
        "crashes",
        "later",
        "sleeps later",
        "catches later",
    ],
)
def test_one_that_hangs_is_stopped_and_switched_off(
    opener: Opener, tmp_path: Path, paint: str
) -> None:
    site = tmp_path / "site"
    install(site, "hanging", canvas("hanging", paint))
    window = open_with(opener, tmp_path, site)
    level = Plot(window, "level")
    level.wait(lambda facts: facts["lens"] == "scalar history", "captures")
    level.choose("Draw as", "Hanging")
    window.wait_for(
        lambda line: (
            line["event"] == "message"
            and "The lenses of lens-hanging are switched off" in line["text"]
        )
    )
    level.wait(lambda facts: facts["lens"] == "scalar history", "the own lens")
    level.wait(lambda facts: facts["warnings"] == ["no lens “hanging” here"], "the reason")
    grows(window, level)
    mistakes = [line for line in window.lines if "made a mistake" in str(line.get("text"))]
    assert mistakes == []
    assert window.close()[0] == 0


def test_a_chosen_lens_whose_package_is_gone_is_named(opener: Opener, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(site, "plain", canvas("plain", "pass"))
    window = open_with(opener, tmp_path, site)
    level = Plot(window, "level")
    level.choose("Draw as", "Plain")
    level.wait(lambda facts: facts["lens"] == "plain", "the other lens")
    close_cleanly(window)
    again = open_with(opener, tmp_path, tmp_path / "empty")
    level = Plot(again, "level")
    level.wait(lambda facts: facts["lens"] == "scalar history", "an own lens")
    level.wait(lambda facts: facts["warnings"] == ["no lens “plain” here"], "the reason")
    close_cleanly(again)


def test_where_one_computes_in_c_without_end_later_on_is_told_in_the_terminal(
    opener: Opener, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    install(site, "hanging", canvas("hanging", LATER.format("sum(iter(int, 1))")))
    window = open_with(opener, tmp_path, site)
    level = Plot(window, "level")
    level.wait(lambda facts: facts["lens"] == "scalar history", "captures")
    level.choose("Draw as", "Hanging")
    kill_when_told(window, b"lens_hanging.py")


def test_one_that_computes_in_c_as_it_is_loaded_is_told_and_not_used_again(
    opener: Opener, display: str, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    install(site, "loading", "sum(iter(int, 1))\n")
    path = write_program(tmp_path, LIVE)
    arguments = ("-p", f"{path}:7:level=every", path)
    python_path = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(site)))}
    kill_when_told(
        open_window(display, tmp_path, arguments, environment=python_path), b"lens_loading.py"
    )
    window = open_with(opener, tmp_path, site)
    window.wait_for(
        lambda line: (
            line["event"] == "message"
            and "The lenses of lens-loading 1 are not used" in line["text"]
        )
    )
    grows(window, Plot(window, "level"))
    close_cleanly(window)


def kill_when_told(window: Window, where: bytes) -> None:
    """Wait until stderr says where a window hangs, and kill it, as its user has to."""
    assert window.process.stderr is not None
    told = b""
    while where not in told:
        ready, _, _ = select.select([window.process.stderr], [], [], PATIENCE_S)
        assert ready, f"nothing was told but {told!r}"
        told += os.read(window.process.stderr.fileno(), 1 << 16)
    window.process.kill()
    window.process.communicate()
    window.report.join()
