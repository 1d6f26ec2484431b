"""Numbers and other cells as text: in a grid, as TSV for spreadsheets, as Python source. Pure."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.session.short_text import shorten

_CHARACTERS = 60
_DIGITS = 9
_DEFAULT_DTYPES = ("float64", "int64", "bool", "complex128")


class NumberFormat(Enum):
    """How numbers are written; the value is its name in menus and in remembered layouts."""

    SHORT = "nine digits"
    FULL = "all digits"
    SCIENTIFIC = "scientific"
    HEX = "hexadecimal"


def cell_text(value: Any, form: NumberFormat) -> str:
    """Return what stands in a cell; ``value`` is an element of a numpy array."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, np.generic) or value.dtype.kind in "Mm":  # no Python type holds it
        return shorten(time_text(value), _CHARACTERS)
    if isinstance(plain, bool) or not isinstance(plain, int | float | complex):
        return shorten(_plain_text(plain), _CHARACTERS)
    if form is NumberFormat.FULL:
        return exact_text(value)
    if value.dtype.name in ("float16", "float32") and form is NumberFormat.SHORT:
        return exact_text(value)  # has no more digits than that
    if isinstance(plain, int):
        return hex(plain) if form is NumberFormat.HEX else str(plain)
    if isinstance(plain, complex):
        sign = "" if plain.imag < 0 else "+"
        return f"{_float_text(plain.real, form)}{sign}{_float_text(plain.imag, form)}j"
    return _float_text(plain, form)


def time_text(value: object) -> str:
    """Return a time or a duration without the digits that say nothing."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain_text(plain: object) -> str:
    return "" if plain is None else str(plain)


def _float_text(number: float, form: NumberFormat) -> str:
    if form is NumberFormat.SCIENTIFIC:
        return f"{number:.{_DIGITS - 1}e}"
    if form is NumberFormat.HEX:
        return float(number).hex()
    return f"{number:.{_DIGITS}g}"


def exact_text(value: Any) -> str:
    """Return a cell with all its digits: ``0.1`` also of a float32."""
    if value.dtype.kind in "fc":
        return str(value).strip("()")
    plain = value.item()
    return str(value) if value.dtype.kind in "Mm" else _plain_text(plain)


def tsv(rows: Sequence[Sequence[Any]]) -> str:
    """Return cells as tab-separated lines; ``None`` is an empty one."""
    return "\n".join("\t".join(_tsv_cell(cell) for cell in row) for row in rows)


def _tsv_cell(cell: Any) -> str:
    text = "" if cell is None else exact_text(cell)
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def python_array(array: NDArray[Any]) -> str:
    """Return the source text that makes such an array: ``np.array([[1.0, 2.0]])``."""
    dtype = array.dtype
    text = _nested(array.tolist())
    if dtype.name in _DEFAULT_DTYPES and array.size:
        return f"np.array({text})"
    name = f"np.{dtype.name}" if dtype.kind in "biufc" and hasattr(np, dtype.name) else ""
    if dtype.name == "bool":
        name = "bool"
    return f"np.array({text}, dtype={name or repr(dtype.str)})"


def _nested(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    if isinstance(value, float):
        return _python_float(value)
    if isinstance(value, complex):
        return f"complex({_python_float(value.real)}, {_python_float(value.imag)})"
    return repr(value)


def _python_float(number: float) -> str:
    if number != number:
        return "np.nan"
    if number in (float("inf"), float("-inf")):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(number)
