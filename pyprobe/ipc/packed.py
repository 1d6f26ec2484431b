"""What a capture's value is between the hit and the wire: small records that own their data."""

from pyprobe.ipc.columns import ArrayRecord, TextRecord

ArrayForm = tuple[str, object, tuple[int, ...], tuple[int, ...], str]


class PackedScalar:
    """A number with the name of its type where that is not Python's own: ``float32``, ``uint8`` …

    ``value`` is an exact bool, int (64 bit), float or complex.
    """

    __slots__ = ("dtype", "value")

    def __init__(self, value: bool | int | float | complex, dtype: str) -> None:
        self.value = value
        self.dtype = dtype


class PackedArray:
    """An array, copied: its ``data``, or the ``slot`` of the ring where that lies.

    ``form`` is the rest of an ArrayRecord: type, dtype, shape, full_shape and reduced.
    """

    __slots__ = ("data", "form", "slot")

    def __init__(self, form: ArrayForm, data: bytes, slot: tuple[int, ...] = ()) -> None:
        self.form = form
        self.data = data
        self.slot = slot

    @property
    def record(self) -> ArrayRecord:
        """The array as it is sent by itself."""
        type_name, dtype, shape, full_shape, reduced = self.form
        return {
            "type": type_name,
            "dtype": dtype,
            "shape": list(shape),
            "full_shape": list(full_shape),
            "data": self.data,
            "slot": list(self.slot),
            "reduced": reduced,
        }


class PackedText:
    """Any other value as text: see TextRecord.

    ``failure`` is non-empty where copying the value failed by a fault of ours, and says how; the
    caller counts these.
    """

    __slots__ = ("failure", "record")

    def __init__(self, record: TextRecord, failure: str = "") -> None:
        self.record = record
        self.failure = failure


class PackedTree:
    """A value with parts, copied: see ``ipc.trees`` for its form and what lies in each list.

    ``data`` holds an array's bytes, or its slot of the ring, for each array of the form.
    """

    __slots__ = ("data", "floats", "form", "ints", "texts")

    def __init__(
        self,
        form: tuple[object, ...],
        floats: list[float],
        ints: list[int],
        texts: list[str],
        data: list[bytes | tuple[int, ...]],
    ) -> None:
        self.form = form
        self.floats = floats
        self.ints = ints
        self.texts = texts
        self.data = data

    @property
    def slots(self) -> list[tuple[int, ...]]:
        """The slots of the ring that its arrays lie in."""
        return [data for data in self.data if type(data) is tuple]

    @property
    def inline_bytes(self) -> int:
        """About as many bytes as it takes outside the ring."""
        bulk = sum(len(data) for data in self.data if type(data) is bytes)
        texts = sum(map(len, self.texts))
        return bulk + texts + 8 * (len(self.floats) + len(self.ints) + len(self.form))


class NoRoom:
    """The one value that stands for an array the full ring had no room for: dropped and counted."""

    __slots__ = ()


NO_ROOM = NoRoom()
