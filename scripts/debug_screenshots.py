"""Take the documents' pictures of stopping, stepping and triggering, on a virtual display.

.venv/bin/python scripts/debug_screenshots.py
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from small_png import shrink_png
from virtual_display import display_environment, virtual_display

if TYPE_CHECKING:
    from pyprobe.gui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "resources" / "examples"
IMAGES = ROOT / "docs" / "images"
SIZE = 1440, 900
PATIENCE_S = 30.0


def settle(holds: Callable[[], object], why: str = "", *, seconds: float = 0.0) -> None:
    """Let the window live until something holds, then for so long on."""
    from PyQt6.QtWidgets import QApplication

    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        QApplication.processEvents()
        if time.monotonic() > deadline_s:
            raise SystemExit(f"waited in vain for {why}")
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        QApplication.processEvents()


def open_window(example: str, *, dark: bool) -> MainWindow:
    """Open a window on an example, as the command does."""
    from pyprobe.gui.app import make_application
    from pyprobe.gui.main_window import MainWindow
    from pyprobe.gui.preferences import Preferences
    from pyprobe.gui.session_view import SessionView
    from pyprobe.gui.theme import ThemeChoice
    from pyprobe.gui.workspace import Workspace
    from pyprobe.session.launch import Program
    from pyprobe.session.session import Session

    path = str(EXAMPLES / example)
    session = Session(Program(example, None, (), sys.executable, str(EXAMPLES)))
    theme = ThemeChoice.DARK if dark else ThemeChoice.LIGHT
    window = MainWindow(session.program, Preferences(theme=theme), make_application())
    window.complete(Workspace(session))
    window.shown_by = SessionView(session, window)  # type: ignore[attr-defined]
    window.sources.open(path, is_main=True)
    window.resize(*SIZE)
    window.show()
    settle(window.isVisible, seconds=0.3)
    window.first_sizes()
    window.make_traces()
    return window


def line_of(window: MainWindow, start: str) -> int:
    """Return the line of the script that begins so."""
    path = window.program_to_run.script_path
    assert path is not None
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.strip().startswith(start))


def probe(window: MainWindow, start: str, symbol: str) -> int:
    """Probe a symbol of the line that begins so; return the probe's id."""
    path, line = str(window.program_to_run.script_path), line_of(window, start)
    found = window.workspace.open(path).index.on_line(line)
    occurrence = next(one for one in found if one.symbol == symbol)
    window.sources.toggle(path, occurrence)
    return list(window.session.probes)[-1]


def stopped(window: MainWindow) -> None:
    """One server of a simulation, followed."""
    from PyQt6.QtCore import Qt

    assert window.debug is not None
    parts, path = window.debug, str(window.program_to_run.script_path)
    line = line_of(window, "queue_length = len")
    for start, symbol in (
        ("service_time = ", "service_time"),
        ("queue_length = ", "queue_length"),
    ):
        probe(window, start, symbol)
    page = window.source_area.current_page
    assert page is not None
    page.view.reveal(line)
    parts.breakpoints.toggle(path, line)
    entity = "self.name == 'Server 2'"
    parts.breakpoints.limit(parts.breakpoints.all[0].id, entity)

    def again(go_on: Callable[[], object]) -> None:
        before = parts.control.stop
        go_on()
        settle(
            lambda: parts.control.stop is not None and parts.control.stop is not before, "a stop"
        )

    for _round in range(12):
        again(window.program.run)
    parts.control.follow(entity)
    for _line in range(3):
        again(lambda: parts.control.step("over"))
    tree = parts.variables.tree
    anywhere = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    settle(lambda: tree.findItems("self", anywhere), "the variables", seconds=0.3)
    tree.findItems("self", anywhere)[0].setExpanded(True)
    parts.control.frames.evaluate("len(self.queue.items)")
    settle(lambda: True, seconds=1.0)


def trigger(window: MainWindow) -> None:
    """A trigger whose level is set in the plot."""
    assert window.debug is not None
    from pyprobe.core.trigger import Trigger, TriggerMode

    probe_id = probe(window, "temperature = oven.step", "temperature")
    page = window.source_area.current_page
    assert page is not None
    page.view.reveal(line_of(window, "temperature = oven.step"))
    window.program.run()
    settle(lambda: window.session.probes[probe_id].captured > 400, "captures")
    window.debug.open_trigger(probe_id)
    wanted = Trigger("rise(temperature > 100)", TriggerMode.NORMAL, 50, 100)
    window.debug.triggers.set_trigger(probe_id, wanted)
    window.debug.triggers.panel.level.setChecked(True)
    settle(lambda: True, seconds=4.0)


SCENES: dict[str, tuple[str, bool, Callable[[MainWindow], None]]] = {
    "stopped-light": ("queue_servers.py", False, stopped),
    "stopped-dark": ("queue_servers.py", True, stopped),
    "trigger-dark": ("control_loop.py", True, trigger),
}


def play(name: str) -> None:
    """Set one scene in this process, and save its picture."""
    from pyprobe.gui.app import take_down

    example, dark, set_scene = SCENES[name]
    window = open_window(example, dark=dark)
    set_scene(window)
    window.grab().save(str(IMAGES / f"{name}.png"))
    window.shown_by.stop()  # type: ignore[attr-defined]
    window.session.close()
    take_down(window)


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the documents' pictures of stopping.")
    parser.add_argument("scenes", nargs="*", help=", ".join(SCENES))
    parser.add_argument("--play", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        play(options.play)
        return 0
    with virtual_display(*SIZE) as display, tempfile.TemporaryDirectory() as folder:
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        for name in options.scenes or SCENES:
            command = [sys.executable, os.path.abspath(__file__), "--play", name]
            subprocess.run(command, env=environment, cwd=ROOT, check=True)
            shrink_png(IMAGES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
