"""Logarithmic axes: what stands where, whatever the lens, and what is read back from there."""

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_scale import AxisScale, log_ticks
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.decimate import min_max_log
from pyprobe.plots.log_envelope import log_envelope
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.hands import double_click, hover, mouse, press
from tests.plots.samples import STEP_NS, append_array, append_scalars, make_probe

LOG = AxisScale.LOGARITHMIC
SHIFT = Qt.KeyboardModifier.ShiftModifier


def with_array(make_panel: MakePanel, array: np.ndarray, lens: str = "") -> TracePanel:
    probe = make_probe()
    append_array(probe, array)
    panel = make_panel(probe)
    panel.refresh()
    if lens:
        last = probe.history.last
        assert last is not None
        panel.choose_lens(traits_of(last), lens)
    return panel


def with_scalars(make_panel: MakePanel, values: np.ndarray, lens: str = "") -> TracePanel:
    probe = make_probe()
    append_scalars(probe, values)
    panel = make_panel(probe)
    panel.refresh()
    if lens:
        last = probe.history.last
        assert last is not None
        panel.choose_lens(traits_of(last), lens)
    return panel


def canvas_of(panel: TracePanel) -> CurveCanvas:
    assert isinstance(panel.lens, CurveCanvas)
    return panel.lens


def at(canvas: CurveCanvas, x: float, y: float = 0.0) -> QPointF:
    """Return the pixel of a data value."""
    places = canvas.x_scale.place_of(x), canvas.y_scale.place_of(y)
    across, up = (np.array([0.0 if place is None else place]) for place in places)
    return QPointF(canvas.frame.x_pixels(across).item(), canvas.frame.y_pixels(up).item())


# What is drawn.


def test_samples_stand_at_the_logarithm_of_their_number(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(1001.0)))
    canvas.log_x_action.trigger()
    assert (canvas.x_range.low, canvas.x_range.high) == (0.0, 3.0)
    assert canvas.curves[0].x[0] == 0.0
    assert canvas.unscaled()[0].x[0] == 1.0
    assert canvas.axes.x.labels == ("1", "10", "100", "1000")
    canvas.log_x_action.trigger()
    assert (canvas.x_range.low, canvas.x_range.high) == (0.0, 1000.0)


def test_a_spectrum_over_decades_of_frequency(make_panel: MakePanel) -> None:
    t = np.arange(100_000) / 100_000
    sines = sum(np.sin(2 * np.pi * f * t) for f in (10.0, 100.0, 10_000.0))
    panel = with_array(make_panel, np.asarray(sines), "spectrum")
    lens = panel.lens
    assert isinstance(lens, SpectrumLens)
    lens.log_x_action.trigger()
    x, y = lens.unscaled()[0].x, lens.unscaled()[0].y
    peaks = sorted(set(x[y > -3.0].tolist()))
    assert peaks == pytest.approx([1e-4, 1e-3, 0.1], rel=0.01)
    # The lowest decades have as much room as the highest.
    frame = lens.frame
    places = frame.x_pixels(np.log10(np.array([1e-4, 1e-3, 1e-2])))
    assert np.diff(places)[0] == pytest.approx(np.diff(places)[1])


def test_a_history_from_its_second_capture_on(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_scalars(make_panel, np.arange(100_000.0)))
    canvas.log_x_action.trigger()
    assert canvas.x_range.low == 0.0
    assert canvas.x_window[1] == pytest.approx(100_000, rel=0.02)
    drawn = canvas.unscaled()[0]
    assert drawn.x[:4].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert (np.min(drawn.y), np.max(drawn.y)) == (1.0, 99_999.0)
    assert bool((np.diff(drawn.x) >= 0).all())
    assert len(drawn.x) < 8000


def test_a_history_over_time(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_scalars(make_panel, np.arange(1000.0)))
    assert isinstance(canvas, ScalarHistoryLens)
    canvas.time_action.trigger()
    canvas.log_x_action.trigger()
    assert canvas.x_window[0] == pytest.approx(STEP_NS / 1e9)
    assert canvas.axes.x.labels[0] == "0.001"
    assert canvas.axes.x_title == "s"
    drawn = canvas.unscaled()[0]
    assert drawn.x * 1000 == pytest.approx(drawn.y, rel=0.02)


