"""A recording is dragged onto the window from another program, through the X server."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Point, Window, middle
from tests.e2e.test_gestures import wait_hint
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program
from tests.session.recordings import make_recording
from tests.waiting import wait_for_end


@contextmanager
def drag_source(window: Window, *paths: Path) -> Iterator[Point]:
    """Run another program whose window gives files away; yields where it stands."""
    source = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("drag_source.py")), *map(str, paths)],
        env={**window.environment, "QT_QPA_PLATFORM": "xcb"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert source.stdout is not None
        x, y = map(int, source.stdout.readline().split())
        yield x, y
    finally:
        source.kill()
        source.communicate()


def test_a_recording_dropped_onto_the_window_opens(opener: Opener, tmp_path: Path) -> None:
    recording = make_recording(tmp_path, [(1, number * 2) for number in range(100)])
    window = opener(write_program(tmp_path, LOOP))
    for part in ("source", "console", "plots"):
        start = window.mark()
        with drag_source(window, recording) as place:
            window.carry(place, middle(window.layout()["widgets"][part]), None)
            wait_hint(window, "run.mcap opens in a window of its own.", after=start)
        found = window.xdotool("search", "--sync", "--onlyvisible", "--name", "^run.mcap")
        pid = int(window.xdotool("getwindowpid", found))
        window.xdotool("windowfocus", "--sync", found, "key", "ctrl+q")
        wait_for_end(pid)
        window.focus()
    close_cleanly(window)


def wait_message(window: Window, text: str) -> None:
    window.wait_for(
        lambda line: line["event"] == "message" and text in line["text"], why=f"words of {text}"
    )


def test_of_several_things_that_are_dropped_each_that_is_no_recording_is_named(
    opener: Opener, tmp_path: Path
) -> None:
    recording = make_recording(tmp_path, [(1, number * 2) for number in range(100)])
    noise, empty, folder = (tmp_path / f"{name}.mcap" for name in ("noise", "empty", "folder"))
    noise.write_bytes(bytes(range(256)) * 40)
    empty.touch()
    folder.mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("no recording")
    window = opener(write_program(tmp_path, LOOP))
    with drag_source(window, noise, empty, folder, text, recording) as place:
        window.carry(place, middle(window.layout()["widgets"]["source"]), None)
        wait_hint(window, "run.mcap opens in a window of its own.")
        for path in (noise, empty, folder):
            wait_message(window, path.name)
    found = window.xdotool("search", "--sync", "--onlyvisible", "--name", "^run.mcap")
    pid = int(window.xdotool("getwindowpid", found))
    window.xdotool("windowfocus", "--sync", found, "key", "ctrl+q")
    wait_for_end(pid)
    window.focus()
    close_cleanly(window)
