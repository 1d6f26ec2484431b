"""The packer does what ``pack`` does, whatever it has learned of the values before."""

import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyprobe.core.packer import Packer
from pyprobe.core.values import pack
from pyprobe.ipc.packed import NO_ROOM, PackedArray
from pyprobe.ipc.piecewise import PIECE_BYTES
from pyprobe.ipc.ring import RingReader, RingWriter

RING_BYTES = 4 << 20
LARGE = 1 << 15  # elements: of the smallest dtype below, what goes into the ring


class Subclass(np.ndarray[Any, Any]):
    """An array whose own code is not to be run."""


@pytest.fixture(scope="module")
def ring() -> Iterator[tuple[RingReader, RingWriter]]:
    reader = RingReader(RING_BYTES)
    writer = RingWriter(reader.path, reader.size)
    yield reader, writer
    writer.close()
    reader.close()


def a_packer(ring: RingWriter) -> Packer:
    packer = Packer()
    packer.set_ring(ring)
    return packer


def content(value: object, reader: RingReader) -> object:
    """Return what a packed array is, its data taken out of the ring."""
    if not isinstance(value, PackedArray):
        return getattr(value, "record", value)
    return value.form, reader.read(*value.slot) if value.slot else value.data


def numbers(shape: tuple[int, ...], dtype: str) -> Any:
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


