"""From the capture log to the front end's columns and back, and every way a column can be wrong."""

import copy
import math
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import ProtocolError
from pyprobe.ipc.column_reader import inline_slots, read_column, read_columns
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.packed import NO_ROOM, PackedArray, PackedScalar, PackedText
from pyprobe.ipc.ring import RingReader, RingWriter
from tests.ipc.wire import log_of, packed, rows_of, send, send_log

INT64 = st.integers(-(2**63), 2**63 - 1)
COMPLEX = st.complex_numbers(allow_nan=True, allow_infinity=True)
NUMBER = st.one_of(st.floats(), INT64, st.booleans(), COMPLEX)
FLOAT32 = st.floats(width=32).map(lambda value: PackedScalar(value, "float32"))
TEXT = st.text(max_size=50).map(packed)
VALUE = st.one_of(NUMBER, FLOAT32, TEXT, st.just(NO_ROOM))


def plain(value: Any) -> object:
    """Return something that compares equal for equal captures, NaN included."""
    if isinstance(value, PackedScalar):
        return (value.dtype, plain(value.value)[1])  # type: ignore[index]
    if isinstance(value, PackedText):
        return ("", value.record["text"])
    return (type(value).__name__, repr(value))


def received(columns: list[Any]) -> list[tuple[int, int, int, int, object]]:
    rows = []
    for column in columns:
        for index in range(column.count):
            if column.kind is ValueKind.TEXT:
                value: object = ("", column.texts[index]["text"])
            else:
                value = (column.dtype, repr(column.values[index].item()))
            seq, t_ns = int(column.seq[index]), int(column.t_ns[index])
            rows.append((seq, column.probe_id, t_ns, int(column.thread[index]), value))
    return rows


CAPTURE = st.tuples(st.integers(0, 9), st.integers(0, 2**63 - 1), st.integers(0, 2**64 - 1), VALUE)


@given(st.lists(CAPTURE, max_size=60), st.integers(0, 2**62))
def test_every_capture_arrives_as_it_was(captures: list[Any], first_seq: int) -> None:
    log = [item for capture in captures for item in capture]
    columns = send_log(rows_of(log), first_seq=first_seq)
    expected = [
        (first_seq + index, probe_id, t_ns, thread, plain(value))
        for index, (probe_id, t_ns, thread, value) in enumerate(captures)
        if value is not NO_ROOM
    ]
    assert sorted(received(columns)) == expected
    for probe_id in {capture[0] for capture in captures}:
        seqs = [row[0] for row in received(columns) if row[1] == probe_id]
        assert seqs == sorted(seqs)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 30), st.data())
def test_probes_in_turns_arrive_as_they_were(turn: list[int], count: int, data: Any) -> None:
    """A loop's probes follow each other again and again, which is packed in another way."""
    probe_ids = [turn[position % len(turn)] for position in range(count)]
    if data.draw(st.booleans(), label="one hit is missing"):
        del probe_ids[: data.draw(st.integers(0, 3))]
    log: list[object] = []
    for at, probe in enumerate(probe_ids):
        log += [probe, 10 * at, 7, at * 0.5]
    expected = [
        (100 + at, probe, 10 * at, 7, ("float", repr(at * 0.5)))
        for at, probe in enumerate(probe_ids)
    ]
    assert sorted(received(send_log(rows_of(log), first_seq=100))) == expected


def test_one_probe_of_floats_is_one_small_column() -> None:
    (column,) = build_columns(log_of([1.5, math.nan, -math.inf]), 10)
    assert column["k"] == ValueKind.FLOAT.value
    assert (len(column["s"]), len(column["t"]), len(column["th"])) == (8, 24, 8)
    assert len(cast(bytes, column["x"])) == 24


def test_of_a_probe_of_floats_nobody_needs_to_ask_for_types() -> None:
    log: list[Any] = []
    for row in range(50):
        log += (1, row, 7, row / 3)
        log += (2, row, 7, row if row % 2 else 0.5)
    for rows in (rows_of(log), rows_of(log[:4])):
        assert build_columns(rows, 9, only_floats={1}) == build_columns(rows, 9)


def test_an_empty_log_has_no_columns() -> None:
    assert build_columns(rows_of([]), 5) == []


def test_a_change_of_kind_keeps_the_order() -> None:
    columns = send([1.0, 2, 3.0, True, 4.0])
    assert [column.kind for column in columns] == [
        ValueKind.FLOAT,
        ValueKind.INT,
        ValueKind.FLOAT,
        ValueKind.BOOL,
        ValueKind.FLOAT,
    ]
    assert [column.values[0].item() for column in columns] == [1.0, 2, 3.0, True, 4.0]


def test_the_dtype_travels_with_the_value() -> None:
    columns = send([PackedScalar(1.5, "float32"), PackedScalar(2.5, "float64"), 3.5])
    assert [column.dtype for column in columns] == ["float32", "float64", "float"]


