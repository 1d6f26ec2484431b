"""Images by a real mouse: levels, region, profile, the planes of a stack, and their axes."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.driver import Point, Window
from tests.e2e.plots import Facts, Plot
from tests.e2e.test_main_job import close_cleanly

STACK = """\
import numpy as np

plane = np.arange(48.0).reshape(6, 8)
stack = np.stack([plane, plane * 10.0, plane - 100.0])
"""


@pytest.fixture
def stack(opener: Opener, tmp_path: Path) -> Window:
    """A window with the last image of a program that has ended: three planes of 6 × 8."""
    path = tmp_path / "program.py"
    path.write_text(STACK, encoding="utf-8")
    window = opener("-p", f"{path}:4:stack=every", "--run", path)
    window.wait_event("ending", complete=True)
    Plot(window, "stack").wait(lambda facts: facts["lens"] == "image", "the image")
    window.settled_layout()
    return window


def pixel(plot: Plot, row: float, column: float) -> Point:
    """Return the place of a pixel's middle; rows go down."""
    facts = plot.now
    _left, top, _width, height = facts["area"]
    share = (row - facts["y"]["low"]) / (facts["y"]["high"] - facts["y"]["low"])
    return plot.at_data(column, 0.0)[0], top + round(share * height)


def bar_at(plot: Plot, share: float) -> Point:
    left, top, width, height = plot.now["bar"]
    return left + width // 2, top + round(share * height)


def numbers(facts: Facts) -> dict[str, str]:
    return dict(facts["strip"][0][1])


def wait_levels(plot: Plot, levels: list[float]) -> None:
    plot.wait(lambda facts: facts["levels"] == levels, f"the levels {levels}")


def wait_region(plot: Plot, text: str) -> Facts:
    return plot.wait(lambda facts: facts["strip"][0][0] == f"region {text}", f"region {text}")


def test_levels_are_dragged_typed_handed_back_and_undone(stack: Window) -> None:
    plot = Plot(stack, "stack")
    assert plot.now["levels"] == [0.0, 47.0]
    stack.drag(bar_at(plot, 0.1), bar_at(plot, 0.6))
    dragged = plot.wait(lambda facts: facts["levels"][1] != 47.0, "the upper level")["levels"]
    assert dragged[0] == 0.0
    assert dragged[1] == pytest.approx(47.0 / 2, abs=1.0)
    stack.drag(bar_at(plot, 0.5), bar_at(plot, 0.3))
    moved = plot.wait(lambda facts: facts["levels"][0] != 0.0, "both levels")["levels"]
    assert moved[1] - moved[0] == pytest.approx(dragged[1] - dragged[0])

    start = stack.mark()
    stack.double_click(bar_at(plot, 0.95))
    stack.wait_event("editor", is_open=True, after=start)
    stack.type("-3")
    stack.key("Return")
    plot.wait(lambda facts: facts["levels"] == [-3.0, moved[1]], "the level that was typed")
    stack.double_click(bar_at(plot, 0.5))
    wait_levels(plot, [0.0, 47.0])
    for levels in ([-3.0, moved[1]], moved, dragged, [0.0, 47.0]):
        stack.key("ctrl+z")
        wait_levels(plot, levels)
    close_cleanly(stack)


def test_a_region_is_shown_moved_and_sized(stack: Window) -> None:
    plot = Plot(stack, "stack")
    plot.focus()
    stack.key("r")
    shown = plot.wait(lambda facts: facts["strip"], "the region")
    assert shown["strip"][0][0] == "region [2:4, 3:5]"
    assert numbers(shown) == {"n": "4", "mean": "23.5", "std": "4.0311", "min": "19", "max": "28"}
    stack.drag(pixel(plot, 2.5, 3.5), pixel(plot, 1.5, 1.5))
    moved = wait_region(plot, "[1:3, 1:3]")
    assert (numbers(moved)["min"], numbers(moved)["max"]) == ("9", "18")
    stack.drag(pixel(plot, 2.5, 2.5), pixel(plot, 4.5, 6.5))
    sized = wait_region(plot, "[1:5, 1:7]")
    assert numbers(sized)["n"] == "24"
    stack.key("shift+Right", "ctrl+shift+Up")
    wait_region(plot, "[1:4, 2:8]")
    for text in ("[1:5, 2:8]", "[1:5, 1:7]", "[1:3, 1:3]", "[2:4, 3:5]"):
        stack.key("ctrl+z")
        wait_region(plot, text)
    stack.key("r")
    plot.wait(lambda facts: not facts["strip"], "no region")
    close_cleanly(stack)


def test_profiles_of_a_row_a_column_and_a_line(stack: Window) -> None:
    plot = Plot(stack, "stack")
    plot.choose("Line profile", "Row")
    row = plot.wait(lambda facts: facts["profile"], "the profile")["profile"][0] / 8.0
    stack.drag(pixel(plot, row, 2.0), pixel(plot, 5.0, 2.0))
    plot.wait(lambda facts: facts["profile"] == [40.0 + n for n in range(8)], "of row 5")
    plot.choose("Line profile", "Column")
    plot.wait(lambda facts: facts["profile"] and len(facts["profile"]) == 6, "of a column")
    plot.choose("Line profile", "Free line")
    plot.wait(lambda facts: not facts["profile"], "no line yet")
    stack.drag(pixel(plot, 1.0, 1.0), pixel(plot, 1.0, 6.0))
    line = plot.wait(lambda facts: facts["profile"], "of the line")["profile"]
    assert line[0] == pytest.approx(9.0, abs=1.0)
    assert line[-1] == pytest.approx(14.0, abs=1.0)
    close_cleanly(stack)


def test_the_slider_and_keys_choose_the_plane_and_axes_are_zoomed(stack: Window) -> None:
    plot = Plot(stack, "stack")
    ((left, top, width, height),) = plot.now["sliders"]
    stack.drag((left + 6, top + height // 2), (left + width - 2, top + height // 2))
    plot.wait(lambda facts: facts["places"] == [2], "the last plane")
    assert plot.now["levels"] == [-100.0, -53.0]
    plot.focus()
    stack.key("Page_Down")
    plot.wait(lambda facts: facts["places"] == [1], "the plane before")
    stack.wheel(pixel(plot, 2.0, 4.0), 3)
    zoomed = plot.wait(lambda facts: facts["x"]["mode"] == "user", "the zoom")
    assert zoomed["x"]["high"] - zoomed["x"]["low"] < 8.0
    stack.double_click(pixel(plot, 2.0, 4.0))
    plot.wait(lambda facts: facts["x"]["mode"] == "auto", "the whole image")
    close_cleanly(stack)


def test_the_axes_of_a_heat_map_are_typed_and_moved(stack: Window) -> None:
    plot = Plot(stack, "stack")
    plot.choose("Draw as", "Heat map")
    plot.wait(lambda facts: facts["lens"] == "heat map", "the heat map")
    start = stack.mark()
    stack.double_click(plot.x_end(high=True))
    stack.wait_event("editor", is_open=True, after=start)
    stack.type("3.5")
    stack.key("Return")
    plot.wait(lambda facts: facts["x"]["high"] == 3.5, "the typed end")
    stack.drag(plot.at(0.5, 0.5), plot.at(0.3, 0.5))
    plot.wait(lambda facts: facts["x"]["low"] > 0.0, "the moved axis")
    stack.key("ctrl+z", "ctrl+z")
    plot.wait(lambda facts: facts["x"]["mode"] == "auto", "both undone")
    close_cleanly(stack)