ARRAYS = [
    numbers((LARGE,), "<f8"),
    numbers((LARGE,), "<f8") * 2,
    numbers((LARGE,), ">f8"),
    numbers((LARGE,), "<i8"),
    numbers((LARGE // 8, 8), "<f8"),
    numbers((2 * LARGE,), "<f8")[::2],
    numbers((LARGE // 8, 8), "<f8").T,
    numbers((LARGE,), "<f8").view(Subclass),
    numbers((LARGE,), "<i4").astype([("x", "<f8"), ("y", "<i4")]),
    numbers((LARGE,), "<i4").astype([("x", "<f8"), ("z", "<i4")]),
    numbers((LARGE + 5,), "<f8"),  # in two pieces
    numbers((3, LARGE + 5), "<c16") * 1j,
    numbers((LARGE + 5, 3), "<c16").T,
    numbers((3 * PIECE_BYTES,), "|b1"),
    (numbers((PIECE_BYTES,), "<i4") % 1000).astype("<f2"),
    numbers((LARGE + 5,), "<M8[s]"),
    numbers((LARGE + 5,), "<f8")[:, None],
    numbers((LARGE + 5,), "|S9"),
    numbers((4,), "<f8"),
    numbers((0, 8), "<f8"),
    np.full(LARGE, None),
    np.broadcast_to(1.5, (LARGE,)),
    [1.5] * 3,
    1.5,
]


@settings(max_examples=200, deadline=None)
@given(chosen=st.lists(st.integers(0, len(ARRAYS) - 1), max_size=12))
def test_every_sequence_of_values_is_packed_as_each_alone(
    ring: tuple[RingReader, RingWriter], chosen: list[int]
) -> None:
    reader, writer = ring
    packer = a_packer(writer)
    for value in (ARRAYS[index] for index in chosen):
        expected = content(pack(value, reduce_above=0, ring=writer), reader)
        assert content(packer(value), reader) == expected


def test_a_copy_is_of_the_array_as_it_was(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), np.zeros(LARGE)
    packed = []
    for number in range(3):
        array[:] = number
        packed.append(packer(array))
    assert [content(one, reader) for one in packed] == [
        (("ndarray", "<f8", (LARGE,), (LARGE,), ""), np.full(LARGE, number, "<f8").tobytes())
        for number in range(3)
    ]


def test_what_is_reduced_is_chosen_anew_with_the_limit(
    ring: tuple[RingReader, RingWriter],
) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), numbers((LARGE,), "<f8")
    assert content(packer(array), reader) == content(packer(array), reader)
    packer.reduce(array.nbytes - 1)
    for _ in range(2):
        packed = packer(array)
        assert isinstance(packed, PackedArray)
        *_, shape, full_shape, reduced = packed.form
        assert full_shape == (LARGE,) != shape
        assert reduced
        content(packed, reader)


def test_a_full_ring_has_no_room_until_a_slot_is_released(
    ring: tuple[RingReader, RingWriter],
) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), numbers((1 << 17,), "<f8")
    slots = []
    while isinstance(packed := packer(array), PackedArray):
        slots.append(packed.slot)
    assert packed is NO_ROOM
    assert len(slots) == RING_BYTES // array.nbytes - 1  # each has a stamp before it
    position, size = slots.pop()
    reader.release(position, size)
    again = packer(array)
    assert isinstance(again, PackedArray)
    for position, size in (*slots, again.slot):
        reader.release(position, size)


def test_a_new_ring_is_used_at_once(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), numbers((LARGE,), "<f8")
    content(packer(array), reader)
    other = RingReader(RING_BYTES)
    try:
        other_writer = RingWriter(other.path, other.size)
        packer.set_ring(other_writer)
        assert content(packer(array), other) == content(packer(array), other)
        other_writer.close()
    finally:
        other.close()


def failing_once(error: BaseException, monkeypatch: pytest.MonkeyPatch, writer: RingWriter) -> None:
    """Have the ring fail at its next slot."""
    reserve = writer.reserve

    def fail(nbytes: int) -> object:
        monkeypatch.setattr(writer, "reserve", reserve)
        raise error

    monkeypatch.setattr(writer, "reserve", fail)


def test_a_failure_of_the_short_way_is_made_good_by_the_long_one(
    ring: tuple[RingReader, RingWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), numbers((LARGE,), "<f8")
    before = content(packer(array), reader)
    with monkeypatch.context() as patch:
        failing_once(MemoryError(), patch, writer)
        # Raised in a test's code, which is not ours: as by a signal handler of the program.
        with pytest.raises(MemoryError):
            packer(array)
    monkeypatch.setattr("pyprobe.core.packer.is_programs", lambda error: False)
    with monkeypatch.context() as patch:
        failing_once(MemoryError(), patch, writer)
        assert content(packer(array), reader) == before


class InterruptedSlot:
    """A slot that a signal comes upon when it is about to be filled."""

    def __init__(self, position: int, size: int) -> None:
        self.position, self.size = position, size

    @property
    def view(self) -> memoryview:
        signal.raise_signal(signal.SIGUSR1)
        raise AssertionError("the handler raises")


def test_what_a_signal_handler_raises_is_the_programs_and_leaves_no_slot(
    ring: tuple[RingReader, RingWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = ring
    packer, array = a_packer(writer), numbers((LARGE,), "<f8")
    content(packer(array), reader)
    free_bytes = writer.free_bytes()

    def handler(_number: int, _frame: object) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGUSR1, handler)
    reserve = writer.reserve

    def interrupted(nbytes: int) -> object:
        slot = reserve(nbytes)
        assert slot is not None
        return InterruptedSlot(slot.position, slot.size)

    monkeypatch.setattr(writer, "reserve", interrupted)
    try:
        with pytest.raises(TimeoutError):
            packer(array)
    finally:
        signal.signal(signal.SIGUSR1, previous)
    assert writer.free_bytes() == free_bytes


def test_what_is_learned_under_other_settings_is_not_used(
    ring: tuple[RingReader, RingWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread may change them while an array is packed."""
    reader, writer = ring
    packer, array = a_packer(writer), numbers((LARGE,), "<f8")

    def changed_meanwhile(value: object, **settings: Any) -> object:
        packed = pack(value, **settings)
        packer.reduce(array.nbytes - 1)
        return packed

    with monkeypatch.context() as patch:
        patch.setattr("pyprobe.core.packer.pack", changed_meanwhile)
        content(packer(array), reader)
    packed = packer(array)
    assert isinstance(packed, PackedArray)
    *_, reduced = packed.form
    assert reduced
    content(packed, reader)
