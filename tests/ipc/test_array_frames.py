"""A frame of a few arrays is the same, byte for byte, as one that is built from the start."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.ipc.array_frames import ArrayFrames
from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.packed import ArrayForm, PackedArray
from tests.ipc.wire import rows_of

_POSITIVE = st.integers(0, (1 << 63) - 1)
_THREADS = st.integers(0, (1 << 64) - 1)
_SHAPES = st.lists(st.integers(0, 1 << 40), max_size=4).map(tuple)
_DTYPES = st.sampled_from(["<f8", "|u1", [["x", "<f8"], ["y", "<i4", [3]]]])
_FORMS = st.tuples(
    st.sampled_from(["ndarray", "Series", "é"]), _DTYPES, _SHAPES, _SHAPES, st.text(max_size=9)
)
_ROWS = st.lists(st.tuples(_POSITIVE, _POSITIVE, _POSITIVE), min_size=2, max_size=32)

FORM: ArrayForm = ("ndarray", "<f8", (8,), (8,), "")
OTHER: ArrayForm = ("ndarray", "<f8", (9,), (9,), "")


def an_array(form: ArrayForm = FORM, *slot: int) -> PackedArray:
    return PackedArray(form, b"", slot or (64, 64))


def built(first_seq: int, log: list[object]) -> bytes:
    return encode(Captures(cast(list[object], build_columns(rows_of(log), first_seq))))


@given(st.integers(0, 1 << 40), _THREADS, _FORMS, _ROWS, st.lists(_POSITIVE, min_size=2))
def test_arrays_of_one_probe_and_thread(
    probe_id: int,
    thread: int,
    form: ArrayForm,
    rows: list[tuple[int, int, int]],
    seqs: list[int],
) -> None:
    frames = ArrayFrames()
    log: list[object] = [
        item
        for t_ns, *slot in rows
        for item in (probe_id, t_ns, thread, an_array(cast(ArrayForm, tuple(form)), *slot))
    ]
    for first_seq in seqs:  # the first one builds what the others fill in
        assert frames.frame_of(first_seq, rows_of(log)) == built(first_seq, log)


def test_the_form_of_a_probes_arrays_may_change() -> None:
    frames = ArrayFrames()
    for form in (FORM, OTHER, FORM, ("ndarray", "<f8", (9,), (9,), "")):
        log: list[object] = [7, 1, 2, an_array(form), 7, 2, 2, an_array(form, 640, 64)]
        assert frames.frame_of(3, rows_of(log)) == built(3, log)


@pytest.mark.parametrize(
    "log",
    [
        [7, 1, 2, an_array()],
        [7, 1, 2, an_array(), 8, 2, 2, an_array()],
        [7, 1, 2, an_array(), 7, 2, 3, an_array()],
        [7, 1, 2, an_array(), 7, 2, 2, an_array(OTHER)],
        [7, 1, 2, an_array(), 7, 2, 2, PackedArray(FORM, bytes(64))],
        [7, 1, 2, an_array(), 7, 2, 2, 1.5],
        [7, 1, 2, 1.5, 7, 2, 2, an_array()],
        [7, 1, 2, an_array()] * 33,
    ],
    ids=["one", "probes", "threads", "forms", "inline", "number", "number first", "many"],
)
def test_all_else_is_left_to_be_built(log: list[object]) -> None:
    frames = ArrayFrames()
    assert frames.frame_of(3, rows_of(log)) is None
    assert frames.frame_of(3, rows_of(log)) is None


def test_more_probes_than_are_remembered() -> None:
    frames = ArrayFrames()
    for probe_id in (*range(200), *range(200)):
        log: list[object] = [probe_id, 1, 2, an_array(), probe_id, 2, 2, an_array()]
        assert frames.frame_of(probe_id, rows_of(log)) == built(probe_id, log)
