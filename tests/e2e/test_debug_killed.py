"""A window that is killed while its program stands: the program goes on, and nothing is left."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window
from tests.e2e.test_main_job import write_program
from tests.waiting import wait_for_end, wait_for_files

# What a program does at its end: more output than a pipe takes, and a word to the test.
GOES_ON = """
print("on" * 100_000, flush=True)
open("done", "w").close()
"""

THREAD = """\
import threading
def work():
    value = 1
    result = value + 1
    return result
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""

TASKS = """\
import asyncio
async def one(number):
    await asyncio.sleep(0)
    result = number + 1
    return result
async def main():
    assert await asyncio.gather(one(1), one(2)) == [2, 3]
asyncio.run(main())
"""

CALLS = """\
for _often in range(3):
    breakpoint()
"""

CAUGHT = """\
try:
    {}["key"]
except KeyError:
    value = 1
"""

SLOW_STEP = """\
import os
def slow():
    open("begun", "w").close()
    with open("gate") as gate:
        return gate.read()
value = 1
value = slow()
value = 2
"""

ENDLESS = """\
import os, time
open("begun", "w").close()
while not os.path.exists("release"):
    time.sleep(0.001)
"""

Stops = Callable[[Window, Debugger, Path], None]


def start(window: Window, debugger: Debugger, line: int, **facts: Any) -> None:
    window.key("F5")
    debugger.wait_stop(line, **facts)


def at_a_breakpoint(window: Window, debugger: Debugger, _folder: Path) -> None:
    debugger.toggle(4)
    start(window, debugger, 4, reason="breakpoint")


def at_a_call(window: Window, debugger: Debugger, _folder: Path) -> None:
    start(window, debugger, 2, reason="call")


def at_an_exception(window: Window, debugger: Debugger, _folder: Path) -> None:
    window.key("ctrl+shift+b")
    window.click(debugger.field("Exceptions that stop the program wherever they are raised"))
    window.type("KeyError")
    window.key("Return")
    start(window, debugger, 2, reason="exception")


def at_a_change(window: Window, debugger: Debugger, _folder: Path) -> None:
    window.choose(window.token_point(3, "value"), "Stop when value changes…")
    debugger.wait(lambda facts: "Set" in facts["fields"], "the question")
    window.key("Return")
    debugger.wait(lambda facts: facts["marks"], "the mark")
    start(window, debugger, 4, reason="data")


def in_a_step(window: Window, debugger: Debugger, folder: Path) -> None:
    debugger.toggle(7)
    start(window, debugger, 7, reason="breakpoint")
    window.key("F10")
    wait_for_files(folder, (folder / "begun").exists)


def in_an_evaluation(window: Window, debugger: Debugger, folder: Path) -> None:
    at_a_breakpoint(window, debugger, folder)
    window.click(debugger.field("Evaluate in the stopped frame"))
    window.type("open('begun', 'w').close() or sum(0 for _ in iter(int, 1))")
    window.key("Return")
    wait_for_files(folder, (folder / "begun").exists)


def paused(window: Window, debugger: Debugger, folder: Path) -> None:
    window.key("F5")
    wait_for_files(folder, (folder / "begun").exists)
    window.key("F6")
    debugger.wait(lambda facts: facts["stop"], "the pause")


def in_a_menu(window: Window, debugger: Debugger, folder: Path) -> None:
    at_a_breakpoint(window, debugger, folder)
    mark = window.mark()
    window.xdotool("mousemove", *debugger.gutter(4), "click", 3)
    window.wait_event("menu", after=mark)


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        (THREAD, at_a_breakpoint),
        (TASKS, at_a_breakpoint),
        (CALLS, at_a_call),
        (CAUGHT, at_an_exception),
        (THREAD, at_a_change),
        (SLOW_STEP, in_a_step),
        (THREAD, in_an_evaluation),
        (ENDLESS, paused),
        (THREAD, in_a_menu),
    ],
    ids=["thread", "task", "call", "exception", "data", "step", "evaluation", "paused", "menu"],
)
def test_a_program_that_stands_goes_on_when_the_window_is_killed(
    opener: Opener, tmp_path: Path, text: str, stops: Stops
) -> None:
    os.mkfifo(tmp_path / "gate")
    pid_told = "import os\nopen('pid', 'w').write(str(os.getpid()))\n"
    path = write_program(tmp_path, text + pid_told + GOES_ON)
    window = opener(path, cwd=tmp_path)
    stops(window, Debugger(window), tmp_path)
    window.process.kill()
    window.process.communicate()
    window.report.join()
    if stops is in_a_step:
        (tmp_path / "gate").write_text("open")
    (tmp_path / "release").touch()
    wait_for_files(tmp_path, (tmp_path / "done").exists)
    wait_for_end(int((tmp_path / "pid").read_text()))
    assert not list(Path("/dev/shm").glob(f"pyprobe-ring-{window.process.pid}-*"))
