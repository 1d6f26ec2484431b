"""Whatever values come in whatever order, a panel draws them without a failure."""

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PyQt6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.theme import DARK_THEME
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.probe import Probe
from tests.plots.hands import double_click, drag, hover, middle, wheel
from tests.plots.samples import append_array, append_scalars, append_texts, make_probe

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
steps = st.one_of(
    numbers.map(lambda values: lambda probe: append_scalars(probe, values)),
    arrays.map(lambda array: lambda probe: append_array(probe, array)),
    st.text().map(lambda text: lambda probe: append_texts(probe, [text])),
)


@settings(
    max_examples=60,
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
        if isinstance(panel.lens, PlotCanvas):
            play(panel.lens)
        panel.grab()
    panel.close()
    panel.deleteLater()
    assert failures == []


def play(canvas: PlotCanvas) -> None:
    """Use every gesture once, and hand the view back."""
    at = middle(canvas)
    hover(canvas, at)
    for notches in (30, -60):
        wheel(canvas, at, notches)
    drag(canvas, at, QPointF(25, 30))
    drag(canvas, at, QPointF(-20, 12))
    canvas.grab()
    double_click(canvas, at)
