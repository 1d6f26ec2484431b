"""Take a picture of every lens with a real example program, in each theme and size, to look at.

.venv/bin/python scripts/lens_gallery.py --to FOLDER [LENS]…

The pictures of the documents are taken again with ``--documents``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from screenshots import EXAMPLES, IMAGES, ROOT, probe_options
from small_png import shrink_png
from virtual_display import display_environment, virtual_display

SECONDS = 7.0


@dataclass(frozen=True)
class Picture:
    """One lens: what is probed, ``(symbol, start of its line)``, the first drawn by the lens.

    ``options`` are actions of the lens' menu; the other probes are laid over the first.
    """

    example: str
    lens: str
    probes: tuple[tuple[str, str], ...]
    options: tuple[str, ...] = ()
    overlays: bool = False


TEMPERATURE = ("temperature", "temperature = oven.step")
SETPOINT = ("setpoint", "setpoint = setpoint_at")
RINGING = (("ringing", "ringing = ring"),)
QPSK, DSP, BEAM, OVEN = (
    *("qpsk_receiver.py", "dsp_filter_sweep.py"),
    *("struck_beam.py", "control_loop.py"),
)
PICTURES = {
    "scalar-history": Picture(
        OVEN,
        "scalar history",
        (TEMPERATURE, SETPOINT),
        ("Cursors", "Measurements"),
        overlays=True,
    ),
    "big-number": Picture(OVEN, "big number", (TEMPERATURE,)),
    "value-histogram": Picture(OVEN, "value histogram", (TEMPERATURE,)),
    "one-against-another": Picture(
        OVEN, "one against another", (TEMPERATURE, ("command", "command = controller")), (), True
    ),
    "list-of-captures": Picture(OVEN, "list of captures", (TEMPERATURE,)),
    "state-timeline": Picture(QPSK, "state timeline", (("state", "state = lock_state"),)),
    "waveform": Picture(DSP, "waveform", (("filtered", "filtered = "),), ("Fading",)),
    "spectrum": Picture(DSP, "spectrum", (("signal", "signal = band.read()"),)),
    "power-density": Picture(DSP, "power density", (("filtered", "filtered = "),)),
    "histogram": Picture("monte_carlo.py", "histogram", (("payoffs", "payoffs = discounted"),)),
    "magnitude-and-phase": Picture(DSP, "magnitude and phase", (("taps", "taps = design"),)),
    "constellation": Picture(QPSK, "constellation", (("symbols", "symbols = loop"),)),
    "eye-diagram": Picture(QPSK, "eye diagram", (("aligned", "aligned = gain"),)),
    "waterfall": Picture(DSP, "waterfall", (("spectrum_db", "spectrum_db = "),)),
    "image": Picture("image_pipeline.py", "image", (("frame", "frame = camera"),)),
    "heat-map": Picture(BEAM, "heat map", (("likeness", "likeness = "),)),
    "rows": Picture(QPSK, "rows as curves", (("energy", "energy = np"),)),
    "tree": Picture(BEAM, "tree", (("blow", "blow = Blow"),)),
    "table": Picture(BEAM, "table", (("modes", "modes = np"),)),
    "samples": Picture(BEAM, "samples", RINGING),
    "spectrum-of-samples": Picture(BEAM, "spectrum of samples", RINGING),
    "power-density-of-samples": Picture(BEAM, "power density of samples", RINGING),
    "image-of-its-numbers": Picture(
        BEAM, "image of its numbers", (("stiffness", "stiffness, masses = assemble"),)
    ),
    "grid": Picture(QPSK, "grid", (("energy", "energy = np"),)),
    "text": Picture(BEAM, "text", (("blow", "blow = Blow"),)),
}
LOOKS = {
    "light-small": ("light", 1280, 720, 1.0),
    "dark-small": ("dark", 1280, 720, 1.0),
    "light-large": ("light", 2560, 1440, 2.0),
    "dark-large": ("dark", 2560, 1440, 2.0),
}


def play(name: str, path: Path) -> int:
    """Run the window in this process, choose the lens, and save a picture."""
    from PyQt6.QtCore import QTimer
    from PyQt6.QtGui import QAction
    from PyQt6.QtWidgets import QApplication, QMenu

    from pyprobe.cli import main
    from pyprobe.gui.main_window import MainWindow
    from pyprobe.plots.value_traits import traits_of

    picture = PICTURES[name]
    plain_exec = QApplication.exec

    def all_actions(actions: list[QAction]) -> list[QAction]:
        menus: list[QMenu] = [menu for one in actions if (menu := one.menu()) is not None]
        return [*actions, *(one for menu in menus for one in all_actions(menu.actions()))]

    def set_scene() -> None:
        windows = [item for item in QApplication.topLevelWidgets() if isinstance(item, MainWindow)]
        traces = windows[0].traces
        assert traces is not None
        panels = list(traces.panels.values())
        value = panels[0].trace.history.last
        if value is None:
            QTimer.singleShot(100, set_scene)
            return
        panels[0].choose_lens(traits_of(value), picture.lens)
        lens = panels[0].lens
        if lens is not None:
            for action in all_actions(list(lens.view_actions())):
                if action.text() in picture.options:
                    action.trigger()
        for panel in panels[1:] if picture.overlays else ():
            panels[0].overlay(panel.trace)
            windows[0].docks.park_trace(panel.trace.id)

    def run() -> int:
        QTimer.singleShot(round(1000 * SECONDS) - 2500, set_scene)
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]
    options = ["--run", "--screenshot", str(path), "--quit-after", str(SECONDS)]
    options += probe_options(picture.example, picture.probes)
    return main([*options, str((EXAMPLES / picture.example).relative_to(ROOT))])


def take(name: str, look: str, path: Path) -> bool:
    """Take one picture; return whether it is there."""
    theme, width, height, scale = LOOKS[look]
    with (
        tempfile.TemporaryDirectory(prefix="pyprobe-gallery-") as folder,
        virtual_display(width, height) as display,
    ):
        preferences = {"version": 1, "theme": theme}
        Path(folder, "preferences.json").write_text(json.dumps(preferences))
        environment = {
            **display_environment(display),
            "PYPROBE_CONFIG_DIR": folder,
            "QT_SCALE_FACTOR": str(scale),
        }
        command = [sys.executable, __file__, "--play", name, "--to", str(path)]
        subprocess.run(command, env=environment, cwd=ROOT, check=False)
    return path.exists()


def main() -> int:
    parser = argparse.ArgumentParser(description="Take a picture of every lens.")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where the pictures go")
    parser.add_argument("lenses", nargs="*", help=", ".join(PICTURES))
    parser.add_argument("--looks", nargs="*", default=list(LOOKS), help=", ".join(LOOKS))
    parser.add_argument("--documents", action="store_true", help="those of the documents only")
    parser.add_argument("--play", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        return play(options.play, options.to)
    if not options.documents and options.to is None:
        parser.error("--to FOLDER or --documents is needed")
    folder: Path = IMAGES / "lenses" if options.documents else options.to.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    for number, name in enumerate(options.lenses or PICTURES):
        looks = [("light-small", "dark-small")[number % 2]] if options.documents else options.looks
        for look in looks:
            path = folder / (f"{name}.png" if options.documents else f"{name}-{look}.png")
            if not take(name, look, path):
                missing.append(path.name)
            elif options.documents:
                shrink_png(path)
    print(f"not taken: {', '.join(missing)}" if missing else f"The pictures are in {folder}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
