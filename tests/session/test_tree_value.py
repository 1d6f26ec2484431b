"""What the session makes of trees: text, leaves over time, samples, tables and sparse matrices."""

import json
import math
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pyprobe.ipc.columns import ValueKind
from pyprobe.session.export_jsonl import write_jsonl
from pyprobe.session.export_rows import plain_array, plain_number
from pyprobe.session.history import History
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_leaf import leaf_columns, past_leaf_columns
from pyprobe.session.tree_plain import plain_tree
from pyprobe.session.tree_samples import find_samples
from pyprobe.session.tree_text import tree_text
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, TextValue, brief_text, inline_text
from tests.ipc.wire import packed, send, tree_of
from tests.session.recordings import make_recording


def history_of(values: list[Any]) -> History:
    history = History()
    for column in send([packed(value) for value in values]):
        history.append(column)
    return history


def leaf_of(history: History, *path: str) -> History:
    """Return a history of one leaf of all captures, as a plot of it has."""
    leaf = History()
    for column in past_leaf_columns(history, path):
        leaf.append(column)
    return leaf


def numbers_of(history: History, *path: str) -> list[Any]:
    """Return the numbers of a leaf, oldest first; None for a gap."""
    values = leaf_of(history, *path).scalars().value.tolist()
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def test_a_tree_is_shown_as_text_wherever_texts_are() -> None:
    history = history_of([{"a": 1.5, "b": [1, 2]}])
    value = history.last
    assert isinstance(value, TreeValue)
    assert isinstance(value, TextValue)
    assert (value.kind, value.dtype, value.type_name) == (ValueKind.TREE, "dict", "dict")
    assert value.content == "{'a': 1.5, 'b': [1, 2]}"
    assert inline_text(value) == "{'a': 1.5, 'b': [1, 2]}"
    assert not value.cut
    assert [capture.value for capture in history.texts()] == [value]


def test_where_there_is_little_room_a_long_value_says_what_it_is() -> None:
    short, long = (history_of([value]).last for value in ({"a": 1.5}, dict.fromkeys("abcdef", 1.5)))
    assert short is not None
    assert long is not None
    assert (brief_text(short), brief_text(long)) == ("{'a': 1.5}", "dict")
    array = ArrayValue(np.arange(1024.0).reshape(2, 512) / 3, "ndarray", (2, 512))
    assert brief_text(array) == "float64 2 × 512"
    assert inline_text(array) == "float64 2 × 512"
    few = ArrayValue(np.arange(3.0), "ndarray", (3,))
    assert inline_text(few) == "float64 3 [0, 1, 2]"


def test_text_is_bounded_where_the_tree_is_long() -> None:
    tree = tree_of({"x" * 100: dict.fromkeys(range(100), "y" * 100), "z": ["w" * 200] * 50})
    assert len(tree_text(tree)) == 4096
    assert ", … 100 in all}" in tree_text(tree_of({index: index for index in range(100)}))


def test_the_text_of_a_part() -> None:
    tree = tree_of({"a": [1, "x"]})
    assert tree_text(tree, tree.find(("['a']",))) == "[1, 'x']"


# Leaves


def test_a_leaf_over_all_captures() -> None:
    history = history_of([{"a": index / 2, "b": {"n": index}} for index in range(4)])
    (column,) = past_leaf_columns(history, ("['a']",))
    assert column.values.tolist() == [0.0, 0.5, 1.0, 1.5]
    assert column.values.dtype == np.float64
    assert column.seq.tolist() == [0, 1, 2, 3]
    assert column.t_ns.tolist() == [1000, 1001, 1002, 1003]
    assert column.thread.tolist() == [77] * 4
    assert past_leaf_columns(history, ("['b']", "['n']"))[0].values.dtype == np.int64
    assert not column.arrays


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([True, False], np.bool_), ([1j, 2.0 + 0j], np.complex128), ([2**62, 1], np.int64)],
    ids=["bool", "complex", "int"],
)
def test_numbers_stay_what_they_are(values: list[Any], dtype: Any) -> None:
    (column,) = past_leaf_columns(history_of([{"a": value} for value in values]), ("['a']",))
    assert column.values.dtype == dtype
    assert column.values.tolist() == values


def test_a_missing_leaf_is_a_gap() -> None:
    history = history_of([{"a": 1}, {"b": 2}, {"a": None}, {"a": {"deep": 1}}, {"a": 3}])
    assert numbers_of(history, "['a']") == [1, None, None, None, 3]
    columns = past_leaf_columns(history, ("['a']",), probe_id=9)
    assert [column.kind.name for column in columns] == ["INT", "FLOAT", "INT"]
    assert {column.probe_id for column in columns} == {9}


def test_a_leaf_is_found_whatever_stands_before_it() -> None:
    history = history_of([{"a": 1.5, "b": 2.5}, {"b": 3.5, "x": "y", "a": 4.5}])
    assert numbers_of(history, "['b']") == [2.5, 3.5]


