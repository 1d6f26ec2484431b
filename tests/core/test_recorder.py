"""The recorder with values that have parts: on change, and how much it says waits to be sent."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.recorder import Recorder
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.values import pack
from tests.core.capturing import Capturer

NAN = float("nan")


def a_probe(strategy: ThrottleStrategy) -> TargetProbe:
    occurrence = find_occurrences("x = 1\n")[0]
    return TargetProbe(
        1, ProbeAnchor("a.py", 1, 0, "x"), occurrence, WatchConfig("x", strategy, 0.0)
    )


def captured(values: list[Any], gate: Gate | None = None) -> int:
    """Return how many captures a probe that captures changes makes of these values."""
    log = CaptureLog()
    recorder = Recorder(
        extend=log.extend,
        pack=partial(pack, reduce_above=0, ring=None),
        gate=gate or Gate(),
        budget=Budget(5.0),
    )
    probe = a_probe(ThrottleStrategy.CHANGE_DETECT)
    for value in values:
        recorder.store_changed(probe, value)
    return len(log)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"a": 1, "b": ["x"]}, {"a": 1, "b": ["x"]}], 1),
        ([{"a": NAN}, {"a": NAN + 0.0}], 1),
        ([{"a": 1}, {"a": 2}, {"a": 2}], 2),
        ([{"a": 1}, {"a": 1.0}], 2),
        ([{"a": 1}, {"b": 1}], 2),
        ([{"a": "x"}, {"a": "y"}], 2),
        ([{"a": np.zeros(3)}, {"a": np.zeros(3)}, {"a": np.ones(3)}], 2),
        ([["x"], ("x",), ["x"]], 3),
    ],
    ids=str,
)
def test_a_change_of_any_part_is_a_change(values: list[Any], expected: int) -> None:
    assert captured(values) == expected


def test_what_waits_in_trees_is_counted() -> None:
    gate = Gate()
    captured([{"a": np.zeros(1000), "t": "x"}], gate)
    assert 8000 < gate.waiting_bytes < 9000


@pytest.mark.parametrize("other", [1, True, 1j, "x", np.float64(1.0), 1 << 70, None], ids=repr)
def test_a_probe_that_has_captured_anything_but_floats_is_known_for_good(other: object) -> None:
    log = CaptureLog()
    recorder = Recorder(
        extend=log.extend,
        pack=partial(pack, reduce_above=0, ring=None),
        gate=Gate(),
        budget=Budget(5.0),
    )
    probe = a_probe(ThrottleStrategy.NONE)
    for value, expected in ((1.0, False), (other, True), (2.0, True)):
        recorder.store(probe, value)
        assert probe.has_others is expected


def test_a_probe_that_takes_the_place_of_another_answers_for_its_captures(tmp_path: Path) -> None:
    capturer = Capturer()
    capturer.engine.start()
    try:
        (occurrence,) = find_occurrences("x = 1\n")
        anchor = ProbeAnchor(str(tmp_path / "a.py"), 1, 0, "x")
        config = WatchConfig("x", ThrottleStrategy.NONE, 0.0)
        assert not capturer.engine.add(5, anchor, occurrence, config).has_others
        assert capturer.engine.add(5, anchor, occurrence, config).has_others
    finally:
        capturer.engine.stop()