@pytest.mark.parametrize("count", [2, 10, 999, 50_000, 400_000])
def test_no_extreme_of_a_history_is_lost(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    place = max(count // 3, 1)
    values[place] = 99.0
    values[-1] = -99.0 if count > 2 else 99.0
    probe = make_probe()
    append_scalars(probe, values)
    for axis in ("index", "time"):
        x, y = log_envelope(probe.history, (-4.0, 6.0), 300, axis=axis)
        seen = y[x > 0]
        assert (np.nanmin(seen), np.nanmax(seen)) == (np.min(values[1:]), np.max(values[1:]))
        assert bool((np.diff(x) >= 0).all())
        scale = 1.0 if axis == "index" else STEP_NS / 1e9
        peak = x[int(np.argmax(y))] / scale
        assert peak == pytest.approx(place, rel=10 ** (10 / 300) - 1)  # within its column


def test_each_column_of_a_long_array_has_its_extremes() -> None:
    values = np.random.default_rng(1).normal(size=1_000_000)
    x, y, step = min_max_log(values, 0.0, 1.0, (0.0, 6.0), 600)
    assert step < 30_000
    low, high = y[::2], y[1::2]
    assert bool((low <= high).all())
    assert (np.min(low), np.max(high)) == (np.min(values[1:]), np.max(values[1:]))
    assert bool((np.diff(x) >= 0).all())
    assert x[0] == 1.0


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.array([-1.0, -2.0, -3.0]), "logarithmic Y axis"),
        (np.array([5.0]), "logarithmic X axis"),
    ],
)
def test_what_has_no_place_is_said(make_panel: MakePanel, array: np.ndarray, sentence: str) -> None:
    canvas = canvas_of(with_array(make_panel, array))
    (canvas.log_action if "Y" in sentence else canvas.log_x_action).trigger()
    assert sentence in canvas.empty_sentence


@pytest.mark.parametrize("lens", ["histogram", "value histogram"])
def test_bars_are_of_equal_width_on_the_axis(make_panel: MakePanel, lens: str) -> None:
    values = 10.0 ** np.random.default_rng(3).uniform(-3.0, 3.0, 20_000)
    make = with_array if lens == "histogram" else with_scalars
    canvas = canvas_of(make(make_panel, values, lens))
    canvas.log_x_action.trigger()
    edges = canvas.curves[0].x
    assert np.diff(edges) == pytest.approx(np.diff(edges)[0])
    assert (edges[0], edges[-1]) == pytest.approx((-3.0, 3.0), abs=0.01)
    counts = canvas.unscaled()[0].y[:-1]
    assert counts.sum() == 20_000
    assert np.min(counts) > 0.6 * np.max(counts)  # as even over decades as the values are


def test_one_trace_against_another(make_panel: MakePanel) -> None:
    across, up = make_probe("a"), make_probe("b", color_index=1)
    up.id = 2
    append_scalars(across, np.arange(-10.0, 1000.0))
    append_scalars(up, np.arange(-10.0, 1000.0) ** 2)
    panel = make_panel(across)
    panel.overlay(up)
    panel.refresh()
    last = across.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), "one against another")
    canvas = canvas_of(panel)
    canvas.log_x_action.trigger()
    canvas.log_action.trigger()
    assert canvas.x_window[0] < 1.0 < 999.0 < canvas.x_window[1]
    assert canvas.curves[0].y == pytest.approx(2.0 * canvas.curves[0].x)
    assert canvas.unscaled()[0].x[0] == 1.0


# Hands.


def test_its_key(qtbot: QtBot, make_panel: MakePanel) -> None:
    panel = with_array(make_panel, np.arange(100.0))
    canvas = canvas_of(panel)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    canvas.setFocus()
    press(canvas, Qt.Key.Key_L, SHIFT)
    assert (canvas.x_scale, canvas.y_scale) == (LOG, AxisScale.LINEAR)
    press(canvas, Qt.Key.Key_L)
    assert (canvas.x_scale, canvas.y_scale) == (LOG, LOG)


def test_the_readout_tells_data_values(make_panel: MakePanel) -> None:
    panel = with_array(make_panel, np.arange(1001.0) ** 2)
    canvas = canvas_of(panel)
    canvas.log_x_action.trigger()
    canvas.log_action.trigger()
    hover(canvas, at(canvas, 10.0, 100.0))
    assert panel.header.readout == "sample 10: 100"


