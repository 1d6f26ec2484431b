"""Axes by hand: the one at the right as the one at the left, and all of it also by the menu."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction

from pyprobe.plots.axis_range import AxisRange, RangeMode
from pyprobe.plots.drawn_trace import Side
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.hands import double_click, drag, middle, press, wheel
from tests.plots.samples import append_array, make_probe


@pytest.fixture
def panel(make_panel: MakePanel) -> TracePanel:
    own, other = make_probe(), make_probe("y", 20)
    append_array(own, np.arange(101.0))
    append_array(other, np.arange(101.0) * 1000.0)
    made = make_panel(own)
    made.refresh()
    made.overlay(other)
    made.set_look(other, replace(made.traces.look(other), side=Side.RIGHT), "axis")
    return made


@pytest.fixture
def lens(panel: TracePanel) -> WaveformLens:
    assert isinstance(panel.lens, WaveformLens)
    assert panel.lens.has_right_axis
    return panel.lens


def modes(lens: WaveformLens) -> list[RangeMode]:
    return [one.mode for one in lens.ranges().values()]


def span(one: AxisRange) -> float:
    return one.high - one.low


AUTO, USER = RangeMode.AUTO, RangeMode.USER


def test_a_drag_over_the_data_moves_both_vertical_axes(lens: WaveformLens) -> None:
    left, right = lens.y_range.view, lens.right_range.view
    drag(lens, middle(lens), QPointF(0.0, lens.frame.height / 4))
    shares = [
        (one.low - before.low) / (before.high - before.low)
        for one, before in ((lens.y_range, left), (lens.right_range, right))
    ]
    assert shares == pytest.approx([0.25, 0.25], abs=0.05)
    assert shares[0] == pytest.approx(shares[1])
    double_click(lens, middle(lens))
    assert modes(lens) == [AUTO] * 3


def test_gestures_over_the_right_axis_are_for_it_alone(lens: WaveformLens) -> None:
    on_axis = QPointF(lens.frame.right + 12.0, middle(lens).y())
    before = span(lens.right_range)
    wheel(lens, on_axis)
    assert span(lens.right_range) == pytest.approx(0.8 * before)
    assert modes(lens) == [AUTO, AUTO, USER]
    drag(lens, on_axis, QPointF(0.0, 60.0))
    assert modes(lens) == [AUTO, AUTO, USER]
    double_click(lens, QPointF(lens.frame.right + 12.0, middle(lens).y()))
    assert modes(lens) == [AUTO] * 3


def test_an_end_of_the_right_axis_is_typed_and_undone(
    panel: TracePanel, lens: WaveformLens
) -> None:
    changes: list[object] = []
    panel.done.connect(lambda _text, _redo, undo, _merge: changes.append(undo))
    double_click(lens, QPointF(lens.frame.right + 12.0, lens.frame.top + 4.0))
    editor = lens.findChild(RangeEditor)
    assert editor is not None
    editor.setText("200000")
    editor.returnPressed.emit()
    assert lens.right_range.high == 200_000.0
    assert modes(lens) == [AUTO, AUTO, USER]
    assert lens.state()["ranges"] == {"right": [lens.right_range.low, 200_000.0]}
    undo = changes[-1]
    assert callable(undo)
    undo()
    assert modes(lens) == [AUTO] * 3


def test_a_zoomed_box_is_of_both_vertical_axes(lens: WaveformLens) -> None:
    frame = lens.frame
    start = QPointF(frame.left + frame.width / 4, frame.top + frame.height / 2)
    before = lens.right_range.view
    shift = Qt.KeyboardModifier.ShiftModifier
    drag(lens, start, QPointF(frame.width / 2, frame.height / 4), modifiers=shift)
    assert modes(lens) == [USER] * 3
    middle_of_right = (before.low + before.high) / 2
    assert lens.right_range.high == pytest.approx(middle_of_right, rel=0.02)


def test_a_lock_holds_both_vertical_axes(lens: WaveformLens) -> None:
    lens.lock_actions[1].trigger()
    before = lens.view()
    drag(lens, middle(lens), QPointF(0.0, 60.0))
    press(lens, Qt.Key.Key_Up)
    assert lens.view() == before


def entry(panel: TracePanel, *path: str) -> QAction:
    actions = panel.build_menu().actions()
    for text in path[:-1]:
        menu = next(one.menu() for one in actions if one.text() == text)
        assert menu is not None
        actions = menu.actions()
    return next(one for one in actions if one.text() == path[-1])


@pytest.mark.parametrize(
    ("path", "axis", "is_high"),
    [
        *(
            (("X axis", "Type the left end…"), "x", False),
            (("X axis", "Type the right end…"), "x", True),
        ),
        *(
            (("Y axis", "Type the lower end…"), "y", False),
            (("Y axis", "Type the upper end…"), "y", True),
        ),
        (("Right axis", "Type the lower end…"), "right", False),
        (("Right axis", "Type the upper end…"), "right", True),
    ],
)
def test_every_end_is_typed_by_the_menu(
    panel: TracePanel, lens: WaveformLens, path: tuple[str, ...], axis: str, is_high: bool
) -> None:
    entry(panel, *path).trigger()
    editor = lens.findChild(RangeEditor)
    assert editor is not None
    wanted = 300_000.0 if is_high else -300_000.0
    editor.setText(f"{wanted}")
    editor.returnPressed.emit()
    found = lens.ranges()[axis]
    assert (found.high if is_high else found.low) == wanted
    assert [name for name, one in lens.ranges().items() if one.mode is USER] == [axis]
    title = {"x": "X axis", "y": "Y axis", "right": "Right axis"}[axis]
    entry(panel, title, "Fit to the data").trigger()
    assert modes(lens) == [AUTO] * 3
