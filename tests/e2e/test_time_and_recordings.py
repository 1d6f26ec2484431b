"""The window's time, recordings and the Record button, with real keys and a real mouse."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window
from tests.e2e.report_reader import Report
from tests.e2e.test_main_job import close_cleanly, write_program
from tests.session.recordings import make_recording

STEPS = """\
import time
for step in range(100000):
    value = step * 2
    if step % 10 == 0:
        print("step", step, flush=True)
    time.sleep(0.002)
"""


def wait_time(window: Window, *, after: int, live: bool) -> Report:
    """Wait until the window shows another time."""
    return window.wait_event("time", after=after, live=live)


def first_value(report: Report) -> float:
    return float(next(iter(report["values"].values())))


def slider_point(window: Window, share: float) -> tuple[int, int]:
    """Return a place on the time bar."""
    x, y, width, height = window.settled_layout()["widgets"]["time"]
    return x + round(width * share), y + height // 2


def test_time_is_held_dragged_stepped_and_live_again_while_the_program_runs(
    opener: Opener, tmp_path: Path
) -> None:
    path = write_program(tmp_path, STEPS)
    window = opener("-p", f"{path}:3:value=every", "--run", path)
    window.wait_output("step 300")
    start = window.mark()
    window.key("ctrl+l")
    held = wait_time(window, after=start, live=False)
    value = first_value(held)
    assert held["count"] == value / 2 + 1
    window.wait_output(f"step {int(value / 2) // 10 * 10 + 200}")  # the program goes on

    start = window.mark()
    window.key("alt+Left")
    assert first_value(wait_time(window, after=start, live=False)) == value - 2
    start = window.mark()
    window.key("alt+Right")
    assert first_value(wait_time(window, after=start, live=False)) == value

    point, start = slider_point(window, 0.2), window.mark()
    window.xdotool("mousemove", *slider_point(window, 0.6), "mousedown", 1)
    window.xdotool("mousemove", *point, "mouseup", 1)
    window.wait_for(
        lambda line: line["event"] == "time" and line["count"] < 0.45 * line["total"],
        after=start,
        why="the time under the mouse",
    )
    dragged = [line for line in window.lines if line["event"] == "time"][-1]
    assert dragged["total"] > held["total"]
    assert first_value(dragged) == (dragged["count"] - 1) * 2
    shown = int(first_value(dragged) / 2)
    assert f"step {(shown // 10 + 20) * 10}\n" in dragged["later"]
    assert "step 0\n" not in dragged["later"]

    start = window.mark()
    window.key("Escape")  # the bar has the keyboard
    live = wait_time(window, after=start, live=True)
    assert first_value(live) > value
    assert live["later"] == ""
    window.key("shift+F5")
    window.wait_event("state", state="ended")
    close_cleanly(window)


def test_a_recording_opens_without_its_program_and_goes_back_in_time(
    opener: Opener, tmp_path: Path
) -> None:
    rows: list[tuple[int, object]] = [(1, number * 2) for number in range(1000)]
    recording = make_recording(tmp_path, rows, output=[("stdout", "hello\n")])
    window = opener("open", recording)
    window.wait_output("hello")
    start = window.mark()
    window.key("F5")
    hint = window.wait_event("hint", after=start)
    assert hint["text"] == "run.mcap is a recording: no program runs in this window."
    start = window.mark()
    window.key("alt+Left")
    assert first_value(wait_time(window, after=start, live=False)) == 1996
    start = window.mark()
    window.click(slider_point(window, 0.0))
    assert first_value(wait_time(window, after=start, live=False)) == 0
    start = window.mark()
    window.click(window.widget_point("live"))
    assert first_value(wait_time(window, after=start, live=True)) == 1998
    close_cleanly(window)


def test_what_is_recorded_by_the_button_opens_again(opener: Opener, tmp_path: Path) -> None:
    path = write_program(tmp_path, STEPS)
    window = opener("-p", f"{path}:3:value=every", "--run", path)
    window.wait_output("step 100")
    window.click(window.widget_point("button Record"))
    recording = tmp_path / "button.mcap"
    # A window that is named but not mapped yet cannot have the keyboard.
    found = ("search", "--sync", "--onlyvisible", "--name", "Record into")
    window.xdotool(*found, "windowfocus", "--sync")
    window.key("ctrl+a")
    window.type(str(recording))
    window.key("Return")
    window.wait_output("step 1000")
    window.focus()
    start = window.mark()
    window.click(window.widget_point("button Stop recording"))
    said = window.wait_event("message", after=start)
    assert "captures are recorded in button.mcap" in said["text"]
    window.key("shift+F5")
    window.wait_event("state", state="ended")
    close_cleanly(window)

    again = opener("open", recording)
    again.wait_output("step 1000")
    start = again.mark()
    again.key("ctrl+l")
    held = wait_time(again, after=start, live=False)
    assert held["count"] == held["total"] > 100
    close_cleanly(again)
