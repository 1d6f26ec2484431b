"""Several traces in one plot, by a real mouse: dragged onto it, on two axes, hidden, taken away."""

from tests.e2e.driver import Window
from tests.e2e.plots import Facts, Plot
from tests.e2e.test_main_job import close_cleanly

WAVE, RAMP, OTHER = (
    f"{name} @ program.py:{line}" for name, line in (("wave", 4), ("ramp", 5), ("other", 6))
)


def names(facts: Facts) -> list[str]:
    return [trace["title"].split(" ")[0] for trace in facts["traces"]]


def look(facts: Facts, title: str) -> Facts:
    return next(trace for trace in facts["traces"] if trace["title"] == title)


def test_traces_and_symbols_are_dragged_onto_a_plot(waves: Window) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    over_wave = f"trace of {WAVE}"
    waves.carry(ramp.header, wave.at(0.5, 0.5), over_wave)
    both = wave.wait(lambda facts: names(facts) == ["wave", "ramp"], "the dragged trace")
    assert both["y"]["high"] > 990.0
    waves.key("ctrl+z")
    wave.wait(lambda facts: names(facts) == ["wave"], "the trace gone again")
    waves.key("ctrl+shift+z")
    wave.wait(lambda facts: names(facts) == ["wave", "ramp"], "the trace back")

    # A symbol of the source becomes a probe, whose own plot stands aside.
    start = waves.mark()
    waves.carry(waves.token_point(6, "other"), wave.at(0.5, 0.5), over_wave)
    probe = waves.wait_event("probe", after=start)
    assert (probe["label"], probe["status"]) == (OTHER, "armed")
    three = wave.wait(lambda facts: names(facts) == ["wave", "ramp", "other"], "the symbol")
    assert set(three["legend"]) == {WAVE, RAMP, OTHER}
    assert "parked" in waves.settled_layout()["widgets"]
    waves.key("F5")
    wave.wait(lambda facts: len(facts["traces"]) == 3 and facts["x"]["high"] > 198, "the new run")
    close_cleanly(waves)


def test_a_trace_laid_over_has_its_own_axis_line_and_colour(waves: Window) -> None:
    wave, ramp = Plot(waves, "wave"), Plot(waves, "ramp")
    waves.carry(ramp.header, wave.at(0.5, 0.5), f"trace of {WAVE}")
    wave.wait(lambda facts: facts["y"]["high"] > 990.0, "one axis for both")

    wave.choose(RAMP, "Axis at the right")
    twin = wave.wait(lambda facts: facts["right"] and facts["y"]["high"] < 2.0, "the second axis")
    assert twin["right"]["high"] > 990.0
    wave.choose(RAMP, "Dashed")
    wave.wait(lambda facts: look(facts, RAMP)["style"] == "dashed", "the dashed line")
    wave.choose(RAMP, "Colour", "Reddish purple")
    wave.wait(lambda facts: look(facts, RAMP)["color"] == "#cc79a7", "the other colour")

    waves.click(wave.legend(RAMP, 0.2))
    wave.wait(lambda facts: look(facts, RAMP)["hidden"], "the hidden trace")
    waves.click(wave.legend(RAMP, 0.5))  # not where the first click was: that would be a double one
    wave.wait(lambda facts: not look(facts, RAMP)["hidden"], "the trace shown again")
    waves.double_click(wave.legend(RAMP, 0.8))
    alone = wave.wait(lambda facts: names(facts) == ["wave"], "the trace taken away")
    assert alone["right"] is None
    waves.key("ctrl+z")
    back = wave.wait(lambda facts: names(facts) == ["wave", "ramp"], "the trace back")
    assert look(back, RAMP) == {**look(twin, RAMP), "style": "dashed", "color": "#cc79a7"}
    close_cleanly(waves)
