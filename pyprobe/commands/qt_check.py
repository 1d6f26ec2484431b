"""Whether a window can open here, asked without creating one: Qt would abort the process."""

import ctypes
import importlib.util
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_HEADLESS_PLATFORMS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl")
_GUI_LIBRARIES = ("libQt6Gui.so.6", "libQt6Widgets.so.6")

# The Debian packages of what Qt's libraries and its xcb plug-in load.
DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libICE.so.6": "libice6",
    "libOpenGL.so.0": "libopengl0",
    "libSM.so.6": "libsm6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}


@dataclass(frozen=True)
class QtCheck:
    """``problem`` is one sentence, or ``""`` when a window can open.

    ``missing`` are the system libraries that are not there, ``display`` says what was found.
    """

    problem: str
    display: str
    missing: tuple[str, ...] = ()


def check_qt(environment: Mapping[str, str] | None = None) -> QtCheck:
    """Find out whether a window can open, and what is missing if not."""
    environment = os.environ if environment is None else environment
    display, display_problem = _check_display(environment)
    qt = _qt_folder()
    if qt is None:
        return QtCheck(
            "PyQt6 is not installed; python -m pip install pyprobe-scope brings it", display
        )
    if not sys.platform.startswith("linux"):
        return QtCheck("", "of the system")
    wants_xcb = display.startswith("DISPLAY") or bool(display_problem)
    missing = missing_libraries(qt, with_xcb=wants_xcb)
    if missing:
        return QtCheck(_missing_sentence(missing), display, missing)
    if not display_problem and wants_xcb and not _x_server_answers():
        display_problem = f"the display {environment.get('DISPLAY')} does not answer"
    return QtCheck(display_problem, display)


def _qt_folder() -> Path | None:
    spec = importlib.util.find_spec("PyQt6")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "Qt6"


def _check_display(environment: Mapping[str, str]) -> tuple[str, str]:
    if not sys.platform.startswith("linux"):
        return "of the system", ""
    platform = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in _HEADLESS_PLATFORMS:
        return f"none needed (QT_QPA_PLATFORM={platform})", ""
    if environment.get("WAYLAND_DISPLAY") and platform in ("", "wayland"):
        return f"WAYLAND_DISPLAY={environment['WAYLAND_DISPLAY']}", ""
    if environment.get("DISPLAY"):
        return f"DISPLAY={environment['DISPLAY']}", ""
    return "none", "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"


def missing_libraries(qt: Path, *, with_xcb: bool = True) -> tuple[str, ...]:
    """Return the system libraries that Qt's own cannot load."""
    files = [qt / "lib" / name for name in _GUI_LIBRARIES]
    if with_xcb:
        files.append(qt / "plugins" / "platforms" / "libqxcb.so")
    missing: dict[str, None] = {}
    for file in files:
        if not file.exists():
            continue  # a Qt of the system's own, which the package manager keeps whole
        first = _load_problem(file)
        if first is not None:
            missing |= dict.fromkeys(_all_missing(file) or (first,))
    return tuple(missing)


def _load_problem(file: Path) -> str | None:
    """Return what keeps a library from loading: the missing one's name, or the loader's words."""
    try:
        ctypes.CDLL(str(file))
    except OSError as error:
        found = re.match(r"(\S+): cannot open shared object file", str(error))
        return found.group(1) if found else str(error)
    return None


def _all_missing(file: Path) -> tuple[str, ...]:
    import shutil  # here, as they are needed only where a library is missing
    import subprocess

    ldd = shutil.which("ldd")
    if ldd is None:
        return ()
    listed = subprocess.run([ldd, str(file)], capture_output=True, text=True, check=False)
    return tuple(re.findall(r"^\s*(\S+) => not found", listed.stdout, re.MULTILINE))


def _missing_sentence(missing: tuple[str, ...]) -> str:
    packages = sorted({DEBIAN_PACKAGES[name] for name in missing if name in DEBIAN_PACKAGES})
    names = ", ".join(missing)
    if not packages:
        return f"Qt cannot start: {names} is missing"
    return f"Qt cannot start: {names} is missing; apt install {' '.join(packages)} brings it"


def _x_server_answers() -> bool:
    """Connect as the plug-in would, since a refused connection makes Qt abort."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # libxcb is reported as missing where it is needed
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not failed
