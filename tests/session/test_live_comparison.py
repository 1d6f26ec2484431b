"""A run is compared with a recording as it comes: what differs, from where on, and run by run."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.session.comparison_pairs import ProbePair
from pyprobe.session.history import History
from pyprobe.session.live_comparison import HistoryTap, LiveComparison, LivePair
from pyprobe.session.probe import Probe, new_history
from tests.session.columns import FIRST_NS, columns
from tests.session.recordings import SCRIPT, probes_of

VALUE = st.one_of(
    st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.text(max_size=4)
)


def make_probe(number: int = 0) -> Probe:
    return probes_of(Path("/script.py"), SCRIPT)[number]


def feed(probe: Probe, values: Sequence[object]) -> None:
    for column in columns(values, first_seq=probe.history.count):
        probe.history.append(column)


def make_pair(theirs: Sequence[object]) -> LivePair:
    ours, other = make_probe(), make_probe()
    feed(other, theirs)
    return LivePair(ProbePair(None, None), ours, other, lambda: new_history(0))


def update(pair: LivePair) -> None:
    while pair.update():
        pass


def test_what_comes_is_compared_until_it_parts() -> None:
    pair = make_pair([1.0, 2.0, 3.0, 4.0])
    feed(pair.probe, [1.0, 2.0])
    update(pair)
    assert (pair.compared, pair.first, pair.is_same) == (2, None, False)
    feed(pair.probe, [3.5])
    update(pair)
    assert pair.first is not None
    assert (pair.first.index, pair.first.sentence) == (2, "3.5 against 3.0")
    assert (pair.first.seq_a, pair.first.t_ns_a) == (2, FIRST_NS + 2000)
    feed(pair.probe, [4.0])
    update(pair)
    assert pair.first.index == 2
    assert pair.difference.scalars().value.tolist() == [0.0, 0.0, 0.5, 0.0]


def test_the_same_captures_are_the_same() -> None:
    values = [1.0, 2, True, "text", np.arange(3.0), 2 + 1j, 1 << 62]
    pair = make_pair(values)
    feed(pair.probe, values)
    update(pair)
    assert pair.is_same
    feed(pair.probe, [0.0])
    update(pair)
    assert not pair.is_same
    assert pair.first is None  # the recording holds no more


def test_a_value_of_another_kind_is_another_value() -> None:
    pair = make_pair([1.0, (1 << 62) + 1])
    feed(pair.probe, [1.0, float(1 << 62)])
    update(pair)
    assert pair.first is not None
    assert pair.first.index == 1


def test_another_run_is_compared_from_its_beginning() -> None:
    pair = make_pair([1.0, 2.0])
    feed(pair.probe, [9.0])
    update(pair)
    assert pair.first is not None
    pair.probe.begin_generation(0)
    feed(pair.probe, [1.0, 2.0])
    update(pair)
    assert pair.is_same
    assert pair.difference.count == 2


def test_what_was_not_captured_whole_is_not_compared() -> None:
    pair = make_pair([1.0])
    pair.probe.mode = "sampled"
    feed(pair.probe, [5.0])
    update(pair)
    assert (pair.first, pair.problem) == (None, "not every hit was captured")


def test_what_is_no_longer_kept_is_not_compared() -> None:
    pair = make_pair([np.full(1 << 20, float(i)) for i in range(4)])  # of 8 MiB, 16 are kept
    update(pair)
    assert pair.problem == "its first captures are no longer kept"


def test_the_pair_that_parts_first_in_the_run_is_found() -> None:
    pairs = [make_pair([1.0, 2.0]), make_pair([1.0, 2.0])]
    feed(pairs[0].probe, [1.0, 5.0])
    feed(pairs[1].probe, [5.0, 2.0])
    comparison = LiveComparison(dict(enumerate(pairs)))
    while comparison.update(100.0):
        pass
    assert comparison.first is pairs[1]


def plain(history: History, start: tuple[int, int, int] = (0, 0, 0)) -> list[tuple[int, object]]:
    found: list[tuple[int, object]] = []
    for column in history.columns(1, start, history.ends):
        if column.texts:
            values: list[object] = [one["text"] for one in column.texts]
        else:
            values = [repr(one) for one in column.values.tolist()]
        found += zip(column.seq.tolist(), values, strict=True)
    return found


@given(st.lists(VALUE, max_size=30))
def test_a_history_gives_back_what_it_was_given(values: list[object]) -> None:
    probe = make_probe()
    feed(probe, values)
    expected = [one if isinstance(one, str) else repr(one) for one in values]
    assert plain(probe.history) == list(enumerate(expected))


@pytest.mark.parametrize("steps", [[3, 1, 4], [1] * 8, [8]])
def test_a_tap_reads_each_capture_once(steps: list[int]) -> None:
    probe = make_probe()
    tap, seen = HistoryTap(1, probe.history), []
    for count in steps:
        feed(probe, [float(probe.history.count + at) for at in range(count)])
        seen += [value for column in tap.take() for value in column.values.tolist()]
    assert seen == [float(at) for at in range(sum(steps))]
    assert tap.take() == []
