"""The main job, by hand: open, click variables, run, watch, edit, restart, end."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window

LOOP = """\
import math
import time


def scale(value, gain):
    result = value * gain
    return result


def main():
    for index in range(100_000):
        signal = math.sin(index / 20)
        output = scale(signal, 2.0)
        if index % 50 == 0:
            print("at", index)
        time.sleep(0.002)


main()
"""


def write_program(folder: Path, text: str, name: str = "program.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def close_cleanly(window: Window) -> None:
    code, errors = window.close()
    assert (code, errors) == (0, "")


def test_steps_one_to_three(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    # 1. The program has not started; the plot area says what to do.
    assert not [line for line in window.lines if line["event"] == "state"]
    assert "plots" in window.settled_layout()["widgets"]

    # 2. A click arms a probe, and its plot is there.
    probe = window.toggle(12, "signal")
    assert (probe["status"], probe["label"]) == ("armed", "signal @ program.py:12")
    layout = window.wait_for(lambda line: line["event"] == "layout" and bool(line["traces"]))
    assert layout["traces"][0]["title"] == "signal @ program.py:12"

    # 3. F5 makes it live; another probe is added while the program runs; a click removes one.
    window.key("F5")
    window.wait_event("state", state="running")
    window.wait_event("probe", id=probe["id"], status="live")
    window.wait_event("first_pixel", id=probe["id"])
    second = window.toggle(6, "result")
    window.wait_event("probe", id=second["id"], status="live")
    window.wait_event("first_pixel", id=second["id"])
    window.toggle(12, "signal")
    window.wait_event("probe", id=probe["id"], status="removed")
    window.wait_for(
        lambda line: (
            line["event"] == "layout" and [t["id"] for t in line["traces"]] == [second["id"]]
        ),
        why="the layout without the removed plot",
    )
    start = window.mark()
    window.key("shift+F5")
    window.wait_event("state", state="ended", after=start)
    close_cleanly(window)


def test_console_reads_what_is_typed(opener: Opener, tmp_path: Path) -> None:
    program = 'name = input("name? ")\nprint("hello", name)\nrest = input()\n'
    window = opener(write_program(tmp_path, program))
    window.key("F5")
    window.wait_output("name? ")
    window.click(window.widget_point("input"))
    window.type("Ada")
    window.key("Return")
    window.wait_output("hello Ada")
    window.key("ctrl+d")
    window.wait_for(
        lambda line: line["event"] == "ending" and "EOFError" in line["sentence"],
        why="the end by EOFError",
    )
    close_cleanly(window)


def test_an_edit_moves_the_probes(opener: Opener, tmp_path: Path) -> None:
    path = write_program(tmp_path, LOOP)
    window = opener(path)
    window.toggle(12, "signal")
    window.key("F5")
    window.wait_event("probe", status="live")
    # While it runs, the edit is only announced.
    path.write_text("# one\n# two\n" + LOOP, encoding="utf-8")
    window.wait_for(
        lambda line: line["event"] == "message" and "has changed on disk" in line["text"]
    )
    # A restart applies it: the probe has moved with the text.
    start = window.mark()
    window.key("ctrl+shift+F5")
    window.wait_event("probe", line=14, status="live", after=start)
    # Stopped, an edit applies at once; a line that is gone makes its probe invalid, and says why.
    window.key("shift+F5")
    window.wait_event("state", state="ended", after=start)
    start = window.mark()
    path.write_text(LOOP.replace("signal = math.sin(index / 20)", "pass"), encoding="utf-8")
    gone = window.wait_event("probe", status="invalid", after=start)
    assert "gone" in gone["detail"]
    close_cleanly(window)


def test_a_failure_shows_its_traceback(opener: Opener, tmp_path: Path) -> None:
    program = "def divide(a, b):\n    return a / b\n\n\nprint(divide(1, 0))\n"
    window = opener(write_program(tmp_path, program))
    window.key("F5")
    message = window.wait_for(
        lambda line: line["event"] == "message" and "exit code 1" in line["text"]
    )
    assert "ZeroDivisionError" in message["text"]
    close_cleanly(window)


def test_probes_and_layout_are_remembered(opener: Opener, tmp_path: Path) -> None:
    path = write_program(tmp_path, LOOP)
    window = opener(path)
    window.toggle(12, "signal")
    window.toggle(6, "result")
    close_cleanly(window)
    path.write_text("# a new first line\n" + LOOP, encoding="utf-8")
    window = opener(path)
    window.wait_event("probe", label="signal @ program.py:13", status="armed")
    window.wait_event("probe", label="result @ program.py:7", status="armed")
    window.wait_for(lambda line: line["event"] == "layout" and len(line["traces"]) == 2)
    close_cleanly(window)
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.suffix == ".py") == [
        "program.py"
    ]


def test_keyboard_alone(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.key("ctrl+g")
    window.type("12")
    window.key("Return")
    window.key("ctrl+Right")
    start = window.mark()
    window.key("p")
    probe = window.wait_event("probe", after=start)
    assert probe["label"] == "signal @ program.py:12"
    window.key("ctrl+Return")
    window.wait_event("probe", id=probe["id"], status="removed")
    window.key("F5")
    window.wait_event("state", state="running")
    window.key("F6")
    window.wait_event("state", state="paused")
    start = window.mark()
    window.key("F6")
    window.wait_event("state", state="running", after=start)
    close_cleanly(window)
