"""What a recording holds of each probe, counted in a first reading, for formats that must know."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.export_families import Form, families, number_dtype
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

_MOST_EXACT = 1 << 53  # beyond it not every int is a float


@dataclass
class Group:
    """What one probe captured of one sort (number, array or text) and fits into one array.

    ``family`` is ``""`` where that is all of the sort, else what tells this part from the others.
    """

    family: str = ""
    count: int = 0
    forms: dict[Form, None] = field(default_factory=dict)  # in order of their coming
    shapes: set[tuple[int, ...]] = field(default_factory=set)
    longest_text: int = 0
    has_large_ints: bool = False

    def number_dtype(self) -> np.dtype[Any]:
        """The one dtype that holds all numbers; exact where they are all of one kind."""
        return number_dtype(form for form in self.forms if isinstance(form, ValueKind))

    def array_dtype(self) -> np.dtype[Any]:
        """The one dtype that holds all arrays."""
        return np.result_type(*(form for form in self.forms if isinstance(form, np.dtype)))

    def add(self, other: "Group") -> None:
        """Take in another part of the same family."""
        self.count += other.count
        self.forms |= other.forms
        self.shapes |= other.shapes
        self.longest_text = max(self.longest_text, other.longest_text)


class Survey:
    """All captures, by what one array can hold of each probe."""

    def __init__(self, reader: RecordingReader) -> None:
        counted: dict[tuple[int, str], dict[Form | None, Group]] = {}
        for columns in reader.columns():
            for column in columns:
                found = counted.setdefault((column.probe_id, sort_of(column)), {})
                for form, part in _by_form(column):
                    _count(found.setdefault(form, Group()), form, part)
        self._groups = {key: _grouped(found) for key, found in counted.items()}
        self.count = sum(one.count for found in counted.values() for one in found.values())

    def parts(self, column: Column) -> Iterator[tuple[Group, Column]]:
        """Yield a column in parts, each with what it belongs to."""
        groups = self._groups[column.probe_id, sort_of(column)]
        if len({id(group) for group in groups.values()}) == 1:
            yield next(iter(groups.values())), column
            return
        for form, part in _by_form(column):
            yield groups[form], part


def _by_form(column: Column) -> Iterator[tuple[Form | None, Column]]:
    """Yield a column in parts of one kind of number or one dtype each; texts have none."""
    if not column.arrays:
        yield column.kind if sort_of(column) == "number" else None, column
        return
    start = 0
    for dtype, records in groupby(column.arrays, key=lambda record: record.array.dtype):
        stop = start + len(list(records))
        yield dtype, column.part(start, stop)
        start = stop


def _count(group: Group, form: Form | None, column: Column) -> None:
    group.count += column.count
    if form is not None:
        group.forms[form] = None
    for record in column.arrays:
        group.shapes.add(record.array.shape)
        group.has_large_ints = group.has_large_ints or _has_large_ints(record.array)
    for text in texts_of(column):
        group.longest_text = max(group.longest_text, len(text.content))
    if column.kind is ValueKind.INT:
        group.has_large_ints = group.has_large_ints or _has_large_ints(column.values)


def _has_large_ints(values: np.ndarray[Any, Any]) -> bool:
    if values.dtype.kind not in "iu" or values.dtype.itemsize < 8 or not values.size:
        return False
    return max(-int(values.min()), int(values.max())) > _MOST_EXACT


def _grouped(found: dict[Form | None, Group]) -> dict[Form | None, Group]:
    """Return for each form the group it is of, with all others of its family."""
    forms = [form for form in found if form is not None]
    if not forms:
        return found
    names = families(forms, has_large_ints=any(one.has_large_ints for one in found.values()))
    groups = {name: Group(name) for name in names.values()}
    for form in forms:
        groups[names[form]].add(found[form])
    return {form: groups[names[form]] for form in forms}


def sort_of(column: Column) -> str:
    """Return ``number``, ``array`` or ``text``."""
    if column.kind is ValueKind.ARRAY:
        return "array"
    return "text" if column.kind in (ValueKind.TEXT, ValueKind.TREE) else "number"


def probes_text(reader: RecordingReader) -> str:
    """Return as JSON what each probe is."""
    return json.dumps(
        [
            {"probe": probe.id, "throttle": probe.throttle, **probe.anchor.to_dict()}
            for probe in reader.info.probes.values()
        ]
    )
