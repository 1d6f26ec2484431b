"""The debugger's lists and panels by hand: conditions in cells, undo, exceptions, values, lines."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window
from tests.e2e.test_gestures import wait_hint
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def texts(debugger: Debugger, tree: str, column: int) -> list[str]:
    return [row["texts"][column] for row in debugger.rows(tree)]


def wait_column(debugger: Debugger, tree: str, column: int, wanted: list[str]) -> None:
    debugger.wait(
        lambda facts: [row["texts"][column] for row in debugger.rows(tree, facts)] == wanted,
        f"{wanted} in {tree}",
    )


def open_cell(debugger: Debugger, tree: str, row: str, column: int, name: str) -> None:
    """Double-click a cell, and wait for the line to type in."""
    debugger.window.double_click(debugger.cell(tree, row, column))
    debugger.wait(lambda facts: name in facts["fields"], f"the line {name}")


def open_list(window: Window, debugger: Debugger) -> None:
    window.key("ctrl+shift+b")
    debugger.wait(lambda facts: "breakpoints" in facts["docks"], "the list")


def test_a_condition_is_checked_and_completed_in_its_cell_and_undone(
    opener: Opener, tmp_path: Path
) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    open_list(window, debugger)
    debugger.toggle(13)
    wait_column(debugger, "Breakpoints", 0, ["program.py:13"])

    # A name in scope is taken from the list that opens below the cell.
    open_cell(debugger, "Breakpoints", "program.py:13", 1, "Condition")
    window.type("ind")
    debugger.wait(lambda facts: facts["offered"] == ["index"], "the names in scope")
    window.key("Down", "Return")
    window.type(" >")
    debugger.wait(lambda facts: "Expected a value" in str(facts["problems"]), "what is wrong")
    window.key("Return")  # takes nothing
    debugger.wait(lambda facts: "Condition" in facts["fields"], "the line, open still")
    window.type(" 40")
    debugger.wait(lambda facts: not facts["problems"], "nothing wrong")
    window.key("Return")
    wait_column(debugger, "Breakpoints", 1, ["index > 40"])

    # It can be undone and done again, as can the rest.
    window.key("ctrl+z")
    wait_column(debugger, "Breakpoints", 1, [""])
    window.key("ctrl+z")
    wait_column(debugger, "Breakpoints", 1, [])
    window.key("ctrl+shift+z", "ctrl+shift+z")
    wait_column(debugger, "Breakpoints", 1, ["index > 40"])

    window.key("F5")
    debugger.wait_stop(13, reason="breakpoint")
    debugger.wait_value("index", "41")
    close_cleanly(window)


def test_the_sessions_conditions_are_changed_in_place_and_undone(
    opener: Opener, tmp_path: Path
) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    conditions = "Conditions of the session"
    window.toggle(12, "signal")
    window.key("ctrl+shift+t")
    debugger.wait(lambda facts: "Label of the snapshots" in facts["fields"], "the panel")
    window.click(debugger.field("Condition"))
    window.type("index == 5")
    window.key("Return")
    wait_column(debugger, conditions, 0, ["index == 5"])
    open_cell(debugger, conditions, "index == 5", 0, "Condition of the session")
    window.key("ctrl+a")
    window.type("index == 7")
    window.key("Return")
    wait_column(debugger, conditions, 0, ["index == 7"])
    window.key("Delete")
    wait_column(debugger, conditions, 0, [])
    for left in (["index == 7"], ["index == 5"], []):
        window.key("ctrl+z")
        wait_column(debugger, conditions, 0, left)
    window.key("ctrl+shift+z", "ctrl+shift+z")
    wait_column(debugger, conditions, 0, ["index == 7"])
    window.key("F5")
    wait_column(debugger, "Snapshots", 1, ["index == 5"])
    close_cleanly(window)


def test_exceptions_are_named_and_slips_are_said(opener: Opener, tmp_path: Path) -> None:
    text = (
        "def look(key):\n    try:\n        return {}[key]\n    except KeyError:\n        return 0\n"
    )
    window = opener(write_program(tmp_path, f"{text}for n in range(3):\n    look(n)\n"))
    debugger = Debugger(window)
    open_list(window, debugger)
    window.click(debugger.field("Exceptions that stop the program wherever they are raised"))
    window.type("KeyEror")
    debugger.wait(lambda facts: "is KeyError meant?" in str(facts["problems"]), "the slip")
    window.type(", 3x")
    debugger.wait(lambda facts: "'3x' is not the name" in str(facts["problems"]), "what is wrong")
    window.key("ctrl+a")
    window.type("KeyError")
    window.key("Return")
    debugger.wait(lambda facts: not facts["problems"], "nothing wrong")
    window.key("F5")
    facts = debugger.wait_stop(3, reason="exception")
    assert "KeyError: 0" in facts["sign"][2]
    close_cleanly(window)


def test_values_and_lines_are_changed_while_it_stands(opener: Opener, tmp_path: Path) -> None:
    text = "def scale(value):\n    gain = 2\n    result = value * gain\n    return result\n"
    window = opener(write_program(tmp_path, f"{text}total = scale(3)\nprint('got', total)\n"))
    debugger = Debugger(window)
    debugger.toggle(3)
    window.key("F5")
    debugger.wait_stop(3, reason="breakpoint")

    # A value is written into its cell, and taken back by a result that is looked at.
    window.double_click(debugger.cell("Variables", "gain", 1))
    window.key("ctrl+a")
    window.type("10")
    window.key("Return")
    wait_hint(window, "gain is 10 now")
    debugger.wait_value("gain", "10")
    assert debugger.evaluate("gain * value") == "30"
    window.key("shift+Tab")
    window.key("Delete")
    debugger.wait(
        lambda facts: "gain * value" not in [row["texts"][0] for row in debugger.rows("Variables")],
        "the result is gone",
    )

    # The line is run again, by going back to it.
    debugger.key("F10", 4)
    mark = window.mark()
    window.choose(window.token_point(3, "result"), "Set next line here")
    wait_hint(window, "The next line is line 3", after=mark)
    debugger.wait_stop(3)
    debugger.key("F10", 4)

    # A caller is looked at, and the innermost again.
    window.click(debugger.cell("Call stack", "<module>"))
    debugger.wait(lambda facts: debugger.value("scale", facts), "the caller's variables")
    window.click(debugger.cell("Call stack", "scale"))
    debugger.wait_value("result", "30")
    window.key("F5")
    window.wait_output("got 30")
    close_cleanly(window)


def test_what_stops_at_a_change_is_removed_by_a_click(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    window.choose(window.token_point(13, "output"), "Stop when output changes…")
    debugger.wait(lambda facts: "Set" in facts["fields"], "the question")
    window.key("Return")
    debugger.wait(lambda facts: [one["kind"] for one in facts["marks"]] == ["data"], "the mark")
    window.choose(debugger.gutter(13), "Set a breakpoint")
    debugger.wait(
        lambda facts: [one["kind"] for one in facts["marks"]] == ["stop", "data"], "both marks"
    )
    for left in (["data"], []):
        debugger.toggle(13)
        debugger.wait(
            lambda facts, left=left: [one["kind"] for one in facts["marks"]] == left, "one less"
        )
    window.key("ctrl+z")
    debugger.wait(lambda facts: [one["kind"] for one in facts["marks"]] == ["data"], "it is back")
    close_cleanly(window)


MOTORS = """\
class Motor:
    def __init__(self, name):
        self.name = name
        self.speed = 0

    def step(self, wanted):
        error = wanted - self.speed
        self.speed += error / 2


