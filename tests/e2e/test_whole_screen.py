"""The whole screen and back under a window manager, by where the X server says the window is."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.driver import PATIENCE_S, Window, x_server
from tests.e2e.test_main_job import close_cleanly

SCREEN = (1600, 1000)
HAS_MANAGER = shutil.which("openbox") is not None  # make test installs it where it can
_LOOK_S = 0.05
_FRAME_PX = 20  # at most, on both sides of a window
_MAXIMIZE = "super+m"
_SETTINGS = """\
<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <keyboard><keybind key="W-m"><action name="Maximize"/></keybind></keyboard>
</openbox_config>
"""  # a key instead of the menu of the window, which may open only after the next key was pressed

Geometry = dict[str, int]


def wait_until(holds: Callable[[], bool], why: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s, why
        time.sleep(_LOOK_S)  # the X server sends no word of it to us


def answers(display: str) -> bool:
    """Whether a window manager tells how many desktops there are, as all do once they are ready."""
    asked = subprocess.run(
        ["xdotool", "get_num_desktops"],
        env={**os.environ, "DISPLAY": display},
        capture_output=True,
        check=False,
    )
    return asked.returncode == 0


@contextmanager
def window_manager(display: str, settings: Path) -> Iterator[None]:
    settings.write_text(_SETTINGS, encoding="utf-8")
    started = [start_manager(display, settings)]

    def is_ready() -> bool:
        if started[-1].poll() is not None:  # once in a hundred times it ends at once, with no word
            started.append(start_manager(display, settings))
        return answers(display)

    try:
        wait_until(is_ready, "the window manager did not start")
        yield
    finally:
        started[-1].terminate()
        started[-1].wait()


def start_manager(display: str, settings: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        ["openbox", "--sm-disable", "--config-file", str(settings)],
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A screen of our own, which a window manager looks after where there is one."""
    with x_server(f"{SCREEN[0]}x{SCREEN[1]}") as name:
        if not HAS_MANAGER:
            yield name
            return
        with window_manager(name, tmp_path / "rc.xml"):
            yield name


@pytest.fixture
def window(opener: Opener, tmp_path: Path) -> Window:
    path = tmp_path / "program.py"
    path.write_text("a = 1\n", encoding="utf-8")
    return opener(path)


def geometry(window: Window) -> Geometry:
    """Return what the X server says of the window, without the manager's frame."""
    told = window.xdotool("getwindowgeometry", "--shell", window.layout()["window_id"])
    pairs = (line.split("=") for line in told.splitlines())
    return {name: int(value) for name, value in pairs if name in ("X", "Y", "WIDTH", "HEIGHT")}


WHOLE = {"X": 0, "Y": 0, "WIDTH": SCREEN[0], "HEIGHT": SCREEN[1]}


def press_whole_screen(window: Window, *, wanted: bool) -> None:
    start = window.mark()
    window.key("shift+F12")
    window.wait_event("layout", is_whole_screen=wanted, after=start)


def test_the_window_takes_the_whole_screen_and_gives_it_back(window: Window) -> None:
    before = geometry(window)
    assert before["WIDTH"] < SCREEN[0]
    for _ in range(2):
        press_whole_screen(window, wanted=True)
        if HAS_MANAGER:
            wait_until(lambda: geometry(window) == WHOLE, "not the whole screen")
        press_whole_screen(window, wanted=False)
        if HAS_MANAGER:
            wait_until(lambda: geometry(window) == before, "not where it was")
    press_whole_screen(window, wanted=True)
    start = window.mark()
    window.key("ctrl+z")
    window.wait_event("layout", is_whole_screen=False, after=start)
    close_cleanly(window)


def test_a_window_that_filled_the_screen_does_so_again(window: Window) -> None:
    if HAS_MANAGER:
        window.key(_MAXIMIZE)
        wait_until(lambda: geometry(window)["WIDTH"] > SCREEN[0] - _FRAME_PX, "not maximized")
    before = geometry(window)
    press_whole_screen(window, wanted=True)
    if HAS_MANAGER:
        wait_until(lambda: geometry(window) == WHOLE, "not the whole screen")
    press_whole_screen(window, wanted=False)
    if HAS_MANAGER:
        assert before != WHOLE  # its frame's title is above it
        wait_until(lambda: geometry(window) == before, "not maximized any more")
    close_cleanly(window)