def test_an_end_is_typed_as_a_data_value(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(1001.0)))
    canvas.log_x_action.trigger()
    frame = canvas.frame
    double_click(canvas, QPointF(frame.right - 2.0, frame.bottom + 6.0))
    editor = canvas.findChild(RangeEditor)
    assert editor is not None
    assert editor.text() == "1000"
    editor.setText("-5")
    press(editor, Qt.Key.Key_Return)
    assert "no zero" in editor.toolTip()
    editor.setText("100")
    press(editor, Qt.Key.Key_Return)
    assert canvas.x_range.high == 2.0


def test_cursors_measure_data_values(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(1001.0)))
    assert isinstance(canvas, WaveformLens)
    canvas.log_x_action.trigger()
    canvas.instruments.cursor_action.trigger()
    interval = canvas.instruments.cursors.interval
    assert interval == pytest.approx((10.0, 100.0))
    mouse(canvas, QEvent.Type.MouseMove, at(canvas, 500.0, 500.0))
    canvas.instruments.marker_action.trigger()
    marker = canvas.instruments.markers.markers[0]
    assert marker.x == pytest.approx(500.0, rel=0.02)
    assert marker.y == round(marker.x)


def test_linked_plots_agree_on_data_values(make_panel: MakePanel) -> None:
    linear = with_array(make_panel, np.arange(1001.0))
    log = with_array(make_panel, np.arange(1001.0))
    canvas_of(log).log_x_action.trigger()
    for panel, other in ((linear, log), (log, linear)):
        panel.link_action.setChecked(True)
        panel.x_moved.connect(other.follow_x)
    canvas_of(linear).x_range.set_user(10.0, 100.0)
    canvas_of(linear)._tell_x()
    assert (canvas_of(log).x_range.low, canvas_of(log).x_range.high) == (1.0, 2.0)
    canvas_of(log).x_range.set_user(2.0, 3.0)
    canvas_of(log)._tell_x()
    assert canvas_of(linear).x_range.low == pytest.approx(100.0)
    assert canvas_of(linear).x_range.high == pytest.approx(1000.0)
    # What reaches down to zero goes on to where the axis ends.
    canvas_of(log).show_x(-5.0, 10.0)
    assert canvas_of(log).x_range.high == 1.0


def test_it_is_remembered_with_its_range(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(1001.0)))
    canvas.log_x_action.trigger()
    canvas.x_range.set_user(1.0, 2.0)
    again = canvas_of(with_array(make_panel, np.arange(1001.0)))
    again.restore(canvas.state())
    assert again.x_scale is LOG
    assert again.x_window == (10.0, 100.0)


def test_what_is_exported_is_in_data_values(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(101.0)))
    canvas.log_x_action.trigger()
    (x_name, y_name) = canvas.data()
    assert canvas.data()[x_name].tolist() == list(range(101))
    assert canvas.data()[y_name].tolist() == list(range(101))


def test_zooming_out_ends_where_floats_do(make_panel: MakePanel) -> None:
    canvas = canvas_of(with_array(make_panel, np.arange(1001.0)))
    for action in (canvas.log_x_action, canvas.log_action):
        action.trigger()
    for axis_range in (canvas.x_range, canvas.y_range):
        axis_range.zoom(1e9, 0.0)
    canvas.rebuild()
    assert canvas.x_range.high - canvas.x_range.low < 700
    assert len(canvas.axes.x.labels) < 20


def test_ticks_at_the_end_of_all_floats() -> None:
    assert log_ticks(308.0, 309.5, 4).labels == ("10³⁰⁸", "10³⁰⁹")
    assert log_ticks(308.0, 308.9, 4).positions == ()
    assert len(log_ticks(-300.0, 300.0, 5).labels) <= 6


OFFERED = {
    "scalar history": "XY",
    "value histogram": "XY",
    "one against another": "XY",
    "waveform": "XY",
    "spectrum": "XY",
    "power density": "XY",
    "histogram": "XY",
    "magnitude and phase": "XY",
    "rows as curves": "XY",
    "samples": "XY",
    "spectrum of samples": "XY",
    "power density of samples": "XY",
    "eye diagram": "Y",  # its X axis is a place within two symbols
    "constellation": "",  # circles stay round
}


@pytest.mark.parametrize("name", OFFERED)
def test_which_axes_can_be_logarithmic(qapp: QApplication, name: str) -> None:
    entry = registry().get(name)
    assert entry is not None
    lens = entry.build(LIGHT_THEME, "#0072b2")
    texts = {action.text() for action in lens.view_actions()}
    offered = "".join(axis.value for axis in Axis if f"Logarithmic {axis.value} axis" in texts)
    assert offered == OFFERED[name]
    lens.deleteLater()
