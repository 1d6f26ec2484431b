"""What a capture's value is between the hit and the wire: small records that own their data."""

from pyprobe.ipc.columns import ArrayRecord, TextRecord


class PackedScalar:
    """A number with the name of its type where that is not Python's own: ``float32``, ``uint8`` …

    ``value`` is an exact bool, int (64 bit), float or complex.
    """

    __slots__ = ("dtype", "value")

    def __init__(self, value: bool | int | float | complex, dtype: str) -> None:
        self.value = value
        self.dtype = dtype


class PackedArray:
    """An array, copied: see ArrayRecord."""

    __slots__ = ("record",)

    def __init__(self, record: ArrayRecord) -> None:
        self.record = record


class PackedText:
    """Any other value as text: see TextRecord.

    ``failure`` is non-empty where copying the value failed by a fault of ours, and says how; the
    caller counts these.
    """

    __slots__ = ("failure", "record")

    def __init__(self, record: TextRecord, failure: str = "") -> None:
        self.record = record
        self.failure = failure


class NoRoom:
    """The one value that stands for an array the full ring had no room for: dropped and counted."""

    __slots__ = ()


NO_ROOM = NoRoom()
