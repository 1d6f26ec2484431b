"""From the target's capture log to columns, with nothing but the standard library."""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import cast

from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.columns import ArrayRun, ColumnMap, TextRecord, ValueKind
from pyprobe.ipc.packed import NoRoom, PackedArray, PackedScalar, PackedText, PackedTree
from pyprobe.ipc.packing import pack_all, pack_floats, pack_ints, pack_range, pack_words
from pyprobe.ipc.tree_writer import pack_trees

_FEW_PROBES = 4
_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63
_KINDS: dict[type, ValueKind] = {
    float: ValueKind.FLOAT,
    int: ValueKind.INT,
    bool: ValueKind.BOOL,
    complex: ValueKind.COMPLEX,
    PackedArray: ValueKind.ARRAY,
    PackedText: ValueKind.TEXT,
    PackedTree: ValueKind.TREE,
}


def build_columns(
    rows: CaptureRows, first_seq: int, *, only_floats: Container[int] = ()
) -> list[ColumnMap]:
    """Group the rows of a drained capture log into columns, one for each probe and kind of value.

    Within a column rows are in order; columns of one probe overlap where its kind changes to and
    fro (``column_reader.read_columns`` puts them in order again).

    The captures have the sequence numbers ``first_seq``, ``first_seq + 1`` … . ``NO_ROOM`` entries
    are left out. Of the probes in ``only_floats`` no value is asked for its type.
    """
    probe_ids = rows.probe_ids
    count = len(probe_ids)
    if not count:
        return []
    wholes = (range(first_seq, first_seq + count), *rows[1:])
    period = _period(probe_ids)
    columns: list[ColumnMap] = []
    for place, probe_id in enumerate(probe_ids[:period]):
        parts = wholes if period == 1 else [whole[place::period] for whole in wholes]
        if probe_id in only_floats:
            columns.append(_column(probe_id, float, "", *parts))
        else:
            columns.extend(_columns_of_probe(probe_id, *parts))
    if not period:
        for probe_id, chosen in _rows_by_probe(probe_ids):
            columns.extend(_columns_of_probe(probe_id, *(list(chosen(one)) for one in wholes)))
    return columns


def _period(probe_ids: list[int]) -> int:
    """Return after how many captures the probes follow each other as before, 0 if they do not.

    A loop over lines with probes has one; then a probe's rows are a slice, which costs least.
    """
    first = probe_ids[0]
    if probe_ids[1:2] in ([], [first]):
        return 1 if probe_ids.count(first) == len(probe_ids) else 0
    try:
        period = probe_ids.index(first, 1)
    except ValueError:
        return 0
    turn = probe_ids[:period]
    turns, rest = divmod(len(probe_ids), period)
    is_steady = len(set(turn)) == period and probe_ids == turn * turns + turn[:rest]
    return period if is_steady else 0


class _Mask:
    """Chooses the rows of one probe: fastest where few probes share the log."""

    def __init__(self, probe_ids: list[int], probe_id: int) -> None:
        self._mask = list(map(probe_id.__eq__, probe_ids))

    def __call__(self, whole: Iterable[object]) -> Iterable[object]:
        return compress(whole, self._mask)


class _Picker:
    """Chooses the rows of one probe by their positions."""

    def __init__(self, positions: list[int]) -> None:
        self._only = positions[0]
        self._pick = itemgetter(*positions) if len(positions) > 1 else None

    def __call__(self, whole: Sequence[object]) -> Iterable[object]:
        return self._pick(whole) if self._pick else (whole[self._only],)


def _rows_by_probe(probe_ids: list[int]) -> Iterator[tuple[int, "_Mask | _Picker"]]:
    distinct = dict.fromkeys(probe_ids)
    if len(distinct) <= _FEW_PROBES:
        for probe_id in distinct:
            yield probe_id, _Mask(probe_ids, probe_id)
        return
    positions: dict[int, list[int]] = {probe_id: [] for probe_id in distinct}
    for position, probe_id in enumerate(probe_ids):
        positions[probe_id].append(position)
    for probe_id, rows in positions.items():
        yield probe_id, _Picker(rows)


