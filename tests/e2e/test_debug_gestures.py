"""Breakpoints, steps, data breakpoints and triggers with a real pointer and real keys."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window, middle
from tests.e2e.plots import Plot
from tests.e2e.test_gestures import wait_hint
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def choose_in_open_menu(window: Window, text: str, *, after: int) -> None:
    menu = window.wait_event("menu", after=after, why=f"the menu with {text!r}")
    entry = next(one for one in menu["entries"] if one["text"] == text)
    window.click(middle(entry["rect"]))


def test_break_step_and_watch_by_hand(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)

    # A right click in the margin asks for a condition, which is checked as it is typed.
    window.choose(debugger.gutter(13), "Breakpoint with a condition…")
    debugger.wait(lambda line: "Condition" in line["fields"], "the editor")
    window.type("index == 40")
    window.key("Return")
    facts = debugger.wait(lambda line: line["marks"], "the mark")
    assert [(one["line"], one["kind"]) for one in facts["marks"]] == [(13, "condition")]

    window.key("F5")
    debugger.wait_stop(13, reason="breakpoint")
    debugger.wait_value("index", "40")

    # The usual keys: into, out, over.
    debugger.key("F11", 6)
    debugger.wait_value("gain", "2.0")
    facts = debugger.key("shift+F11", 13)
    assert "scale returned" in facts["sign"][2]
    debugger.key("F10", 14)

    # Run to a line from the menu of the source, and stop where a variable changes.
    mark = window.mark()
    window.choose(window.token_point(12, "signal"), "Run to here")
    debugger.wait_stop(12, reason="step", after=mark)
    window.choose(window.token_point(13, "output"), "Stop when output changes…")
    debugger.wait(lambda line: "Set" in line["fields"], "the question")
    mark = window.mark()
    window.key("Return")
    debugger.wait(
        lambda line: any(one["kind"] == "data" for one in line["marks"]), "its mark", after=mark
    )
    mark = window.mark()
    window.key("F5")
    facts = debugger.wait(
        lambda line: line["stop"] and line["stop"]["reason"] == "data", "a change", after=mark
    )
    assert "output" in facts["stop"]["detail"]

    # A window that is closed while the program stands lets it end.
    close_cleanly(window)


def test_f9_and_the_list(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    window.key("ctrl+g")
    window.type("12")
    window.key("Return")
    window.key("F4")
    wait_hint(window, "does not stand")
    window.key("F9")
    debugger.wait(lambda line: [one["line"] for one in line["marks"]] == [12], "the mark")
    window.key("ctrl+shift+b")
    facts = debugger.wait(lambda line: debugger.rows("Breakpoints", line), "the list")
    (row,) = debugger.rows("Breakpoints", facts)
    assert row["texts"][0] == "program.py:12"
    left, top, _width, height = row["cells"][0]
    mark = window.mark()
    window.click((left + 10, top + height // 2))
    debugger.wait(lambda line: not line["marks"][0]["enabled"], "it is off", after=mark)
    window.click((left + 60, top + height // 2))
    mark = window.mark()
    window.key("Delete")
    debugger.wait(lambda line: not line["marks"], "it is gone", after=mark)
    close_cleanly(window)


def test_a_level_is_clicked_into_the_plot(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    probe = window.toggle(12, "signal")
    window.key("F5")
    window.wait_event("first_pixel", id=probe["id"])
    plot = Plot(window, "signal")
    plot.wait(lambda facts: facts["y"]["high"] > 0.9, "a whole wave")
    window.key("ctrl+t")
    mark = window.mark()
    window.click(debugger.field("Edge"))
    choose_in_open_menu(window, "Rising through a level", after=mark)
    wait_hint(window, "Click into the plot", after=mark)
    mark = window.mark()
    window.click(plot.at(0.5, 0.5))
    wait_hint(window, "Triggers on rise(signal >", after=mark)
    debugger.wait(
        lambda line: line["sign"][1] == "WAITING FOR TRIGGER", "the state, from afar", after=mark
    )
    close_cleanly(window)


def test_what_was_set_is_there_the_next_time(opener: Opener, tmp_path: Path) -> None:
    path = write_program(tmp_path, LOOP)
    window = opener(path)
    debugger = Debugger(window)
    window.toggle(12, "signal")
    debugger.toggle(13)
    debugger.wait(lambda line: line["marks"], "the mark")
    window.key("ctrl+t")
    debugger.wait(lambda line: "Trigger condition" in line["fields"], "the trigger's panel")
    window.type("index > 100")
    window.key("Return")
    wait_hint(window, "Triggers on index > 100")
    close_cleanly(window)
    path.write_text("# a new first line\n" + LOOP, encoding="utf-8")
    window = opener(path)
    debugger = Debugger(window)
    facts = debugger.wait(lambda line: line.get("marks"), "the mark again")
    assert [one["line"] for one in facts["marks"]] == [14]
    debugger.wait(lambda line: "trigger" in line["docks"], "the trigger's panel again")
    window.key("F5")
    debugger.wait_stop(14, reason="breakpoint")
    close_cleanly(window)
