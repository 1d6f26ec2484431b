"""Trace drag: how a trace, a leaf of one, or a symbol of the source travels onto a plot."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QByteArray, QMimeData

TRACE_TYPE = "application/x-pyprobe-trace"
LEAF_TYPE = "application/x-pyprobe-leaf"
SYMBOL_TYPE = "application/x-pyprobe-symbol"


@dataclass(frozen=True, slots=True)
class DraggedSymbol:
    """A place in the source: file, line (from 1) and column (from 0, in characters)."""

    file: str
    line: int
    col: int


def trace_mime(trace_id: int, title: str) -> QMimeData:
    """Return a trace as it is dragged; as text it is its title."""
    return _mime(TRACE_TYPE, trace_id, title)


def leaf_mime(trace_id: int, path: Sequence[str]) -> QMimeData:
    """Return a leaf of a trace's values as it is dragged; as text it is its path."""
    return _mime(LEAF_TYPE, [trace_id, *path], "".join(path))


def symbol_mime(symbol: DraggedSymbol, text: str) -> QMimeData:
    """Return a symbol of the source as it is dragged; as text it is itself."""
    return _mime(SYMBOL_TYPE, [symbol.file, symbol.line, symbol.col], text)


def can_drop(mime: QMimeData) -> bool:
    """Whether a plot takes this."""
    return any(mime.hasFormat(kind) for kind in (TRACE_TYPE, LEAF_TYPE, SYMBOL_TYPE))


def dropped_trace(mime: QMimeData) -> int | None:
    """Return the id of a trace that was dropped; ``None`` for anything else."""
    data = _data(mime, TRACE_TYPE)
    return data if isinstance(data, int) else None


def dropped_leaf(mime: QMimeData) -> tuple[int, tuple[str, ...]] | None:
    """Return the trace's id and the path of a leaf that was dropped."""
    match _data(mime, LEAF_TYPE):
        case [int(trace_id), *path] if path and all(isinstance(step, str) for step in path):
            return trace_id, tuple(map(str, path))
    return None


def dropped_symbol(mime: QMimeData) -> DraggedSymbol | None:
    """Return a symbol that was dropped; ``None`` for anything else."""
    match _data(mime, SYMBOL_TYPE):
        case [str(file), int(line), int(col)]:
            return DraggedSymbol(file, line, col)
    return None


def _mime(kind: str, data: object, text: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(kind, QByteArray(json.dumps(data).encode()))
    mime.setText(text)
    return mime


def _data(mime: QMimeData, kind: str) -> object:
    if not mime.hasFormat(kind):
        return None
    try:
        return json.loads(mime.data(kind).data())
    except ValueError:  # another program's, or another version's
        return None
