"""The debugger of the real window, as a test sees and handles it."""

from typing import Any

from tests.e2e.driver import Point, Window, middle
from tests.e2e.report_reader import Report

Facts = dict[str, Any]


class Debugger:
    """Reads what is reported of stops, breakpoints and docks; acts by mouse and keys only."""

    def __init__(self, window: Window) -> None:
        self.window = window

    # ---- reading -------------------------------------------------------------------------

    @property
    def now(self) -> Report:
        """What was reported last."""
        found = [line for line in self.window.lines if line["event"] == "debug"]
        return found[-1] if found else self.window.wait_event("debug")

    def wait(self, holds: Any, why: str, *, after: int = 0) -> Report:
        """Wait until what was reported last, at ``after`` or later, is so."""
        lines = self.window.lines
        last = max((at for at, line in enumerate(lines) if line["event"] == "debug"), default=0)
        return self.window.wait_for(
            lambda line: line["event"] == "debug" and bool(holds(line)),
            after=max(after, last),
            why=why,
        )

    def wait_stop(self, line: int, *, reason: str = "", after: int = 0) -> Report:
        """Wait until the program stands at a line, and its variables have come."""

        def stands(facts: Report) -> bool:
            stop = facts.get("stop") or {}
            return (
                stop.get("line") == line
                and reason in ("", stop["reason"])
                and any(row["depth"] for row in self.rows("Variables", facts))
            )

        return self.wait(stands, f"a stop at line {line} {reason}", after=after)

    def rows(self, tree: str, facts: Report | None = None) -> list[Facts]:
        """Return the rows of a tree that are in view."""
        facts = facts or self.now
        return list(facts.get("trees", {}).get(tree, ()))

    def value(self, name: str, facts: Report | None = None) -> str:
        """Return the value of a variable in view; ``""`` if there is none."""
        found = [row for row in self.rows("Variables", facts) if row["texts"][0] == name]
        return str(found[0]["texts"][1]) if found else ""

    def wait_value(self, name: str, text: str) -> None:
        """Wait until a variable has this value."""
        self.wait(lambda facts: self.value(name, facts) == text, f"{name} = {text}")

    # ---- places --------------------------------------------------------------------------

    def gutter(self, line: int) -> Point:
        """Return where a click sets a breakpoint."""
        return middle(
            self.wait(lambda facts: str(line) in facts["gutter"], "the line")["gutter"][str(line)]
        )

    def cell(self, tree: str, name: str, column: int = 0) -> Point:
        """Return the middle of a cell of the row that begins with a text."""
        facts = self.wait(
            lambda line: any(row["texts"][0] == name for row in self.rows(tree, line)),
            f"{name} in {tree}",
        )
        row = next(row for row in self.rows(tree, facts) if row["texts"][0] == name)
        left, top, width, height = row["cells"][column]
        return left + min(width // 2, 60), top + height // 2

    def field(self, name: str) -> Point:
        """Return the middle of a field, a button or a box by its name."""
        facts = self.wait(lambda line: name in line["fields"], f"the field {name}")
        return middle(facts["fields"][name])

    # ---- hands ---------------------------------------------------------------------------

    def toggle(self, line: int) -> Report:
        """Click left of a line."""
        mark = self.window.mark()
        self.window.click(self.gutter(line))
        return self.wait(lambda facts: True, "the margin", after=mark)

    def key(self, key: str, line: int, *, reason: str = "step") -> Report:
        """Press a key and wait for the stop it leads to."""
        mark = self.window.mark()
        self.window.key(key)
        return self.wait_stop(line, reason=reason, after=mark)

    def evaluate(self, text: str) -> str:
        """Evaluate a line in the stopped frame; return its value."""
        self.window.click(self.field("Evaluate in the stopped frame"))
        self.window.type(text)
        self.window.key("Return")

        def has_come(facts: Report) -> bool:
            rows = self.rows("Variables", facts)
            found = [row for row in rows if row["current"] and row["texts"][0] == text]
            return bool(found) and found[0]["texts"][1] != "…"  # it is being evaluated

        facts = self.wait(has_come, f"the value of {text}")
        return self.value(text, facts)
