"""Math traces over arrays and over runs by a real mouse: dragged back, run again, sources lost."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window
from tests.e2e.plots import Plot
from tests.e2e.test_main_job import close_cleanly, write_program
from tests.e2e.test_time_and_recordings import slider_point

FIELD = "Expression over traces"
ARRAYS = """\
import numpy as np

for step in range(101):
    wave = np.full(8, 1.0 * step)
    gain = 10.0
"""
ROUNDS = """\
import time

turn = 0
while True:
    first = turn
    second = turn
    turn += 1
    time.sleep(0.002)
    if turn % 100 == 0:
        print("turn", turn, flush=True)
"""


def write(window: Window, expression: str) -> None:
    start = window.mark()
    window.key("ctrl+e")
    window.wait_event("editor", name=FIELD, is_open=True, after=start)
    window.type(expression)
    window.key("Return")


def wait_runs(plot: Plot, runs: int) -> None:
    plot.wait(
        lambda facts: facts["traces"][0]["earlier"] == runs and facts["y"]["high"] > 8_000.0,
        "the runs before",
    )


def test_a_trace_over_arrays_is_dragged_back_run_again_and_loses_a_source(
    opener: Opener, tmp_path: Path
) -> None:
    path = write_program(tmp_path, ARRAYS)
    window = opener("-p", f"{path}:4:wave=every", "-p", f"{path}:5:gain=every", "--run", path)
    window.wait_event("ending", complete=True)
    write(window, "cumsum(tr0) * tr1")
    plot = Plot(window, "tr2")
    plot.wait(lambda facts: facts["y"]["high"] > 8_000.0, "the newest")

    window.xdotool("mousemove", *slider_point(window, 0.9), "mousedown", 1)
    for share in (0.7, 0.5, 0.3):
        window.xdotool("mousemove", *slider_point(window, share))
    window.xdotool("mousemove", *slider_point(window, 0.0), "mouseup", 1)
    window.key("alt+Right", "alt+Right")  # the second array, and the first gain before it
    plot.wait(lambda facts: 80.0 <= facts["y"]["high"] < 100.0, "what it was then")
    assert plot.now["warnings"] == ["NOT LIVE"]
    window.key("ctrl+l")
    plot.wait(lambda facts: facts["y"]["high"] > 8_000.0, "live again")

    for runs in (1, 2):
        start = window.mark()
        window.key("ctrl+shift+F5")
        window.wait_event("ending", complete=True, after=start)
        wait_runs(plot, runs)
    window.click(window.token_point(5, "gain"))
    plot.wait(lambda facts: facts["warnings"] == ["there is no trace tr1"], "the loss")
    window.key("ctrl+z")
    plot.wait(lambda facts: facts["warnings"] == [], "the source again")
    close_cleanly(window)


def test_a_probe_that_is_added_while_the_program_runs_is_in_step(
    opener: Opener, tmp_path: Path
) -> None:
    path = write_program(tmp_path, ROUNDS)
    window = opener("-p", f"{path}:5:first=every", "--run", path)
    window.wait_output("turn 100")
    window.toggle(6, "second")
    write(window, "tr0 - tr1")
    plot = Plot(window, "tr2")
    shown = plot.wait(lambda facts: facts["x"]["high"] > 200.0, "the difference")
    assert abs(shown["y"]["low"] + shown["y"]["high"]) < 0.01  # around zero, and nothing else
    window.key("shift+F5")
    window.wait_event("state", state="ended")
    close_cleanly(window)
