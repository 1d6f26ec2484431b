"""Open the window on a bundled example with probes; without a display, leave a picture of it.

.venv/bin/python scripts/demo.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from virtual_display import NoVirtualDisplay, display_environment, has_display, virtual_display

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "dsp_filter_sweep.py"
# What each probed line starts with, and the symbol.
PROBED = {
    "signal = band.read": "signal",
    "filtered = ": "filtered",
    "spectrum_db = ": "spectrum_db",
    "center_hz = sweep": "center_hz",
    "gain = min": "gain",
}
PICTURE = ROOT / "demo.png"
RUN_S = 8


def probe_arguments(source: Path, probed: dict[str, str]) -> list[str]:
    """Return ``-p`` options for the first line that starts with each text."""
    lines = [line.strip() for line in source.read_text(encoding="utf-8").splitlines()]
    arguments = []
    for start, symbol in probed.items():
        number = next(i for i, line in enumerate(lines, 1) if line.startswith(start))
        arguments += ["-p", f"{source.name}:{number}:{symbol}"]
    return arguments


def demo_command(*options: str) -> list[str]:
    """Return the command that opens the window on the example and runs it."""
    source = ROOT / "resources" / "examples" / EXAMPLE
    probes = probe_arguments(source, PROBED)
    pyprobe = str(Path(sys.executable).with_name("pyprobe"))
    return [pyprobe, "--run", *probes, *options, str(source)]


def main() -> int:
    if has_display():
        print("Opening the window; close it to end the demo.")
        return subprocess.run(demo_command(), check=False).returncode
    print("There is no display here: the window opens on a virtual one for a moment.")
    PICTURE.unlink(missing_ok=True)
    command = demo_command("--screenshot", str(PICTURE), "--quit-after", str(RUN_S))
    try:
        with virtual_display() as name, tempfile.TemporaryDirectory() as preferences:
            environment = {**display_environment(name), "PYPROBE_CONFIG_DIR": preferences}
            code = subprocess.run(command, env=environment, check=False).returncode
    except NoVirtualDisplay as error:
        print(error, file=sys.stderr)
        return 1
    if not PICTURE.exists():
        print("The window left no picture.", file=sys.stderr)
        return code or 1
    print(f"The picture of the window is in {os.path.relpath(PICTURE)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
