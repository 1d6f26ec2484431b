"""The parts of a value on their way into a tree: what openers return."""

from collections.abc import Callable
from typing import Any

from pyprobe.core.plain_types import class_name
from pyprobe.core.value_records import encodable
from pyprobe.core.value_text import summarise

LABEL_CHARS = 200
_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63

Label = str | int | tuple[str]


class Branch:
    """A value's parts: ``items`` as they are, ``labels`` for each, or their count.

    ``layout``: a TreeLayout value; ``kind``: the classifier's word; ``length``: how many parts the
    value has in all, of which ``items`` are the first.
    """

    __slots__ = ("items", "kind", "labels", "layout", "length", "type")

    def __init__(
        self,
        layout: str,
        kind: str,
        type: str,
        length: int,
        labels: tuple[Label, ...] | int,
        items: list[Any],
    ) -> None:
        self.layout = layout
        self.kind = kind
        self.type = type
        self.length = length
        self.labels = labels
        self.items = items

    def first(self, most: int) -> "Branch":
        """Return the branch with no more than ``most`` of its items."""
        if len(self.items) <= most:
            return self
        labels = self.labels[:most] if isinstance(self.labels, tuple) else most
        return Branch(self.layout, self.kind, self.type, self.length, labels, self.items[:most])


class Data:
    """An array of a library's value that is sent whole: an exact ``ndarray``, not copied yet.

    ``full_shape`` is its shape before it was cut at its end, which ``reduced`` then says.
    """

    __slots__ = ("array", "full_shape", "reduced", "type")

    def __init__(
        self, array: Any, type: str, full_shape: tuple[int, ...], reduced: str = ""
    ) -> None:
        self.array = array
        self.type = type
        self.full_shape = full_shape
        self.reduced = reduced


# Reads up to so many parts of a value of a class.
Opener = Callable[[Any, type, int], Branch]


def label_of(key: object) -> Label:
    """Return the label of any key."""
    if type(key) is str:
        return encodable(key if len(key) <= LABEL_CHARS else key[:LABEL_CHARS] + "…")
    if type(key) is int and _INT64_MIN <= key < _INT64_END:
        return key
    return (encodable(summarise(key)[0][:LABEL_CHARS]),)


def name_of(kind: type) -> str:
    """Return the name of a class, as it can be sent."""
    return encodable(class_name(kind)[:256])
