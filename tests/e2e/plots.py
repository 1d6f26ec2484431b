"""Plots of the real window, as a test sees and handles them."""

from collections.abc import Callable
from typing import Any

from tests.e2e.driver import Point, Window

Facts = dict[str, Any]
Holds = Callable[[Facts], object]


class Plot:
    """The plot of one trace, found by the start of its title."""

    def __init__(self, window: Window, title: str) -> None:
        self.window = window
        self.title = title

    @property
    def now(self) -> Facts:
        """What it shows, as it was told last."""
        return self.wait(lambda _facts: True, "the plot")

    def wait(self, holds: Holds, why: str) -> Facts:
        """Wait until it draws by a lens, and what it shows is so."""
        return self._wait(lambda facts: facts["lens"] and holds(facts), why)

    def wait_sentence(self, sentence: str) -> None:
        """Wait until it says this instead of drawing."""
        self._wait(lambda facts: sentence in facts.get("sentence", ""), f"the sentence {sentence}")

    def _wait(self, holds: Holds, why: str) -> Facts:
        window, position = self.window, self._last_report()
        while True:
            line = window.wait_event("plots", after=position, why=f"{self.title}: {why}")
            position = window.lines.index(line, position) + 1
            for facts in line["plots"]:
                if str(facts["title"]).startswith(self.title) and holds(facts):
                    return dict(facts)

    def _last_report(self) -> int:
        lines = self.window.lines
        return max((at for at, line in enumerate(lines) if line["event"] == "plots"), default=0)

    # ---- places --------------------------------------------------------------------------

    def at(self, across: float, up: float) -> Point:
        """Return the place at these shares of the data area, from the lower left."""
        left, top, width, height = self.now["area"]
        return left + round(across * width), top + round((1.0 - up) * height)

    def at_data(self, x: float, y: float) -> Point:
        """Return the place of a data point; the axes are linear."""
        facts = self.now
        left, top, width, height = facts["area"]
        across, up = (
            (value - axis["low"]) / (axis["high"] - axis["low"])
            for value, axis in ((x, facts["x"]), (y, facts["y"]))
        )
        return left + round(across * width), top + round((1.0 - up) * height)

    def x_end(self, *, high: bool) -> Point:
        """Return a place on an end of the horizontal axis."""
        left, top, width, height = self.now["area"]
        return left + (width - 3 if high else 3), top + height + 8

    def y_end(self, *, high: bool) -> Point:
        """Return a place on an end of the vertical axis."""
        left, top, _width, height = self.now["area"]
        return left - 8, top + (4 if high else height - 4)

    @property
    def header(self) -> Point:
        """A place in the header, on the title; it is there also where nothing is drawn."""
        left, top, _width, _height = self._wait(lambda _facts: True, "its header")["header"]
        return left + 40, top + 8

    def legend(self, text: str, across: float) -> Point:
        """Return the place at this share of a trace's name in the legend."""
        left, top, width, height = self.now["legend"][text]
        return left + round(across * width), top + height // 2

    # ---- hands ---------------------------------------------------------------------------

    def focus(self) -> None:
        """Give it the keyboard by a click that does nothing else."""
        self.window.click(self.at(0.5, 0.5))
        self.wait(lambda facts: facts["focused"], "the keyboard")

    def choose(self, *path: str) -> None:
        """Choose an entry of its menu, and of the menus in it, with the mouse."""
        self.window.choose(self.at(0.5, 0.5), *path)
