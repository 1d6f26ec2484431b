"""The shared-memory ring: what goes in comes out, and nothing else can be taken out."""

import os
import stat
import subprocess
import sys
import threading
from bisect import insort
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.core.values import pack
from pyprobe.errors import ProtocolError
from pyprobe.ipc import ring as ring_module
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.column_reader import inline_slots, read_columns
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.ring import (
    DEFAULT_RING_BYTES,
    SMALLEST_RING_BYTES,
    WARM_BYTES,
    RingError,
    RingReader,
    RingWriter,
    Slot,
)
from pyprobe.ipc.ring_file import HEADER_BYTES
from tests.ipc.wire import log_of

SIZE = SMALLEST_RING_BYTES
MIB = 1 << 20


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RingReader]:
    ring = RingReader(SIZE, folder=str(tmp_path))
    yield ring
    ring.close()


@pytest.fixture
def writer(reader: RingReader) -> Iterator[RingWriter]:
    ring = RingWriter(reader.path, reader.size)
    reader.remove_name()
    yield ring
    ring.close()


def put(writer: RingWriter, data: bytes) -> Slot:
    slot = writer.write(data)
    assert slot is not None
    return slot


@pytest.fixture(params=["with a name", "without a name"])
def naming(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "with a name":
        monkeypatch.delattr(os, "O_TMPFILE")


@pytest.mark.usefixtures("naming")
def test_the_file_is_ours_alone_and_vanishes(tmp_path: Path) -> None:
    reader = RingReader(SIZE, folder=str(tmp_path))
    assert stat.S_IMODE(os.stat(reader.path).st_mode) == 0o600
    assert os.stat(reader.path).st_size == HEADER_BYTES + SIZE
    writer = RingWriter(reader.path, reader.size)
    reader.remove_name()
    assert list(tmp_path.iterdir()) == []
    slot = put(writer, b"still there")
    assert reader.read(slot.position, slot.size) == b"still there"
    writer.close()
    writer.close()
    reader.close()
    reader.close()


@pytest.mark.usefixtures("naming")
def test_closing_without_a_target_removes_the_file(tmp_path: Path) -> None:
    reader = RingReader(SIZE, folder=str(tmp_path))
    reader.close()
    assert list(tmp_path.iterdir()) == []
    assert not os.path.exists(reader.path)


def test_a_front_end_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    source = (
        f"import os, sys; sys.path.insert(0, {root!r})\n"
        "from pyprobe.ipc.ring import RingReader\n"
        f"ring = RingReader({SIZE}, folder={str(tmp_path)!r})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, check=False)
    assert result.returncode == -9
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(st.integers(1, SIZE // 2 - 64).map(abs), st.sampled_from(["read", "forget"])),
        max_size=60,
    ),
    st.randoms(),
)
def test_slots_keep_their_data_in_any_order_of_release(steps: list[object], random: object) -> None:
    reader = RingReader(SIZE)
    writer = RingWriter(reader.path, reader.size)
    held: list[tuple[Slot, bytes]] = []
    try:
        for number, step in enumerate(steps):
            if isinstance(step, int):
                data = bytes([number % 256]) * step
                slot = writer.write(data)
                if slot is not None:
                    held.append((slot, data))
            elif held:
                slot, data = held.pop(random.randrange(len(held)))  # type: ignore[attr-defined]
                if step == "forget":
                    writer.forget(slot.position, slot.size)
                else:
                    assert reader.read(slot.position, slot.size) == data
        for slot, data in held:
            assert reader.read(slot.position, slot.size) == data
        assert writer.free_bytes() == SIZE
        assert writer.write(b"x" * writer.largest) is not None
    finally:
        writer.close()
        reader.close()


def test_a_full_ring_says_so_and_counts(reader: RingReader, writer: RingWriter) -> None:
    first = put(writer, b"a" * writer.largest)
    put(writer, b"b" * writer.largest)
    assert writer.write(b"c" * 64) is None
    assert writer.no_room == 1
    reader.release(first.position, first.size)
    assert writer.write(b"c" * 64) is not None


def test_what_could_not_be_sent_is_left_where_there_is_room(
    reader: RingReader, writer: RingWriter
) -> None:
    assert not reader.has_left
    writer.leave_rest(b"rest", 7)
    assert reader.has_left
    assert reader.take_rest() == (b"rest", 7)
    assert reader.take_rest() == (b"", 7)
    writer.leave_rest(bytes(writer.size), 8)
    assert reader.take_rest() == (b"", 8)


def test_what_can_never_fit_is_refused(writer: RingWriter) -> None:
    assert writer.reserve(SIZE) is None


def test_a_lossless_writer_waits_until_there_is_room(
    reader: RingReader, writer: RingWriter
) -> None:
    slots = [put(writer, b"a" * writer.largest), put(writer, b"b" * writer.largest)]
    asked: list[int] = []

    def make_room(nbytes: int) -> bool:
        asked.append(nbytes)
        slot = slots.pop(0)
        reader.release(slot.position, slot.size)
        return True

    writer.wait_for_room = make_room
    assert writer.write(b"c" * 64) is not None
    assert asked == [64]
    assert writer.no_room == 0


def test_a_reader_that_keeps_up_touches_few_pages() -> None:
    reader = RingReader(DEFAULT_RING_BYTES)
    writer = RingWriter(reader.path, reader.size)
    for _ in range(200):
        slot = put(writer, b"x" * MIB)
        assert slot.position % reader.size <= WARM_BYTES
        reader.release(slot.position, slot.size)
    writer.close()
    reader.close()


def test_data_taken_stays_as_it_is_until_it_is_let_go() -> None:
    reader = RingReader(DEFAULT_RING_BYTES)
    writer = RingWriter(reader.path, reader.size)
    kept: list[tuple[bytes, bytes | memoryview]] = []
    for number in range(300):
        data = bytes([number % 256]) * (MIB - number)
        slot = put(writer, data)
        kept.append((data, reader.take(slot.position, slot.size)))
        if number % 3:
            kept.pop(number % len(kept))
        del kept[:-60]
    assert all(bytes(taken) == data for data, taken in kept)
    writer.close()
    reader.close()
    assert all(bytes(taken) == data for data, taken in kept)
    kept.clear()


def test_data_let_go_frees_its_slot(reader: RingReader, writer: RingWriter) -> None:
    slot = put(writer, b"x" * 1000)
    taken = reader.take(slot.position, slot.size)
    assert taken == b"x" * 1000
    with pytest.raises((TypeError, ValueError)):
        taken[0] = 1  # type: ignore[index]
    assert writer.free_bytes() < SIZE
    del taken
    assert writer.free_bytes() == SIZE


def test_looking_never_fills_the_ring(reader: RingReader, writer: RingWriter) -> None:
    kept = []
    for _ in range(100):
        slot = put(writer, b"x" * (SIZE // 10))
        kept.append(reader.take(slot.position, slot.size))
    assert writer.free_bytes() >= SIZE * 3 // 8


def test_a_dropped_message_does_not_leak_its_slots(writer: RingWriter) -> None:
    for _ in range(50):
        slot = put(writer, b"x" * (SIZE // 3))
        writer.forget(slot.position, slot.size)
    assert writer.free_bytes() == SIZE


@pytest.mark.parametrize(
    ("position", "size"),
    [
        (64, 0),
        (64, -1),
        (64, SIZE + 1),
        (0, 8),
        (-64, 8),
        (65, 8),
        (64 + SIZE, 8),
        (1 << 62, 8),
        (128, 8),
        ("64", 8),
        (64, 8.0),
        (True, 8),
        (64, None),
    ],
)
def test_a_slot_that_cannot_be_is_refused(
    reader: RingReader, writer: RingWriter, position: int, size: int
) -> None:
    put(writer, b"x" * 1000)
    with pytest.raises(ProtocolError):
        reader.read(position, size)


def test_a_slot_can_be_read_once(reader: RingReader, writer: RingWriter) -> None:
    slot = put(writer, b"abc")
    reader.read(slot.position, slot.size)
    with pytest.raises(ProtocolError):
        reader.read(slot.position, slot.size)


def test_a_file_that_is_no_ring_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(RingError):
        RingWriter(str(path), SIZE)
    path.write_bytes(b"x")
    with pytest.raises(RingError):
        RingWriter(str(path), SIZE)
    path.write_bytes(b"\0" * (HEADER_BYTES + SIZE))
    with pytest.raises(RingError):
        RingWriter(str(path), SIZE)


def test_no_room_on_the_file_system_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(RingError, match="no room"):
        RingReader(SIZE, folder=str(tmp_path / "missing"))


def test_threads_that_write_at_once_never_share_a_slot(
    reader: RingReader, writer: RingWriter
) -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        data = bytes([number]) * 5000
        for _ in range(300):
            slot = writer.write(data)
            if slot is not None and reader.read(slot.position, slot.size) != data:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert writer.free_bytes() == SIZE


def test_the_programs_descriptors_are_numbered_as_without_us(reader: RingReader) -> None:
    root = str(Path(__file__).parents[2])
    source = (
        f"import os, sys; sys.path.insert(0, {root!r})\n"
        "from pyprobe.ipc.ring import RingWriter\n"
        "first = os.open(os.devnull, os.O_RDONLY)\n"
        "os.close(first)\n"
        f"ring = RingWriter({reader.path!r}, {reader.size})\n"
        "print(os.open(os.devnull, os.O_RDONLY) - first)\n"
    )
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)
    assert int(result.stdout) == 0


def test_another_process_writes_what_we_read(reader: RingReader) -> None:
    root = str(Path(__file__).parents[2])
    source = (
        f"import sys; sys.path.insert(0, {root!r})\n"
        "from pyprobe.ipc.ring import RingWriter\n"
        f"ring = RingWriter({reader.path!r}, {reader.size})\n"
        "slot = ring.write(bytes(range(256)) * 100)\n"
        "print(slot.position, slot.size)\n"
    )
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)
    position, size = map(int, result.stdout.split())
    assert reader.read(position, size) == bytes(range(256)) * 100


def test_a_recording_gets_the_data_in_the_record(reader: RingReader, writer: RingWriter) -> None:
    values = [float(number) for number in range(10_000)]
    log = log_of([pack(values, reduce_above=0, ring=writer)])
    sent = decode(encode(Captures(list(build_columns(log, 0)))))
    assert isinstance(sent, Captures)
    inlined = Captures(inline_slots(sent.columns, reader))
    written = decode(encode(inlined))
    assert isinstance(written, Captures)
    for columns in (written.columns, inlined.columns):
        assert read_columns(columns)[0].arrays[0].array.tolist() == values
    del inlined, columns
    assert writer.free_bytes() == SIZE


def test_arrays_of_the_front_end_outlive_their_message_and_the_ring() -> None:
    reader = RingReader(4 * MIB)
    writer = RingWriter(reader.path, reader.size)
    kept: list[tuple[int, Any]] = []
    for number in range(100):
        values = np.full((64, 256), number, "f8")
        log = log_of([pack(values, reduce_above=0, ring=writer)])
        columns: list[object] = list(build_columns(log, number))
        if number % 2:
            columns = inline_slots(columns, reader)
        array = read_columns(columns, reader)[0].arrays[0].array
        derived = (array, array[::2], array.T, array.view("i8"), np.asarray(array))
        kept.append((number, derived[number % len(derived)]))
        del array, derived, columns
        del kept[:-10]  # every way, from either kind of message
    writer.close()
    reader.close()
    for number, array in kept:
        assert np.all(array.view("f8") == number)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_closed_ring_keeps_no_more_memory_than_is_looked_at() -> None:
    reader = RingReader(16 * MIB)
    writer = RingWriter(reader.path, reader.size)
    slots = [put(writer, bytes([number]) * MIB) for number in range(10)]
    kept = [reader.take(slot.position, slot.size) for slot in (slots[2], slots[5])]
    descriptor = os.open(reader.path, os.O_RDONLY)
    try:
        writer.close()
        reader.close()
        assert [bytes(view) for view in kept] == [bytes([number]) * MIB for number in (2, 5)]
        assert os.fstat(descriptor).st_blocks * 512 <= 2 * MIB + 64 * 1024
    finally:
        os.close(descriptor)


def test_a_slot_sent_twice_is_refused(reader: RingReader, writer: RingWriter) -> None:
    slot = put(writer, b"x" * 100)
    taken = reader.take(slot.position, slot.size)
    with pytest.raises(ProtocolError):
        reader.take(slot.position, slot.size)
    assert bytes(taken) == b"x" * 100


def test_what_a_broken_off_hit_took_is_given_back(reader: RingReader, writer: RingWriter) -> None:
    """But not what others have taken, or what it has sent."""
    before = writer.write(b"before")
    other: list[Slot | None] = []
    since = writer.written
    thread = threading.Thread(target=lambda: other.append(writer.write(b"other")))
    thread.start()
    thread.join()
    lost, sent = writer.reserve(1000), writer.write(b"sent")
    assert before is not None
    assert lost is not None
    assert sent is not None
    assert other[0] is not None
    writer.give_back(since, {sent.position})
    kept = [(before, b"before"), (sent, b"sent"), (other[0], b"other")]
    for slot, data in kept:
        assert reader.read(slot.position, slot.size) == data
    with pytest.raises(ProtocolError):
        reader.read(lost.position, lost.size)
    assert writer.free_bytes() == writer.size


def test_a_signal_handler_may_raise_in_the_midst_of_it(
    reader: RingReader, writer: RingWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each of the calls that take a slot: what was taken can be given back, and taken again."""

    class Late(Exception):
        """What the handler raises."""

    def breaking_off(name: str) -> Callable[..., object]:
        original: Callable[..., object] = getattr(ring_module, name, divmod)

        def call(*arguments: object) -> object:
            original(*arguments)
            raise Late

        return call

    for name in ("insort", "divmod", "Slot"):
        since = writer.written
        with monkeypatch.context() as patch:
            patch.setattr(ring_module, name, breaking_off(name), raising=name != "divmod")
            with pytest.raises(Late):
                writer.reserve(1000)
        writer.give_back(since, ())
        assert writer.free_bytes() == writer.size
        slots = [writer.write(bytes([number]) * 5000) for number in range(200)]
        for number, slot in enumerate(slots):
            assert slot is not None
            assert reader.read(slot.position, slot.size) == bytes([number]) * 5000


def test_what_earlier_arrays_have_left_behind_is_no_sign_of_use(
    reader: RingReader, writer: RingWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slot that is broken off may lie in the midst of where a larger one was."""
    earlier = put(writer, b"\xff" * (SIZE * 9 // 10))
    reader.release(earlier.position, earlier.size)
    front = put(writer, bytes(SIZE // 5))
    since = writer.written

    def late(offsets: list[int], offset: int) -> None:
        insort(offsets, offset)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ring_module, "insort", late)
        with pytest.raises(KeyboardInterrupt):
            writer.reserve(1000)
    writer.give_back(since, ())
    reader.release(front.position, front.size)
    assert writer.free_bytes() == writer.size