motors = [Motor(f"Motor {number}") for number in range(3)]
for turn in range(100):
    for motor in motors:
        motor.step(10)
"""


def test_one_instance_a_class_and_its_probes(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, MOTORS))
    debugger = Debugger(window)
    window.toggle(7, "error")
    debugger.toggle(7)
    window.key("F5")
    debugger.wait_stop(7, reason="breakpoint")
    debugger.toggle(7)

    # One by an attribute, typed with the names that there are.
    window.click(debugger.field("Follow one only"))
    debugger.wait(lambda facts: "What steps follow" in facts["fields"], "the field")
    window.type("self.na")
    debugger.wait(lambda facts: facts["offered"] == ["name"], "the attribute")
    window.key("Down", "Return")
    window.type(' == "Motor 2"')
    window.key("Return")
    debugger.wait(lambda facts: facts["entity"] == 'self.name == "Motor 2"', "the one")
    debugger.key("F10", 7)
    debugger.wait(lambda facts: "Motor 2" in debugger.value("self", facts), "Motor 2")

    # All of its class, by the menu of a frame.
    window.choose(debugger.cell("Call stack", "Motor.step"), "Step only in Motor")
    debugger.wait(lambda facts: facts["entity"] == "in Motor", "the class")
    debugger.key("F11", 8)
    debugger.key("F11", 7)
    debugger.wait(lambda facts: "Motor 0" in debugger.value("self", facts), "Motor 0")

    # Its probes.
    mark = window.mark()
    window.choose(debugger.cell("Variables", "self"), "Capture here only for this one")
    wait_hint(window, "Triggers on self.name == 'Motor 0'", after=mark)
    close_cleanly(window)


def test_all_probes_share_a_trigger(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    debugger = Debugger(window)
    signal = window.toggle(12, "signal")
    output = window.toggle(13, "output")
    window.key("ctrl+t")
    debugger.wait(lambda facts: "Trigger condition" in facts["fields"], "the trigger's panel")
    window.click(debugger.field("Probe"))
    debugger.wait(lambda facts: "All probes, as one" in facts["offered"], "the probes")
    window.key("End", "Return")
    debugger.wait(lambda facts: not facts["offered"], "the choice")
    window.click(debugger.field("Trigger condition"))
    window.type("index == 60")
    window.key("Return")
    wait_hint(window, "All that have no trigger of their own trigger on index == 60")
    window.key("F5")
    debugger.wait(lambda facts: facts["sign"][1] == "WAITING FOR TRIGGER", "the state, from afar")
    for probe in (signal, output):
        window.wait_event("first_pixel", id=probe["id"])
    close_cleanly(window)
