"""Lenses for numbers, bools, enums and strings, by the numbers they draw and the words they say."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.big_number import BigNumberLens
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.lens_choice import LensChoice
from pyprobe.plots.pairs import newest_pairs
from pyprobe.plots.scalar_histogram import ScalarHistogramLens
from pyprobe.plots.state_timeline import StateTimelineLens
from pyprobe.plots.states import MIXED, StateRun, state_runs
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.value_traits import traits_of
from pyprobe.plots.xy import XyLens
from pyprobe.session.history import History
from tests.plots.samples import append_scalars, append_texts, make_probe, make_traits

BLUE, RED = "#0072b2", "#d55e00"


def history_of(values: NDArray[Any]) -> History:
    probe = make_probe()
    append_scalars(probe, values)
    return probe.history


def texts_of(*texts: str, kind: str = "enum") -> History:
    probe = make_probe()
    append_texts(probe, texts, kind=kind)
    return probe.history


def at_times(values: list[float], t_ns: list[int]) -> History:
    """Return a history whose sequence numbers are its times, over all traces of a test."""
    history = History()
    times = np.array(t_ns, np.int64)
    column = Column(
        probe_id=1,
        kind=ValueKind.FLOAT,
        dtype="float",
        seq=times,
        t_ns=times,
        thread=np.zeros(len(t_ns), np.uint64),
        values=np.array(values),
    )
    history.append(column)
    return history


def show(lens: LensWidget, qtbot: QtBot, *histories: History) -> None:
    qtbot.addWidget(lens)
    lens.resize(640, 360)
    lens.show()
    titles_and_colors = zip("abc", (BLUE, RED, RED), strict=True)
    named = [(title, color) for title, color in titles_and_colors][: len(histories)]
    lens.show_traces(
        [
            DrawnTrace(title, color, history)
            for (title, color), history in zip(named, histories, strict=True)
        ]
    )


def test_a_histogram_counts_captures(qtbot: QtBot) -> None:
    lens = ScalarHistogramLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.array([1, 1, 1, 4])))
    (curve,) = lens.curves
    assert curve.x.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert curve.y.tolist() == [3, 0, 0, 1, 1]
    assert lens.x_range.low == 0.5
    assert lens.notes() == ()


def test_a_histogram_of_complex_numbers_is_of_their_magnitudes(qtbot: QtBot) -> None:
    lens = ScalarHistogramLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.array([3 + 4j, -3 - 4j, 4 + 3j])))
    assert lens.curves[0].x[0] < 5.0 < lens.curves[0].x[-1]
    assert lens.curves[0].y.tolist()[0] == 3


def test_a_histogram_without_a_number_says_so(qtbot: QtBot) -> None:
    lens = ScalarHistogramLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.array([np.nan, np.inf])))
    assert lens.empty_sentence == "only NaN and infinities here"


def test_traces_of_one_loop_pair_by_their_number() -> None:
    across = at_times([1, 2, 3], [10, 20, 30])
    up = at_times([5, 6], [15, 25])
    x, y = newest_pairs(across, up)
    assert (x.tolist(), y.tolist()) == ([1, 2], [5, 6])


def test_other_traces_pair_with_the_newest_before() -> None:
    across = at_times([1, 2, 3, 4, 5], [10, 20, 30, 40, 50])
    up = at_times([7, 8], [5, 35])
    x, y = newest_pairs(across, up)
    assert (x.tolist(), y.tolist()) == ([3], [8])


def test_one_trace_against_another(qtbot: QtBot) -> None:
    lens = XyLens(LIGHT_THEME, BLUE)
    angle = np.linspace(0, 2 * np.pi, 50)
    show(lens, qtbot, history_of(np.cos(angle)), history_of(np.sin(angle)))
    (curve,) = lens.curves
    np.testing.assert_allclose(np.hypot(curve.x, curve.y), 1.0)
    assert curve.style is LineStyle.DOTS
    assert curve.color == RED
    assert lens.x_range.low < -1.0 < 1.0 < lens.x_range.high
    assert lens.x_title() == "a"


def test_a_single_trace_asks_for_a_second(qtbot: QtBot) -> None:
    lens = XyLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.arange(4.0)))
    assert "drag a second trace" in lens.empty_sentence


def test_a_big_number_shows_the_newest_value_and_a_line(qtbot: QtBot) -> None:
    lens = BigNumberLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.arange(2000.0) / 8))
    assert lens.text == "249.875"
    assert lens.spark is not None
    assert lens.spark.x[0] >= 1499.0
    assert lens.notes() == ("line of the last 500",)
    image = lens.grab().toImage()
    dark = [
        (x, y)
        for x in range(0, image.width(), 4)
        for y in range(0, image.height() // 2, 4)
        if image.pixelColor(x, y).lightness() < 80
    ]
    assert max(x for x, _y in dark) - min(x for x, _y in dark) > 300  # it fills its panel


def test_a_big_number_without_any_number_has_no_line(qtbot: QtBot) -> None:
    lens = BigNumberLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, history_of(np.array([np.nan])))
    assert (lens.text, lens.spark) == ("nan", None)
    lens.grab()


def test_runs_of_states_are_found() -> None:
    history = texts_of("idle", "idle", "run", "run", "run", "idle")
    assert state_runs(history, 0, 6, 600, "index") == [
        StateRun("idle", 0.0, 2.0),
        StateRun("run", 2.0, 5.0),
        StateRun("idle", 5.0, 6.0),
    ]


def test_runs_of_truth_values() -> None:
    history = history_of(np.array([True, True, False]))
    assert state_runs(history, 0, 3, 600, "index") == [
        StateRun("True", 0.0, 2.0),
        StateRun("False", 2.0, 3.0),
    ]


def test_changes_within_a_pixel_are_told_as_mixed() -> None:
    flicker = np.arange(100_000) % 2 == 0
    runs = state_runs(history_of(flicker), 0, 100_000, 100, "index")
    assert {run.name for run in runs} == {MIXED}


def test_a_timeline_has_a_lane_for_each_trace_and_a_colour_for_each_state(qtbot: QtBot) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, texts_of("idle", "run", "idle"), history_of(np.array([True, False])))
    assert [len(lane) for lane in lens.lanes] == [3, 2]
    assert lens.state_names == ["idle", "run", "True", "False"]
    assert lens.state_color("idle") == BLUE
    assert len({lens.state_color(name) for name in lens.state_names}) == 4
    assert lens.y_ticks(9).labels == ("a", "b")
    assert lens.readout(1.2, 1.5) == "run: captures 1 to 1"
    assert lens.readout(1.2, 0.5) == "False: captures 1 to 1"
    assert [(entry.text, entry.color) for entry in lens.axes.legend] == [
        (name, lens.state_color(name)) for name in lens.state_names
    ]
    lens.grab()


def test_a_timeline_never_cuts_the_name_of_a_state(qtbot: QtBot) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    states = [f"waiting_for_part_{number % 3}_of_many" for number in range(100)]
    show(lens, qtbot, texts_of(*states))
    assert [entry.text for entry in lens.axes.legend] == sorted(set(states))
    texts = {lens.bar_text(states[0], room_px) for room_px in range(600)}
    assert texts == {"", states[0]}
    lens.grab()


def test_a_very_long_state_is_shortened_where_it_stands_beside_others(qtbot: QtBot) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, texts_of("x" * 1000, "idle"))
    assert [entry.text for entry in lens.axes.legend] == ["x" * 39 + "…", "idle"]
    assert lens.readout(0.2, 0.5).startswith("x" * 50)


def test_long_names_of_traces_leave_the_bars_their_room(qtbot: QtBot) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(lens)
    lens.resize(300, 200)
    lens.show()
    titles = [
        f"self.packing_machine.{name} @ a_long_name_of_a_file.py:7" for name in ("door", "lift")
    ]
    lens.show_traces([DrawnTrace(title, BLUE, texts_of("idle")) for title in titles])
    assert lens.y_ticks(9).labels == ("door", "lift")
    assert lens.frame.width > 0.6 * lens.width()


def test_a_timeline_over_time_is_remembered(qtbot: QtBot) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, texts_of("idle", "run"))
    with qtbot.waitSignal(lens.changed):
        lens.time_action.trigger()
    assert lens.lanes[0][1].start == pytest.approx(0.001)
    again = StateTimelineLens(LIGHT_THEME, BLUE)
    qtbot.addWidget(again)
    again.restore(lens.state())
    assert again.axis == "time"


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (("Lock.OPEN", "Lock.SHUT"), "Lock."),
        (("Lock.OPEN", "Door.SHUT"), ""),
        (("idle", "run"), ""),
        (("it is 3.5", "it is 3.7"), ""),
    ],
)
def test_the_class_of_an_enum_does_not_stand_in_the_bars(
    names: tuple[str, ...], start: str, qtbot: QtBot
) -> None:
    lens = StateTimelineLens(LIGHT_THEME, BLUE)
    show(lens, qtbot, texts_of(*names))
    assert lens.common_start() == start
    assert lens.readout(0.2, 0.5).startswith(names[0])


def test_an_enum_is_a_timeline_and_a_string_can_be_one() -> None:
    choice = LensChoice(registry())
    last = texts_of("idle").last
    assert last is not None
    assert choice.lens_for(traits_of(last)).name == "state timeline"
    string = make_traits(ValueKind.TEXT)
    assert choice.lens_for(string).name == "text"
    assert "state timeline" in {entry.name for entry in registry().lenses_for(string)}
