"""Plots as parts of the window: the keyboard's way, the whole screen, lenses, export, memory."""

import subprocess
from pathlib import Path
from time import monotonic

from tests.e2e.conftest import Opener
from tests.e2e.driver import PATIENCE_S, Window
from tests.e2e.plots import Plot
from tests.e2e.test_gestures import wait_hint
from tests.e2e.test_main_job import close_cleanly
from tests.e2e.test_plot_traces import RAMP, WAVE, names
from tests.waiting import wait_for_files


def test_the_keyboard_goes_from_plot_to_plot_and_takes_the_whole_screen(waves: Window) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    wave.focus()
    waves.key("F7")
    ramp.wait(lambda facts: facts["focused"], "the keyboard on the next plot")
    waves.key("F7")
    wave.wait(lambda facts: facts["focused"], "the keyboard on the first plot again")
    waves.key("shift+F7")
    ramp.wait(lambda facts: facts["focused"], "the keyboard on the plot before")
    waves.key("F8")
    wave.wait(lambda _facts: not ramp.now["focused"], "the keyboard on the next part")
    waves.key("shift+F8")
    ramp.wait(lambda facts: facts["focused"], "the keyboard on the plots again")

    for is_whole in (True, False):
        start = waves.mark()
        waves.key("shift+F12")
        waves.wait_event("layout", is_whole_screen=is_whole, after=start)
    close_cleanly(waves)


def detach(plot: Plot) -> None:
    """Give a plot a window of its own, by the button beside its tab."""
    left, top, width, _height = plot.now["rect"]
    plot.window.click((left + width - 15, top - 16))
    plot.wait(lambda facts: facts["rect"][0] != left, "a window of its own")


def test_the_window_ends_while_plots_stand_in_windows_of_their_own(waves: Window) -> None:
    for title in ("ramp", "wave"):
        detach(Plot(waves, title))
    left, top, width, _height = waves.settled_layout()["widgets"]["console"]
    waves.click((left + width - 15, top - 16))
    start = waves.mark()
    waves.focus()
    waves.xdotool("mousemove", *waves.token_point(4, "wave"), "click", 3)
    waves.wait_event("menu", after=start)
    waves.key("Escape")
    waves.move(Plot(waves, "wave").at(0.5, 0.5))
    place = dict(
        line.split("=") for line in waves.xdotool("getmouselocation", "--shell").splitlines()
    )
    waves.xdotool("windowfocus", "--sync", place["WINDOW"])
    close_cleanly(waves)  # by keys that the window of the plot hears


def test_what_was_chosen_in_plots_is_there_again(
    waves: Window, opener: Opener, tmp_path: Path
) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    waves.carry(ramp.header, wave.at(0.5, 0.5), f"trace of {WAVE}")
    wave.wait(lambda facts: len(facts["traces"]) == 2, "both traces")
    wave.choose(RAMP, "Axis at the right")
    wave.wait(lambda facts: facts["right"], "the second axis")
    wave.focus()
    waves.key("c", "m")
    chosen = wave.wait(lambda facts: len(facts["cursors"]) == 2 and facts["strip"], "instruments")
    ramp.choose("Draw as", "Value histogram")
    ramp.wait(lambda facts: facts["lens"] == "value histogram", "the other lens")
    close_cleanly(waves)

    again = opener("--run", tmp_path / "program.py")
    wave, ramp = Plot(again, "wave"), Plot(again, "ramp")
    ramp.wait(lambda facts: facts["lens"] == "value histogram", "the lens that was chosen")
    back = wave.wait(lambda facts: names(facts) == ["wave", "ramp"] and facts["strip"], "the rest")
    assert back["traces"][1]["side"] == "right"
    assert back["cursors"] == chosen["cursors"]
    close_cleanly(again)


EXPORT = "Export the plot"


def confirm(window: Window, title: str) -> None:
    """Press Return until a dialog has gone: the list of names it offers takes one for itself."""
    find = ["xdotool", "search", "--onlyvisible", "--name", title]
    deadline_s = monotonic() + PATIENCE_S
    while subprocess.run(find, env=window.environment, capture_output=True, check=False).stdout:
        assert monotonic() < deadline_s, f"{title!r} stays open"
        window.key("Return")
        window.report.wait_more(window.mark(), 2.0)


def test_a_plot_is_exported_from_its_menu(waves: Window, tmp_path: Path) -> None:
    wave = Plot(waves, "wave")
    for suffix in ("csv", "png"):
        wave.choose("Export", f"{suffix.upper()}…")
        waves.xdotool(
            "search", "--sync", "--onlyvisible", "--name", EXPORT, "windowfocus", "--sync"
        )
        waves.key("ctrl+a")
        waves.type(str(tmp_path / f"wave.{suffix}"))
        confirm(waves, EXPORT)
        wait_hint(waves, f"Exported to {tmp_path}/wave.{suffix}.")
        waves.focus()
    wait_for_files(tmp_path, lambda: (tmp_path / "wave.csv").exists())
    assert len((tmp_path / "wave.csv").read_text(encoding="utf-8").splitlines()) == 201
    assert (tmp_path / "wave.png").read_bytes().startswith(b"\x89PNG")
    wave.choose("Export", "Copy as picture")
    wait_hint(waves, "The picture of the plot is on the clipboard.")
    close_cleanly(waves)


def test_earlier_runs_stay_behind_the_newest_until_the_loop_is_ended(waves: Window) -> None:
    wave = Plot(waves, "wave")
    start = waves.mark()
    waves.key("ctrl+shift+l")
    wait_hint(waves, "F5 runs the program again and again", after=start)
    waves.key("F5")
    wave.wait(lambda facts: facts["traces"][0]["earlier"] >= 2, "two runs behind the newest")
    start = waves.mark()
    waves.key("ctrl+shift+l")
    wait_hint(waves, "is not started again", after=start)
    close_cleanly(waves)
