"""The ranges of plots by a real mouse: typed, locked, linked, logarithmic, and the tools."""

from tests.e2e.driver import Window
from tests.e2e.plots import Facts, Plot
from tests.e2e.test_main_job import close_cleanly

END = "End of the axis"


def ends(facts: Facts, axis: str) -> tuple[float, float]:
    return facts[axis]["low"], facts[axis]["high"]


def type_end(window: Window, place: tuple[int, int], text: str) -> int:
    """Double-click an end of an axis and type over it; returns the mark before."""
    start = window.mark()
    window.double_click(place)
    window.wait_event("editor", name=END, is_open=True, after=start)
    window.type(text)
    window.key("Return")
    return start


def test_an_end_of_an_axis_is_typed_and_an_axis_is_locked(waves: Window) -> None:
    wave = Plot(waves, "wave")
    first = wave.now
    type_end(waves, wave.x_end(high=True), "100")
    wave.wait(lambda facts: ends(facts, "x") == (0.0, 100.0), "the typed end")
    type_end(waves, wave.y_end(high=False), "-3")
    typed = wave.wait(lambda facts: facts["y"]["low"] == -3.0, "the other typed end")
    assert typed["y"]["mode"] == "user"

    # What cannot be is said in place, and Escape gives up.
    start = type_end(waves, wave.x_end(high=False), "nothing")
    waves.wait_event("editor", problem="'nothing' is no number", after=start)
    waves.key("ctrl+a")
    waves.type("200")
    waves.key("Return")
    problem = "the lower end must be below the upper one"
    waves.wait_event("editor", problem=problem, after=start)
    waves.key("Escape")
    waves.wait_event("editor", is_open=False, after=start)

    wave.choose("Lock Y axis")
    wave.wait(lambda facts: facts["y"]["locked"], "the locked axis")
    waves.wheel(wave.at(0.5, 0.5), 2)
    zoomed = wave.wait(lambda facts: facts["x"]["high"] < 100.0, "the zoomed X axis")
    waves.xdotool("keydown", "ctrl")
    waves.wheel(wave.at(0.5, 0.5), 2)
    waves.xdotool("keyup", "ctrl")
    waves.double_click(wave.at(0.5, 0.5))
    everything = wave.wait(lambda facts: ends(facts, "x") == ends(first, "x"), "all of X")
    assert ends(everything, "y") == ends(zoomed, "y") == ends(typed, "y")
    wave.choose("Lock Y axis")
    wave.wait(lambda facts: not facts["y"]["locked"], "the unlocked axis")
    waves.key("a")  # fit both axes
    wave.wait(lambda facts: facts["y"]["low"] > -1.5, "the Y axis fitted to the data")
    close_cleanly(waves)


def test_x_axes_are_linked_and_axes_are_logarithmic(waves: Window) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    first = wave.now
    for plot in (wave, ramp):
        plot.choose("Link X axis")
        plot.wait(lambda facts: facts["linked"], "the link")
    waves.wheel(wave.at(0.25, 0.5), 3)
    moved = wave.wait(lambda facts: facts["x"]["high"] < 150.0, "the zoom")
    ramp.wait(lambda facts: ends(facts, "x") == ends(moved, "x"), "the same zoom")
    waves.key("ctrl+z")
    wave.wait(lambda facts: ends(facts, "x") == ends(first, "x"), "the undone zoom")
    ramp.wait(lambda facts: facts["x"] == wave.now["x"], "the same undone zoom")

    ramp.focus()
    waves.key("l")
    ramp.wait(lambda facts: facts["y_scale"] == "logarithmic", "the logarithmic axis")
    type_end(waves, ramp.y_end(high=True), "100")
    ramp.wait(lambda facts: facts["y"]["high"] == 2.0, "the end typed as a value")
    start = type_end(waves, ramp.y_end(high=False), "0")
    problem = "a logarithmic axis has no zero and no negative values"
    waves.wait_event("editor", problem=problem, after=start)
    waves.key("Escape")
    waves.wait_event("editor", is_open=False, after=start)
    waves.key("l")
    ramp.wait(lambda facts: facts["y_scale"] == "linear", "the linear axis")

    ramp.choose("Logarithmic X axis")
    decades = ramp.wait(lambda facts: facts["x_scale"] == "logarithmic", "the logarithmic X axis")
    assert 2.0 < decades["x"]["high"] < 2.5  # 199 captures are 2.3 decades
    assert wave.now["x_scale"] == "linear"
    ramp.choose("Logarithmic X axis")
    ramp.wait(lambda facts: facts["x_scale"] == "linear", "the linear X axis")
    close_cleanly(waves)


def test_the_mouse_pans_points_and_zooms_as_its_tool_says(waves: Window) -> None:
    wave = Plot(waves, "wave")
    first = wave.now
    waves.drag(wave.at(0.6, 0.5), wave.at(0.4, 0.5))
    panned = wave.wait(lambda facts: facts["x"]["low"] > 30.0, "the panned view")
    assert ends(panned, "y") == ends(first, "y")
    waves.key("ctrl+z")
    wave.wait(lambda facts: ends(facts, "x") == ends(first, "x"), "the undone pan")

    def use(tool: str) -> None:
        wave.choose("Mouse", tool)
        wave.wait(lambda facts: facts["mouse"].lower() == tool.lower(), f"the tool {tool}")

    use("Zoom X")
    waves.drag(wave.at(0.25, 0.4), wave.at(0.75, 0.6))
    zoomed = wave.wait(lambda facts: 45.0 < facts["x"]["low"] < 55.0, "X zoomed")
    assert 145.0 < zoomed["x"]["high"] < 155.0
    assert ends(zoomed, "y") == ends(first, "y")
    use("Zoom Y")
    waves.drag(wave.at(0.4, 0.25), wave.at(0.6, 0.75))
    flat = wave.wait(lambda facts: facts["y"]["mode"] == "user", "Y zoomed")
    assert ends(flat, "x") == ends(zoomed, "x")
    share = (flat["y"]["high"] - flat["y"]["low"]) / (first["y"]["high"] - first["y"]["low"])
    assert 0.45 < share < 0.55
    use("Zoom")
    waves.drag(wave.at(0.25, 0.25), wave.at(0.75, 0.75))
    box = wave.wait(lambda facts: facts["x"]["low"] > 60.0, "both zoomed")
    assert box["y"]["high"] < flat["y"]["high"]

    # The pointer moves nothing; the next tool does.
    use("Pointer")
    waves.drag(wave.at(0.6, 0.5), wave.at(0.4, 0.5))
    use("Pan")
    assert ends(wave.now, "x") == ends(box, "x")
    waves.double_click(wave.at(0.5, 0.5))
    wave.wait(lambda facts: ends(facts, "x") == ends(first, "x"), "everything again")
    waves.key("ctrl+z")
    wave.wait(lambda facts: ends(facts, "y") == ends(box, "y"), "the box again")
    waves.key("ctrl+z")
    wave.wait(lambda facts: ends(facts, "y") == ends(flat, "y"), "the view before the box")
    close_cleanly(waves)
