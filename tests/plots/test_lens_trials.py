"""Lens trials: what would hang or crash the window does so in a process of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QSize
from pytestqt.qtbot import QtBot

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.lens_trials import LensTrials
from pyprobe.plots.trial_captures import MOST_BYTES, captures_of, history_of
from pyprobe.session.probe import Probe
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue
from tests.plots.samples import (
    append_array,
    append_texts,
    make_probe,
    make_probe_values,
)

MODULE = """\
import time
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.plot_canvas import PlotCanvas


class Other(PlotCanvas):
    def show_traces(self, traces):
        self.sum = float(traces[0].history.last_array.sum())
        self.rebuild()

    def load(self, columns):
        pass

    def paint_data(self, painter, frame):
        {paint}


LENS = LensEntry("other", lambda traits: 1, Other)
"""
SIZE = QSize(300, 200)


@pytest.fixture
def trials(qtbot: QtBot) -> Iterator[LensTrials]:
    made = LensTrials(limit_s=1.0)
    yield made
    made.close()


def entry(folder: Path, monkeypatch: pytest.MonkeyPatch, paint: str) -> LensEntry:
    """Return a lens whose code lies where only the trial's process imports it."""
    (folder / "trial_lens.py").write_text(MODULE.format(paint=paint))
    monkeypatch.syspath_prepend(str(folder))
    assert "trial_lens" not in sys.modules
    return LensEntry("other", lambda _traits: 1, lambda *_: None, "pack", "trial_lens:LENS")  # type: ignore[arg-type]


def arrays(size: int = 8) -> list[DrawnTrace]:
    probe = make_probe()
    append_array(probe, np.arange(float(size)))
    return [DrawnTrace("x", "#0072b2", probe.history)]


@pytest.mark.parametrize(
    "paint",
    ["sum(iter(int, 1))", "while True: pass", "time.sleep(3600)"],
    ids=["in C", "in Python", "asleep"],
)
def test_one_that_hangs_is_ended_there(
    trials: LensTrials, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paint: str
) -> None:
    lens = entry(tmp_path, monkeypatch, paint)
    with qtbot.waitSignal(trials.failed, timeout=60_000) as blocker:
        assert not trials.may_draw(lens, "series", arrays(), SIZE)
        assert not trials.may_draw(lens, "series", arrays(), SIZE)
    assert blocker.args == ["pack", "other took longer than 1 s where it was tried first"]


def test_one_that_crashes_is_told(
    trials: LensTrials, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = entry(tmp_path, monkeypatch, "import os; os.abort()")
    with qtbot.waitSignal(trials.failed, timeout=60_000) as blocker:
        assert not trials.may_draw(lens, "series", arrays(), SIZE)
    assert blocker.args == ["pack", "other has crashed where it was tried first"]


@pytest.mark.parametrize("paint", ["pass", "raise ValueError('shown in its plot')"])
def test_one_that_draws_or_raises_may_do_so_in_the_window(
    trials: LensTrials, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paint: str
) -> None:
    lens = entry(tmp_path, monkeypatch, paint)
    with qtbot.waitSignal(trials.passed, timeout=60_000):
        assert not trials.may_draw(lens, "series", arrays(), SIZE)
    assert trials.may_draw(lens, "series", arrays(32), SIZE)
    assert not trials.may_draw(lens, "series", arrays(33), SIZE)  # that large is another task
    assert not trials.may_draw(lens, "scalar", arrays(), SIZE)


def test_a_trace_without_a_capture_yet_does_not_spare_the_others(
    trials: LensTrials, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = entry(tmp_path, monkeypatch, "sum(iter(int, 1))")
    armed = DrawnTrace("y", "#d55e00", make_probe().history)
    with qtbot.waitSignal(trials.failed, timeout=60_000):
        assert not trials.may_draw(lens, "series", [*arrays(), armed], SIZE)


def test_what_is_tried_with_is_what_there_is() -> None:
    numbers = make_probe_values(np.arange(3000.0))
    again = history_of(captures_of(numbers.history))
    assert again.scalars().value.tolist() == np.arange(2000.0, 3000.0).tolist()
    assert again.last == ScalarValue(2999.0, numbers.history.last.kind, "float64")  # type: ignore[union-attr]
    whole = make_probe_values(np.array([1, 2], np.int64))
    assert history_of(captures_of(whole.history)).last == whole.history.last

    def array_of(array: "np.ndarray[Any, Any]") -> Probe:
        probe = make_probe()
        append_array(probe, array, full_shape=(100, *array.shape), reduced="first")
        return probe

    for array in (np.ones((2, 3), np.complex64), np.zeros(2, [("a", "i4"), ("b", "U3")])):
        value = history_of(captures_of(array_of(array).history)).last
        assert isinstance(value, ArrayValue)
        assert (value.array == array).all()
        assert (value.array.dtype, value.full_shape) == (array.dtype, (100, *array.shape))
        assert value.reduced == "first"
    text = make_probe()
    append_texts(text, ["a", "half \\udc80"])
    assert history_of(captures_of(text.history)).last == TextValue("half \\udc80", "str", "str")
    with pytest.raises(ValueError, match="bytes"):
        captures_of(array_of(np.zeros(MOST_BYTES + 1, np.uint8)).history)
    with pytest.raises(ValueError, match="no capture"):
        captures_of(make_probe().history)
