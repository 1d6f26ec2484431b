"""Generations: what earlier runs captured is kept for a while, within a number and bytes."""

import numpy as np
import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.session import probe as probe_module
from pyprobe.session.probe import MAX_EARLIER, Probe
from tests.session.columns import float_column


def make_probe() -> Probe:
    (occurrence,) = find_occurrences("x = 1\n")
    anchor = ProbeAnchor("/program.py", 1, 0, "x", "")
    return Probe(1, anchor, occurrence, throttle="every", run_code=False, color_index=0, epoch_ns=0)


def run(probe: Probe, values: list[float], epoch_ns: int = 0) -> None:
    probe.begin_generation(epoch_ns)
    if values:
        probe.history.append(float_column(np.array(values)))


def test_the_newest_is_last_and_the_oldest_go() -> None:
    probe = make_probe()
    for number in range(MAX_EARLIER + 4):
        run(probe, [float(number)], number)
    newest = MAX_EARLIER + 3
    values = [history.scalars().value.tolist() for history in probe.earlier]
    assert values == [[float(number)] for number in range(newest - MAX_EARLIER, newest)]
    assert probe.history.scalars().value.tolist() == [float(newest)]
    assert [history.epoch_ns for history in probe.earlier[-2:]] == [newest - 2, newest - 1]


def test_a_run_without_captures_is_no_generation() -> None:
    probe = make_probe()
    for values in ([1.0], [], [], [2.0], []):
        run(probe, values)
    assert [history.count for history in probe.earlier] == [1, 1]


def test_more_than_fits_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = make_probe()
    run(probe, [1.0] * 100)
    one_bytes = probe.history.nbytes
    monkeypatch.setattr(probe_module, "MAX_EARLIER_BYTES", 2 * one_bytes)
    for _ in range(4):
        run(probe, [1.0] * 100)
    assert len(probe.earlier) == 2
    monkeypatch.setattr(probe_module, "MAX_EARLIER_BYTES", one_bytes - 1)
    run(probe, [])
    assert probe.earlier == []
