"""Rows of variables, as the answers to a front end tell them, and the paths that lead to them."""

from typing import Any

from pyprobe.core.debug.frame_scope import FrameScope
from pyprobe.core.debug.value_parts import Named, Part, Parts, Step, parts_of
from pyprobe.core.plain_types import MISSING, has_base
from pyprobe.core.value_failures import describe_failure
from pyprobe.core.value_libraries import describe_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_parts import LABEL_CHARS, Branch, Data, name_of
from pyprobe.core.value_records import MAX_TEXT_CHARS, encodable
from pyprobe.core.value_text import summarise
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import PlainDict

MOST_ROWS = 1000
ROW_TEXT_CHARS = 300
LEAF = -1
_NUMBERS = frozenset(map(id, (bool, int, float, complex)))
_ARRAY_KINDS = "biufcmMSU"
_ARRAY_ITEMS = 8


def scope_parts(scope: FrameScope, *, is_global: bool) -> Parts:
    """Return the variables of a frame, the interpreter's own names last."""
    if is_global:
        namespace = dict.items(scope.frame.f_globals)
        pairs = [(name, item) for name, item in list(namespace) if type(name) is str]
    else:
        pairs = list(scope.variables().items())
    return Parts(Named(sorted(pairs, key=lambda pair: pair[0].startswith("__"))))


def follow(parts: Parts, path: list[Step]) -> Any:
    """Return what the last step of a path leads to, beginning among ``parts``.

    Raises:
        PyProbeError: it leads nowhere.
    """
    inside: Parts | None = parts
    value: Any = MISSING
    for step in path:
        value = MISSING if inside is None else inside.find(step)
        if value is MISSING:
            raise PyProbeError(f"there is no {_name_of(step)} any more")
        inside = parts_of(value)
    return value


def _name_of(step: Step) -> str:
    last = step[-1] if step else ""
    return last[:LABEL_CHARS] if type(last) is str else f"element {last!r}"


def page_of(parts: Parts | None, start: int, count: int) -> PlainDict:
    """Return ``total`` and the rows of a range, at most ``MOST_ROWS`` of them."""
    if parts is None:
        return {"total": 0, "rows": []}
    rows = [row_of(part) for part in parts.page(max(start, 0), min(max(count, 0), MOST_ROWS))]
    return {"total": parts.total, "rows": rows}


def row_of(part: Part) -> PlainDict:
    """Return one variable as a front end is told of it."""
    name, step, value = part
    row: PlainDict = {"name": encodable(name[:LABEL_CHARS]), "step": _sendable(step)}
    row.update(facts_of(value, most_chars=ROW_TEXT_CHARS))
    return row


def facts_of(value: Any, *, most_chars: int = MAX_TEXT_CHARS) -> PlainDict:
    """Return ``text``, ``type``, ``parts`` (-1 for none at all) and ``number`` of any value."""
    kind = type(value)
    type_name = value.type if kind is Branch or kind is Data else name_of(kind)
    try:
        parts = parts_of(value)
        text = encodable(_text_of(value, kind, most_chars))
    except Exception as error:  # noqa: BLE001 - one that cannot be read must not hide the others
        return {"text": _failure(kind, error), "type": type_name, "parts": LEAF, "number": False}
    size = LEAF if parts is None else parts.total
    return {"text": text, "type": type_name, "parts": size, "number": _is_number(kind)}


def _failure(kind: type, error: Exception) -> str:
    return encodable(describe_failure(kind, error)[:ROW_TEXT_CHARS])


def _sendable(step: Step) -> Step:
    return [encodable(part) if type(part) is str else part for part in step]


def _is_number(kind: type) -> bool:
    numpy = numpy_types()
    return id(kind) in _NUMBERS or (numpy is not None and id(kind) in numpy.converters)


def _text_of(value: Any, kind: type, most_chars: int) -> str:
    if kind is Branch:
        return f"{value.type} of {value.length}"
    if kind is Data:
        value, kind = value.array, type(value.array)
    if kind is str:
        return repr(value[:most_chars]) + ("…" if len(value) > most_chars else "")
    text = describe_library(value) or summarise(value, most_chars=most_chars)[0]
    return text + _first_of_array(value, kind)


def _first_of_array(value: Any, kind: type) -> str:
    """The first elements of an array of one dimension, which a summary leaves out."""
    numpy = numpy_types()
    if numpy is None or not has_base(kind, numpy.ndarray):
        return ""
    plain = numpy.ndarray.view(value, numpy.ndarray)
    if plain.ndim != 1 or plain.dtype.kind not in _ARRAY_KINDS:
        return ""
    shown = ", ".join(str(item)[:ROW_TEXT_CHARS] for item in plain[:_ARRAY_ITEMS])
    return f" [{shown}{', …' if len(plain) > _ARRAY_ITEMS else ''}]"
