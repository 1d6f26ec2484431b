"""What a recording holds of each probe, counted in a first reading, for formats that must know."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pyprobe.errors import RecordingError
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of


@dataclass
class Group:
    """What one probe captured of one sort (number, array or text), counted in a first reading."""

    count: int = 0
    kinds: set[ValueKind] = field(default_factory=set)
    dtypes: set[np.dtype[Any]] = field(default_factory=set)
    shapes: set[tuple[int, ...]] = field(default_factory=set)
    longest_text: int = 0

    def number_dtype(self) -> np.dtype[Any]:
        """The one dtype that holds all numbers; exact where they are all of one kind."""
        if len(self.kinds) == 1:
            (kind,) = self.kinds
            return {
                ValueKind.INT: np.dtype("<i8"),
                ValueKind.BOOL: np.dtype("?"),
                ValueKind.COMPLEX: np.dtype("<c16"),
            }.get(kind, np.dtype("<f8"))
        return np.dtype("<c16") if ValueKind.COMPLEX in self.kinds else np.dtype("<f8")

    def array_dtype(self, name: str) -> np.dtype[Any]:
        """The one dtype that holds all arrays.

        Raises:
            RecordingError: there is none.
        """
        try:
            return np.result_type(*self.dtypes)
        except TypeError as error:
            raise RecordingError(
                f"the arrays of {name} have dtypes that do not fit into one; use --format jsonl"
            ) from error


def sort_of(column: Column) -> str:
    """Return ``number``, ``array`` or ``text``."""
    if column.kind is ValueKind.ARRAY:
        return "array"
    return "text" if column.kind in (ValueKind.TEXT, ValueKind.TREE) else "number"


def survey(reader: RecordingReader) -> dict[tuple[int, str], Group]:
    """Return what each probe captured of each sort, by its number and ``sort_of``."""
    groups: dict[tuple[int, str], Group] = {}
    for columns in reader.columns():
        for column in columns:
            group = groups.setdefault((column.probe_id, sort_of(column)), Group())
            group.count += column.count
            group.kinds.add(column.kind)
            for record in column.arrays:
                group.dtypes.add(record.array.dtype)
                group.shapes.add(record.array.shape)
            for text in texts_of(column):
                group.longest_text = max(group.longest_text, len(text.content))
    return groups


def probes_text(reader: RecordingReader) -> str:
    """Return as JSON what each probe is."""
    return json.dumps(
        [
            {"probe": probe.id, "throttle": probe.throttle, **probe.anchor.to_dict()}
            for probe in reader.info.probes.values()
        ]
    )
