"""The palette, the sheet, undo, parking, plots alone and restart on save, with real keys."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window, middle
from tests.e2e.report_reader import Report
from tests.e2e.test_gestures import wait_hint
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def wait_layout(window: Window, why: str, *, after: int = 0, traces: int | None = None) -> Report:
    """Wait for a layout with this many plots in view."""
    return window.wait_for(
        lambda line: (
            line["event"] == "layout" and (traces is None or len(line["traces"]) == traces)
        ),
        after=after,
        why=why,
    )


def run_by_palette(window: Window, words: str) -> None:
    """Run the action that these words find first."""
    window.key("ctrl+shift+p")
    window.type(words)
    window.key("Return")


def test_the_palette_runs_what_is_typed(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    run_by_palette(window, "stop")  # cannot be done now: it says why, and stays open
    wait_hint(window, "Stop: no program is running.")
    window.key("ctrl+a")
    window.type("run")
    window.key("Return")
    window.wait_event("state", state="running")
    run_by_palette(window, "stop")
    window.wait_event("state", state="ended")
    start = window.mark()
    window.key("ctrl+shift+p")
    window.type("restart")
    window.key("Escape")
    window.key("p")  # the source has the keyboard again: this says that there is nothing to probe
    window.key("ctrl+g")
    window.type("12")
    window.key("Return")
    window.key("ctrl+Right")
    window.key("p")
    probe = window.wait_event("probe", after=start)
    assert probe["label"] == "signal @ program.py:12"
    close_cleanly(window)


def test_the_palette_answers_the_mouse(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.key("ctrl+shift+p")
    window.type("run")
    x, y, width, _ = window.wait_for(
        lambda line: line["event"] == "layout" and "actions" in line["widgets"],
        why="the palette's place",
    )["widgets"]["actions"]
    window.settled_layout()
    window.click((x + width // 2, y + 10))
    window.wait_event("state", state="running")
    window.key("shift+F5")
    window.wait_event("state", state="ended")
    close_cleanly(window)


def test_the_sheet_opens_on_a_question_mark_only_where_none_is_typed(
    opener: Opener, tmp_path: Path
) -> None:
    window = opener(write_program(tmp_path, 'print("got", input())\n'))
    window.key("question")
    window.wait_for(
        lambda line: line["event"] == "layout" and "sheet" in line["widgets"], why="the sheet"
    )
    start = window.mark()
    window.key("question")
    window.wait_for(
        lambda line: line["event"] == "layout" and "sheet" not in line["widgets"],
        after=start,
        why="the closed sheet",
    )
    window.key("F5")
    window.wait_event("state", state="running")
    window.click(window.widget_point("input"))
    window.type("why?")
    window.key("Return")
    window.wait_output("got why?")
    close_cleanly(window)


def test_a_removed_probe_comes_back_and_goes_on(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    probe = window.toggle(12, "signal")
    window.key("F5")
    window.wait_event("probe", id=probe["id"], status="live")
    window.toggle(12, "signal")
    window.wait_event("probe", id=probe["id"], status="removed")
    start = window.mark()
    window.key("ctrl+z")
    window.wait_event("probe", id=probe["id"], status="live", after=start)
    wait_layout(window, "the plot of the restored probe", after=start, traces=1)
    start = window.mark()
    window.key("ctrl+shift+z")
    window.wait_event("probe", id=probe["id"], status="removed", after=start)
    close_cleanly(window)


def test_a_plot_is_parked_and_comes_back(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.toggle(12, "signal")
    window.toggle(13, "output")
    wait_layout(window, "two plots", traces=2)
    window.key("F7")
    start = window.mark()
    window.key("ctrl+m")
    one = wait_layout(window, "one plot", after=start, traces=1)
    wait_hint(window, "is parked, its probe goes on")
    assert one["traces"][0]["title"] == "output @ program.py:13"
    strip = window.settled_layout()["widgets"]["parked"]
    start = window.mark()
    window.click((strip[0] + 90, middle(strip)[1]))
    wait_layout(window, "two plots again", after=start, traces=2)
    start = window.mark()
    window.key("ctrl+z")
    wait_layout(window, "the undone restore", after=start, traces=1)
    close_cleanly(window)


def test_plots_alone_fill_the_window(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.toggle(12, "signal")
    wait_layout(window, "a plot", traces=1)
    start = window.mark()
    window.key("F12")
    window.wait_for(
        lambda line: (
            line["event"] == "layout"
            and "source" not in line["widgets"]
            and bool(line["traces"])
            and line["traces"][0]["rect"][2] > 0.9 * line["window"][2]
        ),
        after=start,
        why="a plot as wide as the window",
    )
    start = window.mark()
    window.key("F12")
    window.wait_for(
        lambda line: line["event"] == "layout" and "source" in line["widgets"],
        after=start,
        why="the source again",
    )
    close_cleanly(window)


def test_a_save_restarts_the_program(opener: Opener, tmp_path: Path) -> None:
    path = write_program(tmp_path, LOOP)
    window = opener(path)
    run_by_palette(window, "restart on save")
    wait_hint(window, "restarts whenever")
    window.toggle(12, "signal")
    window.key("F5")
    window.wait_event("probe", status="live")
    start = window.mark()
    path.write_text("# one\n# two\n" + LOOP, encoding="utf-8")
    window.wait_event("state", state="starting", after=start)
    window.wait_event("probe", line=14, status="live", after=start)
    close_cleanly(window)
