"""Which hits count, messages with names offered in braces, and class limits, by real keys."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def open_editor(window: Window, debugger: Debugger, line: int, field: str) -> None:
    window.choose(debugger.gutter(line), "Breakpoint with a condition…")
    window.click(debugger.field(field))


def test_names_are_offered_in_the_braces_of_a_message(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    open_editor(window, debugger, 13, "Log message")
    window.type("round {ind")
    debugger.wait(lambda facts: facts["offered"] == ["index"], "the names in scope")
    window.key("Down", "Return")
    window.type("} ind")
    debugger.wait(lambda facts: not facts["offered"], "nothing outside the braces")
    window.key("Return")
    debugger.wait(lambda facts: [one["kind"] for one in facts["marks"]] == ["log"], "the mark")
    window.key("ctrl+shift+b")
    debugger.wait(
        lambda facts: (
            [row["texts"][3] for row in debugger.rows("Breakpoints", facts)]
            == ["round {index} ind"]
        ),
        "the message",
    )
    window.key("F5")
    window.wait_output("at 50")  # it goes on
    close_cleanly(window)


@pytest.mark.parametrize(("count", "indexes"), [("5", [4]), (">= 5", [4, 5]), ("% 3", [2, 5])])
def test_the_hits_that_count_stop(
    opener: Opener, tmp_path: Path, count: str, indexes: list[int]
) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    open_editor(window, debugger, 13, "Hit count")
    window.type(count)
    window.key("Return")
    debugger.wait(lambda facts: facts["marks"], "the mark")
    mark = window.mark()
    for index in indexes:
        window.key("F5")
        debugger.wait_stop(13, reason="breakpoint", after=mark)
        debugger.wait_value("index", str(index))
        mark = window.mark()
    close_cleanly(window)


SERVERS = """\
class Base:
    def __init__(self, name):
        self.name = name
    def serve(self, job):
        done = job + 1
        return done
class Server(Base):
    pass
class Other(Base):
    pass
for job in range(3):
    for one in (Other("b"), Server("a")):
        one.serve(job)
"""


def test_a_class_has_the_methods_it_inherits(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, SERVERS))
    debugger = Debugger(window)
    open_editor(window, debugger, 5, "Only for")
    window.type("in Server")
    window.key("Return")
    debugger.wait(lambda facts: facts["marks"], "the mark")
    mark = window.mark()
    for job in range(3):
        window.key("F5")
        debugger.wait_stop(5, reason="breakpoint", after=mark)
        debugger.wait_value("job", str(job))
        assert debugger.evaluate("self.name") == "'a'"
        mark = window.mark()
    close_cleanly(window)
