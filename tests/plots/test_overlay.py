"""Several traces over each other: names, axes, hidden ones, earlier runs, what persists."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from pyprobe.plots.constellation import ConstellationLens
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle, Side
from pyprobe.plots.eye import EyeLens
from pyprobe.plots.persistence import Persistence
from pyprobe.plots.polar import PolarLens
from pyprobe.plots.run_arrays import earlier_series
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.series_histogram import SeriesHistogramLens
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_curves import TraceCurves
from pyprobe.plots.waveform import WaveformLens
from tests.plots.samples import append_array, append_scalars, make_probe

BLUE, RED = "#0072b2", "#d55e00"


def scalars(title: str, values: list[float], color: str = BLUE, **more: object) -> DrawnTrace:
    probe = make_probe()
    append_scalars(probe, np.array(values))
    return replace(DrawnTrace(title, color, probe.history), **more)  # type: ignore[arg-type]


def arrays(title: str, *values: list[complex], color: str = BLUE) -> DrawnTrace:
    probe = make_probe()
    for array in values:
        append_array(probe, np.array(array))
    return DrawnTrace(title, color, probe.history)


def show(lens: TraceCurves, qtbot: QtBot, *traces: DrawnTrace) -> TraceCurves:
    qtbot.addWidget(lens)
    lens.resize(640, 360)
    lens.show()
    lens.show_traces(traces)
    return lens


@pytest.fixture
def history_lens() -> ScalarHistoryLens:
    return ScalarHistoryLens(LIGHT_THEME, BLUE)


@pytest.fixture
def waveform_lens() -> WaveformLens:
    return WaveformLens(LIGHT_THEME, BLUE)


def test_overlaid_traces_share_the_axis_and_have_names(
    history_lens: ScalarHistoryLens, qtbot: QtBot
) -> None:
    lens = show(history_lens, qtbot, scalars("a", [0, 1, 2]), scalars("b", [10, 20], RED))
    assert [(curve.name, curve.color) for curve in lens.curves] == [("a", BLUE), ("b", RED)]
    assert lens.y_range.low < 0.0 < 20.0 < lens.y_range.high
    assert lens.x_range.high >= 2.0
    assert [entry.text for entry in lens.legend()] == ["a", "b"]
    assert lens.readout(1.0, 0.0) == "capture 1: a 1, b 20"


def test_a_trace_at_the_right_has_an_axis_of_its_own(
    history_lens: ScalarHistoryLens, qtbot: QtBot
) -> None:
    right = scalars("b", [1000, 2000], RED, side=Side.RIGHT)
    plain = history_lens.right_margin()
    lens = show(history_lens, qtbot, scalars("a", [0, 1]), right)
    assert lens.y_range.high < 2.0
    assert lens.right_range.low < 1000.0 < 2000.0 < lens.right_range.high
    assert lens.right_margin() > plain
    left_y, right_y = (placed.newest.y() for placed in lens.placed if placed.newest is not None)
    assert left_y == pytest.approx(right_y, abs=1.0)  # each fills its own axis


def test_a_hidden_trace_is_left_out_and_all_hidden_ones_say_so(
    history_lens: ScalarHistoryLens, qtbot: QtBot
) -> None:
    hidden = scalars("b", [1e6], RED, is_hidden=True)
    lens = show(history_lens, qtbot, scalars("a", [0, 1]), hidden)
    assert [curve.name for curve in lens.curves] == ["a"]
    assert lens.y_range.high < 2.0
    lens.show_traces([hidden])
    assert lens.empty_sentence == "all traces are hidden; a click in the legend shows one"


def test_a_trace_without_a_value_yet_leaves_the_others_alone(
    waveform_lens: WaveformLens, qtbot: QtBot
) -> None:
    lens = show(waveform_lens, qtbot, arrays("a", [1, 2]), scalars("b", [5], RED))
    assert [curve.name for curve in lens.curves] == ["a"]
    assert lens.empty_sentence == ""


def test_runs_before_this_one_fade_behind_it(history_lens: ScalarHistoryLens, qtbot: QtBot) -> None:
    first, second = scalars("", [3, 3, 3]).history, scalars("", [2, 2]).history
    lens = show(history_lens, qtbot, scalars("a", [1, 1], earlier=(first, second)))
    assert [curve.y.tolist() for curve in lens.curves] == [[1, 1], [2, 2], [3, 3, 3]]
    opacities = [curve.opacity for curve in lens.curves]
    assert opacities[0] == 1.0
    assert opacities == sorted(opacities, reverse=True)
    assert len(set(opacities)) == 3
    assert lens.legend() == ()


def test_arrays_of_runs_before_this_one_fade_behind_the_one_of_the_same_number(
    waveform_lens: WaveformLens, qtbot: QtBot
) -> None:
    first, second = (
        arrays("", [1, 1], [2, 2], [3, 3]).history,
        arrays("", [4, 4]).history,
    )
    trace = arrays("a", [7, 7], [8, 8])
    lens = show(waveform_lens, qtbot, replace(trace, earlier=(first, second)))
    assert [curve.y.tolist() for curve in lens.curves] == [[8, 8], [4, 4], [2, 2]]
    opacities = [curve.opacity for curve in lens.curves]
    assert opacities == sorted(opacities, reverse=True)
    assert len(set(opacities)) == 3
    assert lens.legend() == ()
    assert lens.notes() == ("fading of 3 runs",)
    assert len(waveform_lens.measured()) == 1
    with qtbot.waitSignal(lens.changed):
        waveform_lens.runs_menu.choose(Persistence.LAST)
    assert [curve.y.tolist() for curve in lens.curves] == [[8, 8]]
    assert lens.notes() == ()
    again = WaveformLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(again)
    again.restore(waveform_lens.state())
    assert again.runs_menu.choice is Persistence.LAST


@pytest.mark.parametrize(
    "build", [SpectrumLens, SeriesHistogramLens, PolarLens, ConstellationLens, EyeLens]
)
def test_every_lens_of_arrays_draws_the_runs_before(build: type[SeriesLens], qtbot: QtBot) -> None:
    wave = np.exp(1j * np.arange(64.0))
    trace, earlier = arrays("a", list(wave)), arrays("", list(0.5 * wave)).history
    alone = show(build(LIGHT_THEME, BLUE), qtbot, trace)
    lens = show(build(LIGHT_THEME, BLUE), qtbot, replace(trace, earlier=(earlier,)))
    older = [curve for curve in lens.curves if curve.opacity < 0.5]
    assert len(lens.curves) == 2 * len(alone.curves)
    assert len(older) >= len(alone.curves)
    assert not any(np.array_equal(curve.y, lens.curves[0].y) for curve in older)


def test_long_arrays_of_fewer_runs_are_drawn() -> None:
    trace = arrays("a", [0.0] * (1 << 20))
    earlier = tuple(arrays("", [float(run)]).history for run in range(5))
    found = earlier_series(replace(trace, earlier=earlier))
    assert [one.capture.value.array.tolist() for one in found] == [[4.0]]


def test_the_imaginary_part_of_an_overlaid_trace_keeps_its_colour(
    waveform_lens: WaveformLens, qtbot: QtBot
) -> None:
    lens = show(waveform_lens, qtbot, arrays("a", [1j, 2]), arrays("b", [3, 4j], color=RED))
    looks = [(curve.name, curve.color, curve.style) for curve in lens.curves]
    assert looks == [
        ("a re", BLUE, LineStyle.SOLID),
        ("a im", BLUE, LineStyle.DASHED),
        ("b re", RED, LineStyle.SOLID),
        ("b im", RED, LineStyle.DASHED),
    ]


def test_persistence_of_arrays_is_drawn_told_and_remembered(
    waveform_lens: WaveformLens, qtbot: QtBot
) -> None:
    lens = show(waveform_lens, qtbot, arrays("a", [1, 2], [3, 4], [5, 6]))
    assert [curve.y.tolist() for curve in lens.curves] == [[5, 6]]
    with qtbot.waitSignal(lens.changed):
        waveform_lens.set_persistence(Persistence.MEAN)
    assert [curve.y.tolist() for curve in lens.curves] == [[3, 4]]
    assert lens.notes() == ("running mean of 3",)
    waveform_lens.set_persistence(Persistence.FADING)
    assert [curve.y.tolist() for curve in lens.curves] == [[5, 6], [3, 4], [1, 2]]
    again = WaveformLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(again)
    again.restore(waveform_lens.state())
    assert again.persistence is Persistence.FADING


@pytest.mark.parametrize("style", LineStyle)
def test_every_style_is_painted(
    style: LineStyle, history_lens: ScalarHistoryLens, qtbot: QtBot
) -> None:
    show(history_lens, qtbot, scalars("a", [0, 1, 0, 1], style=style))
    image = history_lens.grab().toImage()
    colored = sum(
        image.pixelColor(x, y).name() == BLUE
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )
    assert colored > 3
