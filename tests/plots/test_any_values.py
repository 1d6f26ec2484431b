"""Whatever values come in whatever order, a panel draws them without a failure."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PyQt6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.measured_canvas import MeasuredCanvas
from pyprobe.plots.numbers_lens import NumbersLens
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.theme import DARK_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.tree import TreeLens
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.probe import Probe
from tests.plots.hands import double_click, drag, hover, middle, wheel
from tests.plots.samples import append_array, append_scalars, append_texts, make_probe
from tests.plots.tree_samples import capture

Step = Callable[[Probe], None]

numbers = st.one_of(
    hnp.arrays(np.float64, st.integers(1, 30)),
    hnp.arrays(np.int64, st.integers(1, 30)),
    hnp.arrays(np.bool_, st.integers(1, 30)),
    hnp.arrays(np.complex128, st.integers(1, 30)),
)
arrays = hnp.arrays(
    st.one_of(
        hnp.scalar_dtypes(),
        hnp.array_dtypes(max_size=3),
        st.sampled_from([np.dtype("f2"), np.dtype("g")]),
    ),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=12),
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), arrays
)
trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, max_size=5),
        st.dictionaries(st.one_of(st.text(max_size=5), st.integers()), parts, max_size=5),
        st.fixed_dictionaries({"samples": parts, "dt": parts}),
        st.builds(SimpleNamespace, data=parts, fs=parts),
    ),
    max_leaves=12,
)
steps = st.one_of(
    trees.map(lambda value: lambda probe: capture(probe, value)),
    numbers.map(lambda values: lambda probe: append_scalars(probe, values)),
    arrays.map(lambda array: lambda probe: append_array(probe, array)),
    st.text().map(lambda text: lambda probe: append_texts(probe, [text])),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=1, max_size=6), st.integers(30, 700), st.integers(30, 400))
def test_any_values(qtbot: QtBot, moves: list[Step], width: int, height: int) -> None:
    probe = make_probe()
    panel = TracePanel(probe, DARK_THEME)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    panel.resize(width, height)
    panel.show()
    for move in moves:
        move(probe)
        panel.refresh()
        last = probe.history.last
        assert last is not None
        traits = traits_of(last)
        for entry in panel.choice.registry.lenses_for(traits):
            panel.choose_lens(traits, entry.name)
            if isinstance(panel.lens, PlotCanvas):
                play(panel.lens)
            elif isinstance(panel.lens, TreeLens):
                panel.lens.view.expandAll()
            elif isinstance(panel.lens, NumbersLens):
                panel.lens.view.selectAll()
                panel.lens.copy_tsv()
                panel.lens.copy_python()
            panel.build_menu().deleteLater()
            panel.grab()
    panel.close()
    panel.deleteLater()
    assert failures == []


def play(canvas: PlotCanvas) -> None:
    """Use every gesture once, on linear and on logarithmic axes, and hand the view back."""
    use(canvas)
    if isinstance(canvas, CurveCanvas):
        for action in (canvas.log_x_action, canvas.log_action, canvas.log_x_action):
            action.trigger()
            use(canvas)
        canvas.log_action.trigger()


def use(canvas: PlotCanvas) -> None:
    """Measure, zoom, pan, and hand the view back."""
    at = middle(canvas)
    hover(canvas, at)
    if isinstance(canvas, MeasuredCanvas):
        canvas.instruments.measure_action.setChecked(True)
        canvas.instruments.cursor_action.trigger()
        canvas.add_marker()
        canvas.readings()
    canvas.data()
    canvas.notes()
    for notches in (30, -60):
        wheel(canvas, at, notches)
    drag(canvas, at, QPointF(25, 30))
    drag(canvas, at, QPointF(-20, 12))
    canvas.grab()
    double_click(canvas, at)
