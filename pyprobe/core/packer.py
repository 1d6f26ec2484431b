"""Packer: packs values as a run is set up, and arrays like the one before without a second look."""

from typing import Any, NamedTuple

from pyprobe.core.value_arrays import RING_FROM_BYTES
from pyprobe.core.value_failures import is_programs
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.values import pack
from pyprobe.ipc.packed import NO_ROOM, ArrayForm, NoRoom, PackedArray
from pyprobe.ipc.piecewise import copy_pieces, pieces_of
from pyprobe.ipc.ring import RingWriter

# Kinds of dtypes that can be looked at as bytes.
_FLAT_KINDS = frozenset("biufc")
_BUILT_IN = 1  # numpy's ``dtype.isbuiltin``: not structured, and so the same for good


class _Settings(NamedTuple):
    """How a run is set up; replaced as a whole, as threads of the program may be packing."""

    reduce_above: int
    ring: RingWriter | None


class _Alike(NamedTuple):
    """What a ``numpy.ndarray`` was that went into the ring as it is; all of it stays the same.

    ``flat_strides`` are those it has if its data lies in one piece and can be looked at as bytes.
    """

    settings: _Settings
    ndarray: Any
    dtype: Any
    shape: tuple[int, ...]
    flat_strides: tuple[int, ...] | None
    byte: Any
    nbytes: int
    pieces: tuple[slice, ...]
    form: ArrayForm
    ring: RingWriter


class Packer:
    """Called with a value, does what ``pack`` does with ``reduce_above`` and ``ring``.

    A loop that binds large arrays binds mostly such as are alike. What was found out about one
    holds for the next, and each Python function that is not called saves a copy's time some per
    cent: the copy has just pushed it out of the processor's cache.
    """

    def __init__(self) -> None:
        self._settings = _Settings(0, None)
        self._alike: _Alike | None = None

    def set_ring(self, ring: RingWriter) -> None:
        """Copy large arrays into a ring."""
        self._settings = self._settings._replace(ring=ring)

    def reduce(self, above: int) -> None:
        """Reduce arrays above so many bytes; 0 for none."""
        self._settings = self._settings._replace(reduce_above=above)

    def __call__(self, value: Any) -> object:
        settings, alike = self._settings, self._alike
        if (
            alike is not None
            and alike.settings is settings
            and type(value) is alike.ndarray
            and value.dtype is alike.dtype
            and value.shape == alike.shape
        ):
            try:
                return _copy(value, alike)
            except RecursionError:  # there is no frame left; the event's source may make room
                raise
            except Exception as error:
                if is_programs(error):
                    raise
            # What it is that failed is found out below.
        packed = pack(value, reduce_above=settings.reduce_above, ring=settings.ring)
        if type(packed) is PackedArray and packed.slot:
            self._learn(value, packed, settings)
        return packed

    def share(self, packed: object) -> object:
        """Return what was packed without a ring as it is with it: its data moved, if it is large.

        NO_ROOM where the ring is full.
        """
        ring = self._settings.ring
        if type(packed) is not PackedArray or ring is None:
            return packed
        if not RING_FROM_BYTES <= len(packed.data) <= ring.largest:
            return packed
        slot = ring.write(packed.data)
        return (
            NO_ROOM if slot is None else PackedArray(packed.form, b"", (slot.position, slot.size))
        )

    def _learn(self, value: Any, packed: PackedArray, settings: _Settings) -> None:
        numpy = numpy_types()
        ring = settings.ring
        if numpy is None or ring is None or type(value) is not numpy.ndarray:
            return
        form, dtype = packed.form, value.dtype
        _type_name, wire_name, shape, full_shape, reduced = form
        is_as_it_is = dtype.isbuiltin == _BUILT_IN and dtype.str == wire_name and not reduced
        if is_as_it_is and shape == full_shape:
            nbytes, byte = packed.slot[1], numpy.module.dtype("u1")
            strides = value.strides if dtype.kind in _FLAT_KINDS and _is_flat(value) else None
            self._alike = _Alike(
                *(settings, numpy.ndarray, dtype, shape, strides, byte, nbytes),
                *(pieces_of(nbytes), form, ring),
            )


def _is_flat(value: Any) -> bool:
    """Whether an array's data lies in one piece, in its order."""
    return bool(value.flags.c_contiguous)


def _copy(value: Any, alike: _Alike) -> PackedArray | NoRoom:
    slot = alike.ring.reserve(alike.nbytes)
    if slot is None:
        return NO_ROOM
    try:
        if value.strides == alike.flat_strides:
            data = alike.ndarray(alike.nbytes, alike.byte, value)
            copy_pieces(slot.view, memoryview(data), alike.pieces)
        else:
            target = alike.ndarray(alike.shape, alike.dtype, slot.view)
            target[...] = value
            del target
    except BaseException:
        alike.ring.forget(slot.position, slot.size)
        raise
    slot.view.release()
    return PackedArray(alike.form, b"", (slot.position, slot.size))
