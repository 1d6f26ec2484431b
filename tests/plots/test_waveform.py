"""Waveform: the newest array, reduced by the pixel."""

import numpy as np
import pytest

from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, make_probe


def lens_of(make_panel: MakePanel, array: np.ndarray, **more: object) -> WaveformLens:
    probe = make_probe()
    append_array(probe, array, **more)  # type: ignore[arg-type]
    panel = make_panel(probe)
    panel.refresh()
    assert isinstance(panel.lens, WaveformLens)
    return panel.lens


def test_a_short_array_is_drawn_exactly(make_panel: MakePanel) -> None:
    lens = lens_of(make_panel, np.array([3.0, 1.0, 2.0]))
    assert lens.curves[0].x.tolist() == [0, 1, 2]
    assert lens.curves[0].y.tolist() == [3, 1, 2]
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 2.0)
    assert lens.y_range.low == pytest.approx(1 - 2 * 0.06)
    assert lens.notes() == ()


def test_a_long_array_keeps_its_spike_and_says_how_it_is_drawn(make_panel: MakePanel) -> None:
    array = np.zeros(500_000)
    array[123_456] = -7.0
    lens = lens_of(make_panel, array)
    assert np.nanmin(lens.curves[0].y) == -7.0
    assert len(lens.curves[0].y) <= 2 * lens.frame.width + 4
    assert lens.notes()[0].startswith("min/max of ")


def test_complex_is_real_and_imaginary(make_panel: MakePanel) -> None:
    lens = lens_of(make_panel, np.array([1 + 5j, 2 + 6j]))
    assert [curve.name for curve in lens.curves] == ["re", "im"]
    assert lens.curves[1].y.tolist() == [5, 6]


def test_what_was_reduced_at_the_source_keeps_its_own_axis(make_panel: MakePanel) -> None:
    lens = lens_of(
        make_panel,
        np.array([0.0, 1.0] * 50),
        full_shape=(1000,),
        reduced="min/max of 1000 points",
    )
    assert (lens.x_range.low, lens.x_range.high) == (0.0, 999.0)
    assert lens.curves[0].x[0] == pytest.approx(4.5)  # the middle of ten points
    assert lens.curves[0].x[-1] == pytest.approx(994.5)
    assert lens.notes() == ("reduced: min/max of 1000 points",)


def test_empty_and_all_nan_say_so(make_panel: MakePanel) -> None:
    lens = lens_of(make_panel, np.empty(0, np.float32))
    assert lens.empty_sentence == "empty array, float32"
    assert lens.axes.x.labels == ()
    assert lens_of(make_panel, np.full(5, np.nan)).empty_sentence == "only NaN and infinities here"


def test_a_user_range_stays_while_arrays_stream_in(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_array(probe, np.arange(100.0))
    panel = make_panel(probe)
    panel.refresh()
    lens = panel.lens
    assert isinstance(lens, WaveformLens)
    lens.x_range.set_user(10.0, 20.0)
    lens.y_range.set_user(-5.0, 5.0)
    for number in range(5):
        append_array(probe, np.arange(100.0) * number)
        panel.refresh()
    assert (lens.x_range.low, lens.x_range.high) == (10.0, 20.0)
    assert (lens.y_range.low, lens.y_range.high) == (-5.0, 5.0)
    assert lens.curves[0].y.tolist() == [4.0 * sample for sample in range(9, 22)]


def test_arrays_that_change_their_length(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_array(probe, np.arange(10.0))
    panel = make_panel(probe)
    panel.refresh()
    lens = panel.lens
    assert isinstance(lens, WaveformLens)
    for count in (3, 0, 1, 50_000):
        append_array(probe, np.arange(float(count)))
        panel.refresh()
        if count > 1:
            assert lens.x_range.high == count - 1
    assert lens.empty_sentence == ""
