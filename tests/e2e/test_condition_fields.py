"""Where a condition is typed: offered names are in nobody's way, and what is wrong is said once."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def open_editor(opener: Opener, folder: Path, typed: str) -> tuple[Window, Debugger]:
    window = opener(write_program(folder, LOOP))
    debugger = Debugger(window)
    window.choose(debugger.gutter(13), "Breakpoint with a condition…")
    debugger.wait(lambda line: "Condition" in line["fields"], "the editor")
    window.type(typed)
    return window, debugger


def test_a_click_beside_the_offered_names_is_meant(opener: Opener, tmp_path: Path) -> None:
    window, debugger = open_editor(opener, tmp_path, "ind")
    debugger.wait(lambda line: line["offered"] == ["index"], "the names")
    window.click(debugger.gutter(12))
    debugger.wait(lambda line: [one["line"] for one in line["marks"]] == [12], "the mark")
    mark = window.mark()
    window.click(debugger.field("Condition"))
    window.type("e")
    debugger.wait(lambda line: line["offered"] == ["index"], "the names", after=mark)
    window.click(debugger.field("Done"))
    debugger.wait(lambda line: [one["line"] for one in line["marks"]] == [12, 13], "both")
    close_cleanly(window)


def test_a_right_click_beside_the_offered_names_asks_for_a_menu(
    opener: Opener, tmp_path: Path
) -> None:
    window, debugger = open_editor(opener, tmp_path, "ind")
    debugger.wait(lambda line: line["offered"] == ["index"], "the names")
    mark = window.mark()
    window.choose(debugger.gutter(12), "Breakpoint with a condition…")
    debugger.wait(lambda line: not line["offered"], "another editor", after=mark)
    window.type("index > 3")
    window.key("Return")
    debugger.wait(lambda line: [one["line"] for one in line["marks"]] == [12], "the mark")
    close_cleanly(window)


def test_what_is_wrong_is_said_once(opener: Opener, tmp_path: Path) -> None:
    window, debugger = open_editor(opener, tmp_path, "index >> 3")
    debugger.wait(lambda line: len(line["problems"]) == 1, "what is wrong")
    window.key("Return", "a")  # Enter says nothing more, and what is typed next goes to the field
    facts = debugger.wait(lambda line: "'>>'" in str(line["problems"]), "what is wrong")
    assert len(facts["problems"]) == 1
    window.key("Escape", "Escape")
    debugger.wait(lambda line: "Condition" not in line["fields"], "no editor")
    close_cleanly(window)