def test_an_int_past_the_packing_becomes_text() -> None:
    (column,) = send([2**80])
    assert column.texts[0]["text"] == hex(2**80)


def test_threads_are_kept() -> None:
    log: list[object] = [1, 0, 2**63, 1.0, 1, 1, 5, 2.0]
    (column,) = send_log(rows_of(log))
    assert column.thread.tolist() == [2**63, 5]


def a_column(**changes: object) -> dict[str, Any]:
    (column,) = build_columns(log_of([1.0, 2.0]), 0)
    return cast(dict[str, Any], column) | changes


def an_array_column(**changes: object) -> dict[str, Any]:
    (column,) = build_columns(log_of([packed([1.0, 2.0])]), 0)
    plain_column = copy.deepcopy(cast(dict[str, Any], column))
    plain_column["x"][0] |= changes
    return plain_column


def test_what_the_changes_start_from_is_well_formed() -> None:
    assert read_column(a_column()).count == 2
    assert read_column(an_array_column()).arrays[0].array.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"n": 3},
        {"n": 0},
        {"n": -1},
        {"n": True},
        {"n": 1 << 40},
        {"p": "1"},
        {"k": "f9"},
        {"k": []},
        {"d": None},
        {"d": "x" * 1000},
        {"s": b"1234567"},
        {"s": b"\0" * 16},
        {"s": (2**63 - 1).to_bytes(8, "little")},
        {"s": [0, 1]},
        {"t": b""},
        {"th": b"\0" * 9},
        {"x": b"\0" * 15},
        {"x": [1.0, 2.0]},
        {"k": "array", "x": [{}, {}]},
        {"k": "text", "x": b""},
        {"k": "text", "x": [1, 2]},
        {"k": "text", "x": [{"kind": "", "type": "", "text": 1, "cut": False}] * 2},
        {"extra": 1},
    ],
)
def test_a_malformed_column_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read_column(a_column(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"dtype": "O"},
        {"dtype": "|O8"},
        {"dtype": "f8,i4"},
        {"dtype": "(1000,)f8"},
        {"dtype": "<f8 "},
        {"dtype": "<U999999999"},
        {"dtype": "<U0"},
        {"dtype": []},
        {"dtype": [["a", "O"]]},
        {"dtype": [["a", "<f8"], ["a", "<f8"]]},
        {"dtype": [["a"]]},
        {"dtype": [["a", "<f8", [1 << 40]]]},
        {"dtype": 8},
        {"dtype": "<M8[nonsense]"},
        {"shape": [3]},
        {"shape": [-2]},
        {"shape": [2.0]},
        {"shape": [True, 2]},
        {"shape": "2"},
        {"shape": [1] * 40 + [2]},
        {"shape": [0, 1 << 61], "data": b""},
        {"full_shape": None},
        {"data": b""},
        {"data": [1]},
        {"slot": [0, 16]},
        {"slot": [0, 16], "data": b""},
        {"slot": None},
        {"reduced": 1},
        {"type": None},
    ],
)
def test_a_malformed_array_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read_column(an_array_column(**changes))


def deep(levels: int) -> object:
    dtype: object = "<f8"
    for _ in range(levels):
        dtype = [["a", dtype]]
    return dtype


def test_a_dtype_nested_without_end_is_refused() -> None:
    assert read_column(an_array_column(dtype=deep(3))).arrays[0].array.dtype.names == ("a",)
    with pytest.raises(ProtocolError):
        read_column(an_array_column(dtype=deep(900)))


@pytest.mark.parametrize("columns", [None, {}, [None], [[]], [{}]])
def test_what_is_no_list_of_columns_is_refused(columns: object) -> None:
    with pytest.raises(ProtocolError):
        read_columns(columns)


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["p", "n", "k", "d", "s", "t", "th", "x"]), inner),
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["p", "n", "k", "d", "s", "t", "th", "x"]), PLAIN))
def test_anything_else_is_refused_by_name(changes: dict[str, object]) -> None:
    try:
        column = read_column(a_column(**changes))
    except ProtocolError:
        return
    assert column.count == len(column.t_ns) == len(column.thread)


@given(
    st.dictionaries(
        st.sampled_from(["type", "dtype", "shape", "full_shape", "data", "slot", "reduced"]), PLAIN
    )
)
def test_any_other_array_is_refused_by_name(changes: dict[str, object]) -> None:
    try:
        column = read_column(an_array_column(**changes))
    except ProtocolError:
        return
    assert isinstance(column.arrays[0].array, np.ndarray)


def test_an_array_that_did_not_fit_leaves_a_gap() -> None:
    columns = send([1.0, NO_ROOM, 2.0])
    assert [seq for column in columns for seq in column.seq.tolist()] == [0, 2]


