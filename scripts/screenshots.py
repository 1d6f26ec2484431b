"""Take the documents' pictures of the window, on a virtual display.

.venv/bin/python scripts/screenshots.py [SCENE]…
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from small_png import shrink_png
from virtual_display import display_environment, virtual_display

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "resources" / "examples"
IMAGES = ROOT / "docs" / "images"


@dataclass(frozen=True)
class Scene:
    """One picture. ``probes``: symbols with the text their line starts with; ``at``: line shown."""

    example: str
    theme: str
    seconds: float
    probes: tuple[tuple[str, str], ...] = ()
    at: str = ""
    hover: tuple[str, str] | None = None


SCENES = {
    "empty-light": Scene(
        "dsp_filter_sweep.py",
        "light",
        3.0,
        at="signal = band.read()",
        hover=("signal", "signal = band.read()"),
    ),
    "window-light": Scene(
        "dsp_filter_sweep.py",
        "light",
        12.0,
        (
            ("signal", "signal = band.read()"),
            ("filtered", "filtered = "),
            ("spectrum_db", "spectrum_db = "),
            ("center_hz", "center_hz = sweep"),
            ("gain", "gain = min"),
        ),
        at="center_hz = sweep",
    ),
    "control-dark": Scene(
        "control_loop.py",
        "dark",
        10.0,
        (
            ("temperature", "temperature = oven.step"),
            ("setpoint", "setpoint = setpoint_at"),
            ("command", "command = controller"),
            ("self.integral", "self.integral += "),
        ),
        at="command = controller",
    ),
    "images-dark": Scene(
        "image_pipeline.py",
        "dark",
        9.0,
        (
            ("frame", "frame = camera"),
            ("mask", "mask = smooth"),
            ("level", "level = otsu"),
            ("self.error_px", "self.error_px = "),
        ),
        at="smooth = blur",
    ),
}


def line_starting(lines: list[str], start: str) -> int:
    """Return the number, from 1, of the line whose text starts so."""
    return next(number for number, text in enumerate(lines, 1) if text.strip().startswith(start))


def probe_options(example: str, probes: tuple[tuple[str, str], ...]) -> list[str]:
    """Return the command line's ``-p`` options for symbols and their lines' starts."""
    lines = (EXAMPLES / example).read_text(encoding="utf-8").splitlines()
    specs = [f"{example}:{line_starting(lines, start)}:{symbol}" for symbol, start in probes]
    return [option for spec in specs for option in ("-p", spec)]


def play(name: str, picture: Path) -> int:
    """Run the window in this process, set the scene, and save its picture."""
    from PyQt6.QtCore import QTimer
    from PyQt6.QtGui import QCursor
    from PyQt6.QtWidgets import QApplication

    from pyprobe.cli import main
    from pyprobe.gui.code_view import CodeView
    from pyprobe.gui.main_window import MainWindow

    scene = SCENES[name]
    lines = (EXAMPLES / scene.example).read_text(encoding="utf-8").splitlines()
    plain_exec = QApplication.exec

    def set_scene() -> None:
        windows = [item for item in QApplication.topLevelWidgets() if isinstance(item, MainWindow)]
        page = windows[0].source_area.current_page
        assert page is not None
        page.view.reveal(line_starting(lines, scene.at))
        QTimer.singleShot(200, lambda: hover(page.view))

    def hover(view: CodeView) -> None:
        if scene.hover is None:
            return
        symbol, start = scene.hover
        line = line_starting(lines, start)
        occurrence = view.occurrence_at(line, lines[line - 1].index(symbol))
        rectangle = view.token_rect(occurrence) if occurrence is not None else None
        if rectangle is not None:
            QCursor.setPos(rectangle.center())

    def run() -> int:
        QTimer.singleShot(round(1000 * scene.seconds) - 900, set_scene)
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]
    options = ["--screenshot", str(picture), "--quit-after", str(scene.seconds)]
    options += [*probe_options(scene.example, scene.probes), *(["--run"] if scene.probes else [])]
    return main([*options, str((EXAMPLES / scene.example).relative_to(ROOT))])


def take(name: str, display: str) -> bool:
    """Take one picture; return whether it is there."""
    picture = IMAGES / f"{name}.png"
    with tempfile.TemporaryDirectory(prefix="pyprobe-shot-") as folder:
        preferences = Path(folder, "preferences.json")
        preferences.write_text(json.dumps({"version": 1, "theme": SCENES[name].theme}))
        environment = {**display_environment(display), "PYPROBE_CONFIG_DIR": folder}
        command = [sys.executable, __file__, "--play", name, "--to", str(picture)]
        subprocess.run(command, env=environment, cwd=ROOT, check=False)
    if picture.exists():
        shrink_png(picture)
    return picture.exists()


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the documents' pictures.")
    parser.add_argument("scenes", nargs="*", help=", ".join(SCENES))
    parser.add_argument("--play", help=argparse.SUPPRESS)
    parser.add_argument("--to", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        return play(options.play, Path(options.to))
    IMAGES.mkdir(parents=True, exist_ok=True)
    with virtual_display(1440, 900) as display:
        missing = [name for name in options.scenes or SCENES if not take(name, display)]
    print(f"not taken: {', '.join(missing)}" if missing else f"The pictures are in {IMAGES}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
