"""Every option of a lens, and the lens itself, can be undone and done again."""

from collections.abc import Callable

import numpy as np
import pytest

from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.image import ImageLens
from pyprobe.plots.persistence import Persistence
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.spectra import Window
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, make_probe, make_probe_values

Step = tuple[str, Callable[[], None], Callable[[], None]]


class Steps:
    """What a panel told as done."""

    def __init__(self, panel: TracePanel) -> None:
        self.steps: list[Step] = []
        panel.done.connect(lambda text, redo, undo, _merge: self.steps.append((text, redo, undo)))

    def take_back(self) -> None:
        self.steps[-1][2]()

    def make_again(self) -> None:
        self.steps[-1][1]()


@pytest.fixture
def panel(make_panel: MakePanel) -> TracePanel:
    probe = make_probe()
    for scale in (1.0, 2.0):
        append_array(probe, np.arange(1.0, 101.0) * scale)
    made = make_panel(probe)
    made.refresh()
    return made


def lens_of(panel: TracePanel) -> SeriesLens:
    assert isinstance(panel.lens, SeriesLens)
    return panel.lens


def test_a_logarithmic_axis(panel: TracePanel) -> None:
    lens, steps = lens_of(panel), Steps(panel)
    lens.x_range.set_user(10.0, 50.0)
    lens.view_was_changed(lens.view()[:0])  # as a gesture tells it
    lens.log_x_action.trigger()
    assert lens.x_range.mode is RangeMode.AUTO
    steps.take_back()
    assert scale_of(lens) is AxisScale.LINEAR
    assert (lens.x_range.low, lens.x_range.high) == (10.0, 50.0)
    steps.make_again()
    assert scale_of(lens) is AxisScale.LOGARITHMIC
    assert len(steps.steps) == 2  # undoing is no doing


def scale_of(lens: CurveCanvas) -> AxisScale:
    return lens.x_scale


def test_persistence_grid_and_locks(panel: TracePanel) -> None:
    lens, steps = lens_of(panel), Steps(panel)
    lens.set_persistence(Persistence.ENVELOPE)
    assert len(lens.curves) == 2
    lens.lock_actions[0].trigger()
    steps.take_back()
    assert not lens.x_range.is_locked
    assert lens.persistence is Persistence.ENVELOPE
    steps.steps.pop()
    steps.take_back()
    assert len(lens.curves) == 1


def test_a_time_axis(panel: TracePanel) -> None:
    panel.trace.sample_rate_hz = 100.0  # type: ignore[misc]
    panel.redraw()
    lens, steps = lens_of(panel), Steps(panel)
    assert isinstance(lens, WaveformLens)
    lens.time_action.trigger()
    assert lens.x_range.high == pytest.approx(0.99)
    steps.take_back()
    assert lens.x_range.high == 99.0
    assert lens.curves[0].x[-1] == 99.0
    steps.make_again()
    assert lens.x_range.high == pytest.approx(0.99)


def test_who_decides_about_the_ranges(make_panel: MakePanel) -> None:
    probe = make_probe_values(np.arange(100.0))
    panel = make_panel(probe)
    panel.refresh()
    lens, steps = panel.lens, Steps(panel)
    assert isinstance(lens, ScalarHistoryLens)
    lens.follow_action.trigger()
    assert mode_of(lens) is RangeMode.FOLLOW
    steps.take_back()
    assert mode_of(lens) is RangeMode.AUTO
    lens.x_range.set_user(3.0, 8.0)
    lens.rebuild()
    lens.auto_action.trigger()
    assert mode_of(lens) is RangeMode.AUTO
    steps.take_back()
    assert (mode_of(lens), lens.x_range.low, lens.x_range.high) == (RangeMode.USER, 3.0, 8.0)


def mode_of(lens: CurveCanvas) -> RangeMode:
    return lens.x_range.mode


def test_the_lens_and_its_options(panel: TracePanel) -> None:
    steps = Steps(panel)
    last = panel.trace.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "spectrum")
    lens = panel.lens
    assert isinstance(lens, SpectrumLens)
    lens.window_menu.choose(Window.FLAT_TOP)
    texts = [text for text, _redo, _undo in steps.steps]
    assert texts == [
        "draw x @ script.py:10 as spectrum",
        "change the window of x @ script.py:10",
    ]
    steps.take_back()
    assert lens.window_menu.choice is Window.HANN
    steps.steps.pop()
    steps.take_back()
    assert panel.lens_name == "waveform"
    steps.make_again()
    assert panel.lens_name == "spectrum"


def test_what_was_remembered_is_not_done_by_the_user(panel: TracePanel) -> None:
    steps = Steps(panel)
    lens = lens_of(panel)
    memory = panel.memory(lambda trace: trace.title)
    lens.log_x_action.trigger()
    panel.recall(memory, (), lambda trace: trace.title)
    assert scale_of(lens) is AxisScale.LINEAR
    assert len(steps.steps) == 1


def test_what_a_lens_tells_itself_is_told_once(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_array(probe, np.arange(100.0).reshape(10, 10))
    panel = make_panel(probe)
    panel.refresh()
    steps = Steps(panel)
    lens = panel.lens
    assert isinstance(lens, ImageLens)
    lens.square_action.trigger()
    assert len(steps.steps) == 1
    steps.take_back()
    assert lens.square_action.isChecked()


@pytest.mark.parametrize("seconds", [False, True])
def test_a_range_of_a_history_is_remembered_and_outlives_an_undone_option(
    make_panel: MakePanel, seconds: bool
) -> None:
    panel = make_panel(make_probe_values(np.arange(1000.0)))
    panel.refresh()
    lens, steps = panel.lens, Steps(panel)
    assert isinstance(lens, ScalarHistoryLens)
    if seconds:
        lens.time_action.trigger()
    before = lens.view()
    lens.x_range.set_user(0.2, 0.4)
    lens.rebuild()
    lens.view_was_changed(before)
    memory = panel.memory(lambda trace: trace.title)
    lens.runs_menu.choose(Persistence.MEAN)
    steps.take_back()
    assert (lens.x_range.low, lens.x_range.high) == (0.2, 0.4)
    again = make_panel(make_probe_values(np.arange(1000.0)))
    again.recall(memory, (), lambda trace: trace.title)
    again.refresh()
    assert isinstance(again.lens, ScalarHistoryLens)
    assert (again.lens.x_range.low, again.lens.x_range.high) == (0.2, 0.4)
    assert again.lens.time_action.isChecked() is seconds
