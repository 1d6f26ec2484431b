"""What a value that is no curve and no image looks like as text: pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.number_text import number_text
from pyprobe.plots.statistics import statistics
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue, Value

_FIRST_ELEMENTS = 24
_LARGEST_STATISTICS = 1 << 22  # elements; of more only every n-th is looked at
_LARGEST_TEXT = 100_000  # characters the widget lays out


def report(value: Value) -> str:
    """Return the value as lines of text: content, or for arrays shape, dtype and statistics."""
    if isinstance(value, TextValue):
        return _text_report(value)
    if isinstance(value, ScalarValue):
        return f"{value.value!r}"
    return _array_report(value)


def headline(value: Value) -> str:
    """Return what kind of value it is, in a few words."""
    if isinstance(value, TextValue):
        return f"{value.type_name}, cut" if value.cut else value.type_name
    if isinstance(value, ScalarValue):
        return value.dtype
    shape = " × ".join(map(str, value.full_shape)) or "0-d"
    return f"{value.type_name} of {value.dtype}, {shape}"


def _text_report(value: TextValue) -> str:
    text = value.content
    if len(text) > _LARGEST_TEXT:
        text = text[:_LARGEST_TEXT]
        return f"{text}\n… cut: {len(value.content):,} characters"
    return f"{text}\n… cut at the source" if value.cut else text


def _array_report(value: ArrayValue) -> str:
    array = value.array
    lines = [
        f"shape   {' × '.join(map(str, value.full_shape)) or '0-d'}",
        f"dtype   {_dtype_text(array.dtype)}",
        f"size    {array.size:,} elements, {array.nbytes:,} bytes",
    ]
    if value.reduced:
        lines.append(f"reduced {value.reduced}")
    lines += _statistics_lines(array)
    if array.size:
        lines += ["", _first_elements(array)]
    return "\n".join(lines)


def _dtype_text(dtype: np.dtype[Any]) -> str:
    if dtype.names is None:
        return str(dtype)
    fields = (f"{name}: {dtype[name]}" for name in dtype.names)
    return f"struct with {', '.join(fields)}"


def _statistics_lines(array: NDArray[Any]) -> list[str]:
    flat = array.reshape(-1)
    step = -(-flat.size // _LARGEST_STATISTICS) or 1
    note = f", from 1 / {step}" if step > 1 else ""
    flat = flat[::step]
    if flat.dtype.kind == "c":
        with np.errstate(all="ignore"):
            found, of = statistics(np.abs(flat)), "magnitude "
    else:
        found, of = statistics(flat), ""
    if found is None or not found.count:
        return []
    lines = [f"finite  {found.finite:,}{note}"]
    if found.nan:
        lines.append(f"nan     {found.nan:,}")
    if found.infinite:
        lines.append(f"inf     {found.infinite:,}")
    if found.finite:
        lines += [
            f"min     {of}{number_text(found.minimum)}",
            f"max     {of}{number_text(found.maximum)}",
            f"mean    {of}{number_text(found.mean)}",
            f"std     {of}{number_text(found.deviation)}",
        ]
    return lines


def _first_elements(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return str(array.item())
    first = array.reshape(-1)[:_FIRST_ELEMENTS].tolist()
    more = ", …" if array.size > len(first) else ""
    return f"[{', '.join(map(_element, first))}{more}]"


def _element(value: object) -> str:
    return number_text(value) if isinstance(value, float) else repr(value)
