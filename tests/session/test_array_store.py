"""Arrays and texts: the newest in memory, older ones on disk, read back as they were."""

import gc
import os
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.ipc.column_reader import read_columns
from pyprobe.session import array_store
from pyprobe.session.array_store_codec import ArrayCodec
from pyprobe.session.array_store_file import SpillFile
from pyprobe.session.array_store_space import FileSpace
from pyprobe.session.histories import Histories
from pyprobe.session.history import History
from pyprobe.session.history_limits import HistoryLimits
from pyprobe.session.history_records import CaptureGoneError
from pyprobe.session.history_store import HistoryStore
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, TextValue
from tests.ipc.wire import contents_of, packed, send, tree_of
from tests.session.columns import FIRST_NS, captures, columns

MEMORY_BYTES = 20_000
LIMITS = HistoryLimits(max_array_bytes=MEMORY_BYTES, max_disk_bytes=1 << 20)


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def store(notes: list[str]) -> Any:
    made = HistoryStore(LIMITS, note=notes.append)
    yield made
    made.close()


def fill(history: History, values: list[Any], first_seq: int = 0) -> None:
    for position, value in enumerate(values):
        for column in columns([value], first_seq=first_seq + position):
            history.append(column)


def first_numbers(history: Any) -> list[int]:
    return [int(capture.value.array[0]) for capture in history.arrays()]


def frames(count: int, size: int = 500) -> list[Any]:
    return [np.full(size, number, "f8") for number in range(count)]


def test_older_arrays_come_back_from_disk(store: HistoryStore) -> None:
    history = History(epoch_ns=FIRST_NS, store=store)
    fill(history, frames(50))
    assert store.usage.array_bytes <= MEMORY_BYTES
    assert store.usage.disk_bytes > 40 * 4000
    assert history.dropped_arrays == 0
    for _ in range(2):  # while they are written, and when they have been
        assert first_numbers(history) == list(range(50))
        store.disk.wait()
    arrays = history.arrays()
    assert [capture.seq for capture in arrays[3:6]] == [3, 4, 5]
    assert [capture.seq for capture in arrays[::-10]] == [49, 39, 29, 19, 9]
    assert arrays[-1].seq == 49
    with pytest.raises(IndexError):
        arrays[50]


def test_the_past_reads_from_disk(store: HistoryStore) -> None:
    history = History(epoch_ns=FIRST_NS, store=store)
    fill(history, [*frames(30), 1.0])
    for number in (0, 7, 29):
        past = history.as_of(FIRST_NS + number * 1000)
        assert past.count == number + 1
        assert past.last_array is not None
        assert past.last_array[0] == number
        assert past.last is past.last  # the same object, so that a lens need not draw again
        assert len(past.arrays()) == number + 1
    assert history.previous_t_ns(FIRST_NS + 7000) == FIRST_NS + 6000
    assert history.next_t_ns(FIRST_NS + 7000) == FIRST_NS + 8000


SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)
DTYPES = st.sampled_from(["f8", "f4", "i2", "u1", "?", "c16", "U3", "S2", "M8[ns]", "V12"])


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(
        st.one_of(
            st.tuples(SHAPES, DTYPES).map(lambda form: np.zeros(*form)),
            st.text(max_size=40),
            st.lists(st.text(max_size=3), max_size=3).map(lambda parts: "\ud800".join(parts)),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_array_and_text_comes_back_as_it_was(values: list[Any]) -> None:
    store = HistoryStore(HistoryLimits(max_array_bytes=0))
    history = History(store=store)
    try:
        fill(history, values)
        store.disk.wait()
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        texts = [value for value in values if isinstance(value, str)]
        for expected, stored in zip(arrays, history.arrays(), strict=True):
            found = stored.value.array
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
            assert found.tobytes() == expected.tobytes()
            assert not found.flags.writeable
            assert (stored.value.type_name, stored.value.reduced) == ("ndarray", "")
        assert [stored.value.content for stored in history.texts()] == texts
        assert all(type(stored.value) is TextValue for stored in history.texts())
    finally:
        store.close()


def test_beyond_the_disk_limit_the_oldest_go_and_are_counted(store: HistoryStore) -> None:
    history = History(store=store)
    fill(history, frames(40, 50_000 // 8))
    kept = first_numbers(history)
    assert kept == list(range(40 - len(kept), 40))
    assert len(kept) + history.dropped_arrays == history.count == 40
    assert 900_000 < store.usage.disk_bytes <= 1 << 20
    store.limits = HistoryLimits(max_array_bytes=MEMORY_BYTES, max_disk_bytes=200_000)
    assert store.usage.disk_bytes <= 200_000
    assert first_numbers(history)[-1] == 39


def test_the_disk_serves_the_histories_that_need_it_now(store: HistoryStore) -> None:
    busy, rare = (History(store=store) for _ in range(2))
    fill(rare, frames(1))
    fill(busy, frames(30))
    assert first_numbers(rare) == [0]
    assert first_numbers(busy) == list(range(30))


def test_a_history_that_nobody_holds_gives_its_room_back(store: HistoryStore) -> None:
    history = History(store=store)
    fill(history, frames(50))
    past = history.as_of(FIRST_NS + 3000)
    del history
    assert first_numbers(past) == [0, 1, 2, 3]
    del past
    gc.collect()
    assert (store.usage.array_bytes, store.usage.disk_bytes) == (0, 0)


def test_what_was_let_go_meanwhile_is_a_plain_error(store: HistoryStore) -> None:
    history = History(store=store)
    fill(history, frames(20))
    arrays = history.arrays()
    store.limits = HistoryLimits(max_array_bytes=MEMORY_BYTES, max_disk_bytes=0)
    with pytest.raises(CaptureGoneError, match="let go"):
        arrays[0]


class FullFile(SpillFile):
    """A disk with room for 100 kB."""

    def write_at(self, offset: int, buffers: Any) -> None:
        """Write what fits."""
        if offset + sum(map(len, buffers)) > 100_000:
            raise OSError(28, "No space left on device")
        super().write_at(offset, buffers)


def test_a_full_disk_is_said_once_and_the_oldest_go(
    store: HistoryStore, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_store, "SpillFile", FullFile)
    history = History(store=store)
    for first in range(0, 200, 20):
        fill(history, frames(20), first)
        store.disk.wait()
    assert len(set(notes)) == 1
    assert "No space left on device" in notes[0]
    assert store.usage.disk_bytes <= 100_000
    arrays = history.arrays()
    assert len(arrays) + history.dropped_arrays == 200
    assert len(arrays) >= 20
    assert arrays[-1].seq == 199
    assert all(isinstance(capture.value, ArrayValue) for capture in arrays)


def test_where_no_file_can_be_made_arrays_stay_in_memory(
    store: HistoryStore, notes: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(array_store, "SpillFile", lambda: SpillFile(str(tmp_path / "missing")))
    history = History(store=store)
    fill(history, frames(20))
    assert len(notes) == 1
    assert first_numbers(history) == [17, 18, 19] or len(history.arrays()) >= 3
    assert history.dropped_arrays + len(history.arrays()) == 20


def test_the_file_never_has_a_name(tmp_path: Path) -> None:
    file = SpillFile(str(tmp_path))
    file.write_at(5, [b"abc", b"", memoryview(b"def")])
    assert file.read_at(5, 6) == b"abcdef"
    assert os.name != "posix" or os.listdir(tmp_path) == []
    with pytest.raises(OSError, match="0 of 3"):
        file.read_at(100, 3)
    file.close()


def test_closed_histories_keep_what_is_in_memory() -> None:
    histories = Histories(note=lambda _: None)
    histories.limits = LIMITS
    history = histories.new(0)
    fill(history, frames(20))
    assert len(history.arrays()) == 20
    histories.close()
    assert len(history.arrays()) == 4
    fill(history, frames(5), 20)
    assert histories.usage.disk_bytes == 0
    assert history.dropped_arrays + len(history.arrays()) == 25
    histories.close()


def test_many_small_arrays_take_few_places_on_disk(store: HistoryStore) -> None:
    history = History(store=store)
    for first in range(0, 4000, 1000):
        values = [np.array([number, 1]) for number in range(first, first + 1000)]
        for column in read_columns(captures(values, first_seq=first).columns):
            history.append(column)
    assert first_numbers(history) == list(range(4000))


PIECES = st.lists(st.one_of(st.integers(1, 50), st.integers(-20, -1)), max_size=80)


@given(steps=PIECES)
def test_pieces_of_a_file_never_overlap(steps: list[int]) -> None:
    """A positive step allocates so many bytes, a negative one frees a piece."""
    space, held = FileSpace(), []
    for step in steps:
        if step > 0:
            start = space.allocate(step, 400)
            if start is None:
                assert space.used + step > 50
                continue
            held.append((start, start + step))
        elif held:
            start, stop = held.pop(-step % len(held))
            space.free(start, stop - start)
        held.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(held))
        assert space.used == sum(stop - start for start, stop in held)
        assert space.end == (held[-1][1] if held else 0) <= 400


def test_trees_come_back_from_disk() -> None:
    histories = Histories(note=lambda _: None)
    histories.limits = HistoryLimits(max_array_bytes=0)
    history = histories.new(0)
    values = [
        {"a": 1.5 * n, "b": [n, 2], "c": "é" * n, "d": np.arange(n), "e": n} for n in range(9)
    ]
    for column in send([packed(value) for value in values]):
        history.append(column)
    histories.wait()
    assert histories.usage.disk_bytes > 0
    for stored, value in zip(history.texts(), values, strict=True):
        assert isinstance(stored.value, TreeValue)
        assert contents_of(stored.value.tree) == contents_of(tree_of(value))
    histories.close()


def test_what_the_disk_cannot_follow_is_let_go_without_work_for_it(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_store, "MAX_PENDING_BYTES", 3 * MEMORY_BYTES)
    monkeypatch.setattr(array_store, "MIN_PENDING_BYTES", MEMORY_BYTES)
    may_write, writes = threading.Event(), SpillFile.write_at

    def write_late(file: SpillFile, offset: int, buffers: Any) -> None:
        may_write.wait(30)
        writes(file, offset, buffers)

    packed_numbers: list[int] = []
    pack = ArrayCodec.pack

    def pack_and_note(codec: ArrayCodec, raw: Any) -> Any:
        packed_numbers.append(int(raw.array[0]))
        return pack(codec, raw)

    monkeypatch.setattr(SpillFile, "write_at", write_late)
    monkeypatch.setattr(ArrayCodec, "pack", pack_and_note)
    history = History(epoch_ns=FIRST_NS, store=store)
    fill(history, frames(200))
    may_write.set()
    store.disk.wait()
    kept = first_numbers(history)
    assert history.dropped_arrays == 200 - len(kept) > 100
    assert kept == sorted(kept)
    assert kept[-1] == 199
    assert set(packed_numbers) <= set(kept), "nothing else was worked on"
    fill(history, frames(4), first_seq=200)
    store.disk.wait()
    assert first_numbers(history)[-4:] == [0, 1, 2, 3]