def _columns_of_probe(
    probe_id: int,
    seqs: Sequence[object],
    times: Sequence[object],
    threads: Sequence[object],
    values: Sequence[object],
) -> Iterator[ColumnMap]:
    kinds = set(map(type, values))
    if len(kinds) == 1 and (kind := kinds.pop()) is not PackedScalar and kind is not NoRoom:
        yield _column(probe_id, kind, "", seqs, times, threads, values)
        return
    keys = list(map(_kind_and_dtype, values))
    for key in dict.fromkeys(keys):
        kind, dtype = key
        if kind is NoRoom:
            continue
        mask = list(map(key.__eq__, keys))
        rows = [list(compress(whole, mask)) for whole in (seqs, times, threads, values)]
        if dtype:
            rows[3] = [cast(PackedScalar, value).value for value in rows[3]]
        yield _column(probe_id, kind, dtype, *rows)


def _kind_and_dtype(value: object) -> tuple[type, str]:
    if type(value) is PackedScalar:
        return type(value.value), value.dtype
    return type(value), ""


def _column(
    probe_id: int,
    kind: type,
    dtype: str,
    seqs: Sequence[object],
    times: Sequence[object],
    threads: Sequence[object],
    values: Sequence[object],
) -> ColumnMap:
    value_kind = _KINDS[kind]
    if value_kind is ValueKind.INT:
        try:
            packed: object = pack_ints(values)
        except OverflowError:
            value_kind, kind = ValueKind.TEXT, int
            packed = [_wide_int(value) for value in cast(Sequence[int], values)]
    else:
        packed = _pack_values(value_kind, values)
    return {
        "p": probe_id,
        "n": len(values),
        "k": value_kind.value,
        "d": dtype or _dtype_name(kind),
        "s": _pack_seqs(seqs),
        "t": pack_words(times),
        "th": _pack_threads(threads),
        "x": packed,
    }


def _dtype_name(kind: type) -> str:
    return "" if kind in (PackedArray, PackedText, PackedTree) else kind.__name__


def _pack_values(kind: ValueKind, values: Sequence[object]) -> object:
    if kind is ValueKind.FLOAT:
        return pack_floats(values)
    if kind is ValueKind.BOOL:
        return bytes(cast(Sequence[int], values))
    if kind is ValueKind.COMPLEX:
        parts = ((value.real, value.imag) for value in cast(Sequence[complex], values))
        return pack_all("d", chain.from_iterable(parts))
    if kind is ValueKind.ARRAY:
        return _pack_arrays(cast(Sequence[PackedArray], values))
    if kind is ValueKind.TREE:
        return pack_trees(cast(Sequence[PackedTree], values))
    return [value.record for value in cast(Sequence[PackedText], values)]


def _pack_arrays(values: Sequence[PackedArray]) -> object:
    """Pack arrays: as one run where they are alike, which costs a tenth of so many records."""
    form = values[0].form
    if len(values) == 1 or not all(value.slot and value.form == form for value in values):
        return [value.record for value in values]
    type_name, dtype, shape, full_shape, reduced = form
    run: ArrayRun = {
        "type": type_name,
        "dtype": dtype,
        "shape": list(shape),
        "full_shape": list(full_shape),
        "slots": pack_words(chain.from_iterable(value.slot for value in values)),
        "reduced": reduced,
    }
    return run


def slots_of(values: Iterable[object]) -> list[tuple[int, ...]]:
    """Return the slots of the ring that the arrays among a drained log's values lie in."""
    slots: list[tuple[int, ...]] = []
    for value in values:
        if type(value) is PackedArray:
            if value.slot:
                slots.append(value.slot)
        elif type(value) is PackedTree:
            slots += value.slots
    return slots


def _pack_seqs(seqs: Sequence[object]) -> bytes:
    """Pack the sequence numbers; of consecutive ones only the first."""
    if type(seqs) is not range:
        return pack_words(seqs)
    return pack_range(seqs[:1] if seqs.step == 1 else seqs)


def _pack_threads(threads: Sequence[object]) -> bytes:
    """Pack the thread identifiers; where all are the same, one."""
    packed = pack_words(threads)
    first = packed[:8]
    return first if packed == first * len(threads) else packed


def _wide_int(value: int) -> TextRecord:
    """An int that came past the packing: shown in hexadecimal, which no digit limit stops."""
    fits = _INT64_MIN <= value < _INT64_END
    text = str(value) if fits else f"{value:#x}"
    return {"kind": "int", "type": "int", "text": text, "cut": False}