def test_arrays_and_texts_share_a_probe() -> None:
    array, text = packed([1, 2]), packed("x")
    assert isinstance(array, PackedArray)
    columns = send([array, text, array])
    assert [len(column.arrays) for column in columns] == [1, 0, 1]
    assert columns[1].texts[0]["text"] == "x"


# Runs of arrays that are alike

RUN_LENGTH = 3


@pytest.fixture
def ring() -> Iterator[tuple[RingReader, RingWriter]]:
    reader = RingReader(4 << 20)
    writer = RingWriter(reader.path, reader.size)
    yield reader, writer
    writer.close()
    reader.close()


def a_run(writer: RingWriter, **changes: object) -> dict[str, Any]:
    values = [packed(np.full((2, 5000), float(n)), ring=writer) for n in range(RUN_LENGTH)]
    (column,) = build_columns(log_of(values), 0)
    assert isinstance(column["x"], dict)
    return cast(dict[str, Any], column) | {"x": column["x"] | changes}


def test_arrays_that_are_alike_come_as_a_run(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    arrays = read_column(a_run(writer), reader).arrays
    assert [float(value.array.max()) for value in arrays] == [0.0, 1.0, 2.0]
    assert {(value.array.shape, value.full_shape) for value in arrays} == {((2, 5000), (2, 5000))}
    del arrays
    assert writer.free_bytes() == reader.size


def test_arrays_that_differ_come_as_records(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    unlike = [np.zeros(10_000), np.zeros((2, 5000)), np.zeros(10_000, "i8"), np.zeros(10)]
    (column,) = build_columns(log_of([packed(array, ring=writer) for array in unlike]), 0)
    arrays = [value.array for value in read_column(column, reader).arrays]
    assert [(a.shape, a.dtype) for a in arrays] == [(a.shape, a.dtype) for a in unlike]


def test_a_run_is_recorded_with_its_data(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    (column,) = inline_slots([a_run(writer)], reader)
    arrays = read_column(column).arrays
    assert [float(value.array.max()) for value in arrays] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"slots": b""},
        {"slots": bytes(16 * RUN_LENGTH)},
        {"slots": b"\xff" * 16 * RUN_LENGTH},
        {"slots": bytes(16)},
        {"slots": bytes(17)},
        {"slots": [64, 80_000]},
        {"slots": None},
        {"shape": [2, 5001]},
        {"shape": [1 << 61, 1 << 61]},
        {"shape": "2"},
        {"full_shape": None},
        {"dtype": "O"},
        {"dtype": "<f4"},
        {"type": 1},
        {"reduced": None},
        {"more": 1},
    ],
    ids=str,
)
def test_a_malformed_run_is_refused(
    ring: tuple[RingReader, RingWriter], changes: dict[str, object]
) -> None:
    reader, writer = ring
    with pytest.raises(ProtocolError):
        read_column(a_run(writer, **changes), reader)


@pytest.mark.parametrize("missing", ["type", "dtype", "shape", "full_shape", "slots", "reduced"])
def test_a_run_without_a_part_is_refused(ring: tuple[RingReader, RingWriter], missing: str) -> None:
    reader, writer = ring
    column = a_run(writer)
    del column["x"][missing]
    with pytest.raises(ProtocolError):
        read_column(column, reader)
    with pytest.raises(ProtocolError):
        inline_slots([column], reader)


def test_a_run_needs_its_ring_and_each_slot_once(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    column = a_run(writer)
    with pytest.raises(ProtocolError):
        read_column(column)
    column["x"]["slots"] = column["x"]["slots"][:16] * RUN_LENGTH
    with pytest.raises(ProtocolError):
        read_column(column, reader)


def test_a_run_whose_slots_are_of_two_sizes_is_refused(
    ring: tuple[RingReader, RingWriter],
) -> None:
    """Whichever of them the shape would fit."""
    reader, writer = ring
    for wrong in range(RUN_LENGTH):
        column = a_run(writer)
        slots = np.frombuffer(column["x"]["slots"], "<i8").reshape(-1, 2).copy()
        slots[wrong, 1] -= 8
        column["x"]["slots"] = slots.tobytes()
        with pytest.raises(ProtocolError):
            read_column(column, reader)


def test_arrays_of_a_run_are_the_same_each_time_they_are_looked_at(
    ring: tuple[RingReader, RingWriter],
) -> None:
    """And their slots are given back with the last who looks, also where nobody ever did."""
    reader, writer = ring
    first, second, third = read_column(a_run(writer), reader).arrays
    assert second.array is second.array
    assert (first.nbytes, third.nbytes) == (80_000, 80_000)
    kept = second.array
    size = reader.size - writer.free_bytes()
    del first, second, third
    assert reader.size - writer.free_bytes() == size // RUN_LENGTH
    assert float(kept.max()) == 1.0
    del kept
    assert writer.free_bytes() == reader.size
