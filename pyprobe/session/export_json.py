"""Captures as JSON objects, each fitting one of a few schemas: what MCAP with JSON messages holds.

A number is ``{"value": …}``, a complex one ``{"re": …, "im": …}``, an array ``{"values": […],
"shape": […]}`` (flat), anything else ``{"text": …}``. JSON has no NaN and no infinity: such a
number is ``{"text": "NaN"}``, and in arrays ``null``.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.export_rows import dtype_text, plain_array, plain_number
from pyprobe.session.tree_value import texts_of

_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_NUMBERS = {"type": "array", "items": _NUMBER}

# Foxglove takes no list of types, and no arrays in arrays; so what may be absent is not required.
JSON_SCHEMAS: dict[str, dict[str, object]] = {
    "Number": {"value": _NUMBER, "text": _TEXT},
    "Bool": {"value": {"type": "boolean"}},
    "Complex": {"re": _NUMBER, "im": _NUMBER, "text": _TEXT},
    "Values": {"values": _NUMBERS, "shape": _NUMBERS, "dtype": _TEXT},
    "ComplexValues": {"re": _NUMBERS, "im": _NUMBERS, "shape": _NUMBERS, "dtype": _TEXT},
    "Text": {"text": _TEXT},
}


def json_objects(column: Column) -> tuple[list[str], list[bytes]]:
    """Return the schema's name and the JSON object of each capture."""
    if column.kind is ValueKind.ARRAY:
        pairs = [_array_object(record) for record in column.arrays]
        return [schema for schema, _ in pairs], [_encoded(text) for _, text in pairs]
    match column.kind:
        case ValueKind.TEXT | ValueKind.TREE:
            schema, found = "Text", _text_objects(column)
        case ValueKind.COMPLEX:
            schema, found = "Complex", _complex_objects(column)
        case ValueKind.BOOL:
            schema, found = "Bool", _bool_objects(column)
        case _:
            schema, found = "Number", _number_objects(column)
    return [schema] * column.count, found


def _text_objects(column: Column) -> list[bytes]:
    return [_encoded(json.dumps({"text": value.content})) for value in texts_of(column)]


def _bool_objects(column: Column) -> list[bytes]:
    return [
        b'{"value": true}' if value else b'{"value": false}' for value in column.values.tolist()
    ]


def _number_objects(column: Column) -> list[bytes]:
    # One text of all of them, cut afterwards: half as long as one after the other.
    listed = repr(column.values.tolist())[1:-1].replace(", ", '}\n{"value": ')
    found = f'{{"value": {listed}}}'.encode().split(b"\n")
    _mend_not_finite(column, found)
    return found


def _complex_objects(column: Column) -> list[bytes]:
    parts = repr(np.ascontiguousarray(column.values).view(np.float64).tolist())[1:-1].split(", ")
    found = [
        f'{{"re": {real}, "im": {imag}}}'.encode()
        for real, imag in zip(parts[::2], parts[1::2], strict=True)
    ]
    _mend_not_finite(column, found)
    return found


def _mend_not_finite(column: Column, found: list[bytes]) -> None:
    for position in np.flatnonzero(~np.isfinite(column.values)).tolist():
        plain = plain_number(column.values[position].item())
        text = f"{plain['re']} {plain['im']}" if isinstance(plain, dict) else str(plain)
        found[position] = _encoded(json.dumps({"text": text}))


def _array_object(record: ArrayValue) -> tuple[str, str]:
    array = record.array
    facts: dict[str, object] = {"shape": list(array.shape), "dtype": dtype_text(record)}
    if array.dtype.kind == "c":
        parts = {"re": _numbers(array.real), "im": _numbers(array.imag)}
        return "ComplexValues", json.dumps(parts | facts)
    if array.dtype.kind in "biuf":
        return "Values", json.dumps({"values": _numbers(array)} | facts)
    text = json.dumps(plain_array(record), ensure_ascii=False)
    return "Text", json.dumps({"text": text})


def _numbers(array: Any) -> Sequence[float | None]:
    flat = array.reshape(-1)
    if array.dtype.kind == "b":
        flat = flat.astype("u1")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        flat = flat.astype("f8")  # beyond which JSON's readers do not go
    values: list[float | None] = flat.tolist()
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        return [value if value is not None and math.isfinite(value) else None for value in values]
    return values


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
