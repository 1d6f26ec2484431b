"""A frame of a few captures is the same, byte for byte, as one that is built from the start."""

import math
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.small_frames import SmallFrames
from tests.ipc.wire import rows_of

_INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
_TIMES = st.integers(0, (1 << 63) - 1)
_THREADS = st.integers(0, (1 << 64) - 1)
_ROWS = st.lists(
    st.tuples(st.integers(0, 1 << 40), _TIMES, _THREADS, st.floats() | _INT64),
    min_size=1,
    max_size=16,
    unique_by=lambda row: row[0],
)


def built(first_seq: int, log: list[object]) -> bytes:
    return encode(Captures(cast(list[object], build_columns(rows_of(log), first_seq))))


@given(_ROWS, st.lists(st.integers(0, 1 << 62), min_size=2, max_size=3))
def test_numbers_of_several_probes(rows: list[tuple[int, ...]], seqs: list[int]) -> None:
    frames = SmallFrames()
    log: list[object] = [item for row in rows for item in row]
    for first_seq in seqs:  # the first one builds what the others fill in
        assert frames.frame_of(first_seq, rows_of(log)) == built(first_seq, log)


def test_the_kind_of_a_value_may_change() -> None:
    frames = SmallFrames()
    for value in (1.0, 1, math.nan, -math.inf, -1, 1 << 62, 0.0, -0.0):
        log: list[object] = [7, 1, 2, value]
        assert frames.frame_of(3, rows_of(log)) == built(3, log)


@pytest.mark.parametrize(
    "log",
    [
        [7, 1, 2, True],
        [7, 1, 2, 1j],
        [7, 1, 2, 1 << 70],
        [7, 1, 2, 1.0, 7, 2, 2, 1.0],
        [item for row in range(17) for item in (row, 1, 2, 1.0)],
    ],
    ids=["bool", "complex", "wide", "twice", "many"],
)
def test_all_else_is_left_to_be_built(log: list[object]) -> None:
    frames = SmallFrames()
    assert frames.frame_of(3, rows_of(log)) is None
    assert frames.frame_of(3, rows_of(log)) is None


def test_more_combinations_than_are_remembered() -> None:
    frames = SmallFrames()
    for probe_id in (*range(200), *range(200)):
        log: list[object] = [probe_id, 1, 2, 1.5]
        assert frames.frame_of(probe_id, rows_of(log)) == built(probe_id, log)
