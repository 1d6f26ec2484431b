"""Finding and installing the system's parts that Qt and the tests need, on Linux."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from envsetup.report import SetupError, run_quietly, say

# What Qt's xcb platform plugin and QtGui load, with the Debian package that brings it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
DISPLAY_TOOLS = {"Xvfb": "xvfb"}
TEST_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "valgrind": "valgrind"}
WISHED_TOOLS = {"openbox": "openbox"}  # without it the whole screen is tested by its state only
MONOSPACE_FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _have_monospace_font() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(
            ["fc-list", ":spacing=mono"], capture_output=True, text=True, check=False
        )
        return bool(listed.stdout.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any("mono" in font.name.lower() for folder in folders for font in folder.rglob("*.ttf"))


def missing_packages(*, tests: bool) -> list[str]:
    """Return the Debian packages of what this Linux lacks; nothing on other systems."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for library, package in QT_LIBRARIES.items() if not _loads(library)]
    tools = TEST_TOOLS if tests else {} if _have_display() else DISPLAY_TOOLS
    missing += [package for tool, package in tools.items() if not shutil.which(tool)]
    if not _have_monospace_font():
        missing.append(MONOSPACE_FONT_PACKAGE)
    return missing


def _have_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _privilege() -> list[str] | None:
    """Return the prefix that runs a command as root without asking, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def install_command(packages: list[str]) -> str:
    """Return what a person types to install the packages."""
    if shutil.which("apt-get"):
        return f"sudo apt-get install {' '.join(packages)}"
    return f"the equivalents of these Debian packages: {' '.join(packages)}"


def install(packages: list[str], log: Path) -> bool:
    """Install Debian packages where that needs no question; return whether it was done."""
    prefix = _privilege()
    if prefix is None or not shutil.which("apt-get"):
        return False
    say(f"installing system packages: {' '.join(packages)}")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run_quietly([*prefix, *quiet, "update"], log)
    command = [*prefix, *quiet, "install", "-y", "--no-install-recommends", *packages]
    return run_quietly(command, log)


def wished_packages() -> list[str]:
    """Return the Debian packages that the tests make use of where they are there, and are not."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for tool, package in WISHED_TOOLS.items() if not shutil.which(tool)]


def ensure_system_packages(log: Path, *, tests: bool) -> None:
    """Bring what is missing, or say which command does; the tests cannot go on without it."""
    wished = wished_packages() if tests else []
    if wished:
        install(wished, log)
    missing = missing_packages(tests=tests)
    if not missing or (install(missing, log) and not missing_packages(tests=tests)):
        return
    still = missing_packages(tests=tests)
    sentence = f"missing system packages, please install {install_command(still)}"
    sentence = sentence.replace("install sudo", "run: sudo")
    if tests:
        raise SetupError(sentence)
    say(sentence)
