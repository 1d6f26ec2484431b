"""Trace drag: how a trace, or a symbol of the source, travels in a drag onto a plot."""

import json
from dataclasses import dataclass

from PyQt6.QtCore import QByteArray, QMimeData

TRACE_TYPE = "application/x-pyprobe-trace"
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


def symbol_mime(symbol: DraggedSymbol, text: str) -> QMimeData:
    """Return a symbol of the source as it is dragged; as text it is itself."""
    return _mime(SYMBOL_TYPE, [symbol.file, symbol.line, symbol.col], text)


def can_drop(mime: QMimeData) -> bool:
    """Whether a plot takes this."""
    return mime.hasFormat(TRACE_TYPE) or mime.hasFormat(SYMBOL_TYPE)


def dropped_trace(mime: QMimeData) -> int | None:
    """Return the id of a trace that was dropped; ``None`` for anything else."""
    data = _data(mime, TRACE_TYPE)
    return data if isinstance(data, int) else None


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
