"""Leaf traces: past and new captures of one leaf, over runs, of trees and of arrays."""

import json
import math
from typing import Any

import numpy as np
import pytest

from pyprobe.ipc.tree_form import Path
from pyprobe.session.array_leaf import array_leaf
from pyprobe.session.leaf_board import LeafBoard
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.probe import ProbeStatus
from pyprobe.session.values import ArrayValue
from tests.plots.samples import append_array, make_probe
from tests.plots.tree_samples import capture

A: Path = ("['a']",)
NO_LIMIT = math.inf


def numbers(leaf: LeafTrace) -> list[Any]:
    found: list[Any] = leaf.history.scalars().value.tolist()
    return found


def status_of(leaf: LeafTrace) -> ProbeStatus:
    return leaf.status


def test_a_leaf_has_the_past_and_what_comes() -> None:
    probe = make_probe("state")
    capture(probe, *({"a": index / 2} for index in range(700)))
    leaf = LeafTrace(9, probe, A)
    assert status_of(leaf) is ProbeStatus.ARMED
    while leaf.update()[1]:
        pass
    assert numbers(leaf) == [index / 2 for index in range(700)]
    assert leaf.update(NO_LIMIT) == (False, False)
    capture(probe, {"a": -1.0})
    assert leaf.update(NO_LIMIT) == (True, False)
    assert numbers(leaf)[-1] == -1.0
    assert (leaf.title, leaf.short_title) == ("state['a'] @ script.py:10", "state['a']")
    assert status_of(leaf) is ProbeStatus.LIVE


def test_a_missing_number_is_a_gap_but_no_array_becomes_a_number() -> None:
    probe = make_probe()
    capture(probe, {"b": 1}, {"a": 1.5}, {"b": 1}, {"a": 2.5})
    leaf = LeafTrace(9, probe, A)
    leaf.update(NO_LIMIT)
    first, gap, last = numbers(leaf)
    assert (first, last) == (1.5, 2.5)
    assert math.isnan(gap)
    probe = make_probe()
    capture(probe, {"a": np.arange(3)}, {"b": 1}, {"a": np.arange(4)})
    leaf = LeafTrace(9, probe, A)
    leaf.update(NO_LIMIT)
    assert [one.value.shape for one in leaf.history.arrays()] == [(3,), (4,)]
    assert not len(leaf.history.scalars().value)


def test_each_run_is_a_generation_of_the_leaf() -> None:
    probe = make_probe()
    capture(probe, {"a": 1})
    leaf = LeafTrace(9, probe, A)
    leaf.update(NO_LIMIT)
    probe.begin_generation(5)
    capture(probe, {"a": 2})
    leaf.update(NO_LIMIT)
    assert numbers(leaf) == [2]
    assert [one.scalars().value.tolist() for one in leaf.earlier] == [[1]]
    probe.earlier.clear()
    leaf.update(NO_LIMIT)
    assert leaf.earlier == ()


def test_it_waits_as_its_probe_does() -> None:
    probe = make_probe()
    leaf = LeafTrace(9, probe, A)
    assert leaf.waiting_sentence() == "armed: waiting for line 10 to run"
    capture(probe, {"b": 1})
    leaf.update(NO_LIMIT)
    assert leaf.waiting_sentence() == "there has been no x['a'] yet"


def test_samples_beside_a_step_have_its_rate() -> None:
    probe = make_probe()
    capture(probe, {"samples": np.zeros(4), "dt": 0.25, "other": np.zeros(4)})
    assert LeafTrace(9, probe, ("['samples']",)).sample_rate_hz == 4.0
    assert LeafTrace(9, probe, ("['other']",)).sample_rate_hz is None


@pytest.mark.parametrize(
    ("array", "path", "expected"),
    [
        (np.arange(6).reshape(2, 3), ("[:, 1]",), [1, 4]),
        (np.arange(6).reshape(2, 3), ("[1, :]",), [3, 4, 5]),
        (np.arange(6).reshape(2, 3), ("[1, 2]",), 5),
        (np.array([(1, 2.5)], [("n", "i4"), ("x", "f8")]), ("['x']",), [2.5]),
        (np.arange(3), ("[-1]",), 2),
        (np.arange(3), ("[3]",), None),
        (np.arange(3), ("[0, 0]",), None),
        (np.arange(3), ("['x']",), None),
        (np.arange(3), (".values",), None),
        (np.array(["a"]), ("[0]",), None),
        (np.arange(3), (), None),
    ],
)
def test_parts_of_arrays(array: Any, path: Path, expected: object) -> None:
    found = array_leaf(ArrayValue(array, "ndarray", array.shape), path)
    assert (None if found is None else found.tolist()) == expected


def test_of_a_reduced_array_no_element_is_known() -> None:
    value = ArrayValue(np.arange(4), "ndarray", (100,), "min/max of 100 points")
    assert array_leaf(value, ("[1]",)) is None


def test_a_column_of_arrays_over_captures() -> None:
    probe = make_probe()
    for start in range(3):
        append_array(probe, np.arange(start, start + 4).reshape(2, 2))
    column, element = LeafTrace(8, probe, ("[:, 1]",)), LeafTrace(9, probe, ("[0, 0]",))
    column.update(NO_LIMIT)
    element.update(NO_LIMIT)
    arrays = [one.value.array.tolist() for one in column.history.arrays()]
    assert arrays == [[1, 3], [2, 4], [3, 5]]
    assert numbers(element) == [0, 1, 2]
    append_array(probe, np.zeros(5))
    element.update(NO_LIMIT)
    assert math.isnan(numbers(element)[-1])


def test_a_board_goes_with_its_probes_and_remembers() -> None:
    probe = make_probe()
    capture(probe, {"a": 1, "d": {"v": np.arange(3)}})
    probes = [probe]
    board = LeafBoard(lambda: probes)
    leaf = board.add(probe, A, color_index=3)
    inner = board.add(probe, ("['d']", "['v']"))
    element = board.add(inner, ("[2]",))
    assert board.add(probe, A) is leaf
    assert list(board.traces.values()) == [leaf, inner, element]
    capture(probe, {"a": 2, "d": {"v": np.arange(4)}})
    assert board.update({probe.id}) == {leaf.id, inner.id, element.id}
    assert numbers(element) == [2, 2]
    assert board.is_idle

    def key_of(trace: Any) -> str:
        return trace.title if isinstance(trace, LeafTrace) else "key"

    stored = json.loads(json.dumps(board.to_list(key_of)))
    again = LeafBoard(lambda: probes)
    again.restore_list([*stored, None, {"source": "key", "path": [1]}, {"path": ["x"]}], key_of)
    assert [(one.path, one.color_index) for one in again.traces.values()] == [
        (A, 3),
        (("['d']", "['v']"), 0),
        (("[2]",), 0),
    ]
    board.remove(leaf)
    assert leaf.id not in board.traces
    probes.clear()
    assert board.traces == {}
    probes.append(probe)
    assert list(board.traces) == [inner.id, element.id]
