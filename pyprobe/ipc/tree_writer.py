"""From captured trees to the column they travel in, with nothing but the standard library."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain

from pyprobe.ipc.packed import PackedTree
from pyprobe.ipc.trees import DATA_ALIGNMENT, TreeColumn

_PADDING = bytes(DATA_ALIGNMENT)


def pack_trees(values: Sequence[PackedTree]) -> TreeColumn:
    """Return the column's values; captures that share a form send it once."""
    forms, rows = _forms_of(values)
    texts = list(chain.from_iterable(value.texts for value in values))
    return {
        "forms": forms,
        "rows": _little("q", rows) if len(forms) > 1 else b"",
        "f": _little("d", chain.from_iterable(value.floats for value in values)),
        "i": _little("q", chain.from_iterable(value.ints for value in values)),
        "t": "".join(texts),
        "tl": _little("q", map(len, texts)),
        "a": _joined(data for value in values for data in value.data if type(data) is bytes),
        "s": _little("q", chain.from_iterable(slot for value in values for slot in value.slots)),
    }


def _forms_of(values: Sequence[PackedTree]) -> tuple[list[object], list[int]]:
    positions: dict[object, int] = {}
    rows: list[int] = []
    last: object = None
    position = 0
    for value in values:
        form = value.form
        if form is not last and form != last:
            position = positions.setdefault(form, len(positions))
            last = form
        rows.append(position)
    return list(positions), rows


def _joined(parts: Iterable[bytes]) -> bytes:
    """Return the parts in one, each begun at a multiple of the alignment."""
    padded: list[bytes] = []
    for part in parts:
        padded.append(part)
        padded.append(_PADDING[: -len(part) % DATA_ALIGNMENT])
    return b"".join(padded)


def _little(typecode: str, values: Iterable[float]) -> bytes:
    packed = array(typecode, values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()
