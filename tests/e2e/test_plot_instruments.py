"""Cursors, markers and measurements of a plot, by a real mouse and keys."""

from math import cos, pi, sin
from statistics import fmean

import pytest

from tests.e2e.driver import Point, Window
from tests.e2e.plots import Facts, Plot
from tests.e2e.test_main_job import close_cleanly
from tests.e2e.test_plot_traces import RAMP, WAVE


def rows(facts: Facts, title: str) -> dict[str, float]:
    """Return the numbers of all rows of that title below the plot."""
    found = [values for name, values in facts["strip"] if name == title]
    return {
        name: float(text.replace(",", ""))
        for values in found
        for name, text in values.items()
        if not text.startswith(("capture", "–"))
    }


def cursor_place(plot: Plot, x: float) -> Point:
    return plot.at_data(x, sum(plot.now["y"][end] for end in ("low", "high")) / 2)


def test_two_cursors_are_dragged_and_tell_their_distance(waves: Window) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    waves.carry(ramp.header, wave.at(0.5, 0.5), f"trace of {WAVE}")
    wave.focus()
    waves.key("c")
    first = wave.wait(lambda facts: facts["cursors"], "the cursors")["cursors"]
    waves.drag(cursor_place(wave, first[0]), cursor_place(wave, 20.0))
    waves.drag(cursor_place(wave, first[1]), cursor_place(wave, 120.0))
    shown = wave.wait(
        lambda facts: facts["cursors"][0] < 21.0 and 119.0 < facts["cursors"][1] < 121.0,
        "the dragged cursors",
    )
    a, b = shown["cursors"]
    told = rows(shown, "cursors")
    assert told["Δx"] == pytest.approx(b - a, rel=1e-4)
    assert told["1/Δx"] == pytest.approx(1 / (b - a), rel=1e-4)
    assert rows(shown, RAMP)["Δy"] == 5.0 * (round(b) - round(a))
    assert rows(shown, WAVE)["A"] == pytest.approx(sin(round(a) / 10), rel=1e-4)
    assert rows(shown, WAVE)["B"] == pytest.approx(sin(round(b) / 10), rel=1e-4)

    # The one that was moved last is moved by keys.
    waves.key("shift+Right", "shift+Right")
    step = wave.wait(lambda facts: facts["cursors"][1] > b, "the cursor moved by keys")
    assert step["cursors"][0] == a

    # Measurements are taken between them.
    waves.key("m")
    measured = wave.wait(lambda facts: "mean" in rows(facts, RAMP), "the measurements")
    a, b = measured["cursors"]
    inside = [number for number in range(200) if a <= number <= b]
    ramps = rows(measured, RAMP)
    assert ramps["n"] == len(inside)
    assert (ramps["min"], ramps["max"]) == (5.0 * inside[0], 5.0 * inside[-1])
    assert ramps["mean"] == pytest.approx(5.0 * fmean(inside), rel=1e-4)
    assert ramps["p-p"] == 5.0 * (len(inside) - 1)

    # Without cursors over what is in view.
    waves.key("c")
    whole = wave.wait(lambda facts: not facts["cursors"] and facts["strip"], "no cursors")
    assert rows(whole, RAMP)["n"] == 200
    assert rows(whole, WAVE)["freq"] == pytest.approx(1 / (20 * pi), rel=0.01)
    waves.key("m")
    wave.wait(lambda facts: not facts["strip"], "no rows")
    waves.key("ctrl+z")
    wave.wait(lambda facts: facts["strip"], "the measurements back")
    waves.key("ctrl+z")
    wave.wait(lambda facts: len(facts["cursors"]) == 2, "the cursors back")
    close_cleanly(waves)


def test_a_marker_snaps_carries_a_note_and_is_undone(waves: Window) -> None:
    wave = Plot(waves, "wave")
    wave.focus()
    place = wave.at_data(140.0, sin(14.0))
    waves.move((place[0] + 1, place[1] - 6))
    waves.key("n")
    [marker] = wave.wait(lambda facts: facts["markers"], "the marker")["markers"]
    assert marker["y"] == sin(marker["x"] / 10)  # exactly a capture
    assert abs(marker["x"] - 140.0) <= 3.0

    start = waves.mark()
    waves.double_click(wave.at_data(marker["x"], marker["y"]))
    waves.wait_event("editor", name="Note of the marker", is_open=True, after=start)
    waves.type("the peak")
    waves.key("Return")
    wave.wait(lambda facts: facts["markers"][0]["note"] == "the peak", "the note")

    waves.drag(wave.at_data(marker["x"], marker["y"]), wave.at_data(47.0, sin(4.7)))
    [moved] = wave.wait(lambda facts: facts["markers"][0]["x"] < 60.0, "the moved marker")[
        "markers"
    ]
    assert moved == {"x": moved["x"], "y": sin(moved["x"] / 10), "note": "the peak"}
    assert abs(cos(moved["x"] / 10)) < 0.3  # near the lowest place, where it was dropped

    waves.key("Delete")
    wave.wait(lambda facts: not facts["markers"], "no marker")
    waves.key("ctrl+z")
    wave.wait(lambda facts: facts["markers"] == [moved], "the marker back")
    close_cleanly(waves)