def test_array_leaves_give_arrays_and_their_elements_numbers() -> None:
    history = history_of([{"v": np.arange(3) + n, "g": [n / 2, 1.5]} for n in range(3)])
    arrays = [capture.value.array.tolist() for capture in leaf_of(history, "['v']").arrays()]
    assert arrays == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert numbers_of(history, "['v']", "[1]") == [1, 2, 3]
    assert numbers_of(history, "['g']", "[0]") == [0.0, 0.5, 1.0]
    assert numbers_of(history, "['g']", "[-1]") == [1.5] * 3
    assert numbers_of(history, "['g']", "[2]") == [None] * 3


def test_an_element_of_a_matrix() -> None:
    history = history_of([{"m": np.arange(6).reshape(2, 3)}])
    assert numbers_of(history, "['m']", "[1, 2]") == [5]
    assert numbers_of(history, "['m']", "[1]") == [None]


def test_text_leaves_make_texts() -> None:
    (column,) = send([packed({"state": state}) for state in ("on", "off")])
    (texts,) = leaf_columns(column, ("['state']",))
    assert [record["text"] for record in texts.texts] == ["on", "off"]


def test_a_leafs_columns_fill_a_history_of_their_own() -> None:
    (column,) = send([packed({"a": index}) for index in range(10)])
    history = History()
    for part in leaf_columns(column, ("['a']",)):
        history.append(part)
    assert history.scalars().value.tolist() == list(range(10))


def test_a_history_without_trees_has_no_leaves() -> None:
    history = history_of(["text", 1.5])
    assert past_leaf_columns(history, ("['a']",)) == []


# Samples and a step


@pytest.mark.parametrize(
    ("value", "step", "start"),
    [
        (SimpleNamespace(samples=[1.0, 2.0], dt=0.5), 0.5, 0.0),
        (SimpleNamespace(_data=np.zeros(4), _fs=100, t0=2.5), 0.01, 2.5),
        ({"signal": [1, 2], "sample_rate": 4.0}, 0.25, 0.0),
        (SimpleNamespace(pressure=np.zeros(3), step=2), 2.0, 0.0),
    ],
    ids=str,
)
def test_objects_that_carry_samples_and_a_step(value: object, step: float, start: float) -> None:
    found = find_samples(tree_of(value))
    assert found is not None
    assert (found.step, found.start) == (step, start)
    assert found.samples.is_array


@pytest.mark.parametrize(
    "value",
    [
        {"samples": [1.0], "dt": 0.0},
        {"samples": [1.0], "fs": math.nan},
        {"samples": [1.0], "fs": "fast"},
        {"samples": 1.0, "dt": 0.5},
        {"a": [1.0], "b": [2.0], "dt": 0.5},
        {"samples": [1.0]},
        {"step": 3, "items": [1, 2]},
        {"rate": 0.1, "loss": [1.0, 2.0]},
        ["x"],
    ],
    ids=str,
)
def test_others_do_not(value: object) -> None:
    assert find_samples(tree_of(value)) is None


# Plain


def as_json(value: object) -> object:
    plain = plain_tree(tree_of(value), number=plain_number, array=plain_array)
    return json.loads(json.dumps(plain))


def test_a_whole_tree_as_json() -> None:
    value = {"a": math.inf, "b": [1, "x", None], 3: np.arange(2), "p": SimpleNamespace(z=1j)}
    assert as_json(value) == {
        "a": "Infinity",
        "b": [1, "x", None],
        "3": [0, 1],
        "p": {"z": {"re": 0.0, "im": 1.0}},
    }
    assert as_json({1: "a", "1": "b"}) == {"1": "a", "1#2": "b"}


@pytest.mark.parametrize("value", [["x"] * 1000, {"a": "x" * 1000}], ids=["items", "text"])
def test_a_tree_that_was_cut_is_no_json(value: object) -> None:
    assert as_json(value) is None


def test_an_export_to_jsonl_holds_text_and_parts(tmp_path: Path) -> None:
    values: list[Any] = [{"a": 0.5, "v": np.arange(2)}, ["x"] * 1000, "text"]
    rows = [(1, packed(value)) for value in values]
    reader = RecordingReader(str(make_recording(tmp_path, rows)))
    output = StringIO()
    assert write_jsonl(reader, output) == 3
    whole, cut, text = map(json.loads, output.getvalue().splitlines())
    assert whole["value"] == {"a": 0.5, "v": [0, 1]}
    assert whole["text"] == "{'a': 0.5, 'v': ndarray(int64, (2,))}"
    assert cut["text"].endswith(", … 1000 in all]")
    assert "value" not in cut
    assert text["text"] == "text"


def test_a_recording_brings_trees_back(tmp_path: Path) -> None:
    rows = [(1, packed({"a": index, "v": np.full(3, index)})) for index in range(100)]
    reader = RecordingReader(str(make_recording(tmp_path, rows)))
    columns = [column for found in reader.columns() for column in found]
    assert {column.kind for column in columns} == {ValueKind.TREE}
    history = History()
    for column in columns:
        history.append(column)
    assert numbers_of(history, "['a']") == list(range(100))


def test_a_tree_that_contains_itself_is_no_json() -> None:
    loop: dict[str, Any] = {}
    loop["self"] = loop
    assert as_json(loop) is None
