"""What a test is told of stops, breakpoints and the debug docks: what they say, and where."""

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from pyprobe.gui.breakpoint_editor import BreakpointEditor
from pyprobe.gui.debug_data import DataEditor
from pyprobe.gui.source_page import SourcePage

if TYPE_CHECKING:
    from pyprobe.gui.debug_parts import DebugParts
    from pyprobe.gui.main_window import MainWindow

_MOST_ROWS = 60
Facts = dict[str, Any]


def debug_facts(window: "MainWindow") -> Facts:
    """Return all of it."""
    parts, page = window.debug, window.source_area.current_page
    if parts is None or page is None:
        return {}
    sign = parts.control.bar.sign.shown
    widgets = [parts.docks.widget(name) for name in parts.docks.names]
    editors: list[QWidget] = [
        *page.view.findChildren(BreakpointEditor),
        *page.view.findChildren(DataEditor),
    ]
    shown = [one for one in (*widgets, *editors) if one is not None and one.isVisible()]
    return {
        "sign": [sign.kind.value, sign.word, sign.detail],
        "path": page.path,
        "gutter": _gutter(page),
        "marks": _marks(parts, page),
        "stop": _stop(parts),
        "entity": parts.control.entity,
        "docks": [name for name in parts.docks.names if parts.docks.is_seen(name)],
        "offered": _offered(),
        "problems": [text for one in shown for text in _problems(one)],
        "trees": {tree.accessibleName(): _rows(tree) for tree in _trees(shown)},
        "fields": {name: rect for one in shown for name, rect in _fields(one)},
    }


def _stop(parts: "DebugParts") -> Facts | None:
    stop = parts.control.stop
    if stop is None:
        return None
    return {
        "file": stop.file,
        "line": stop.line,
        "function": stop.function,
        "reason": stop.reason.value,
        "detail": stop.detail,
    }


def _gutter(page: SourcePage) -> dict[str, list[int]]:
    """Return where a click sets a breakpoint, by the line, for those in view."""
    view = page.view
    viewport = view.viewport()
    if viewport is None:
        return {}
    first, found = view.firstVisibleLine() + 1, {}
    for line in range(first, view.lines() + 1):
        rect = view.line_rect(line)
        if rect.bottom() > viewport.height():
            break
        margin = QRect(rect.left(), rect.top(), view.break_margin_px, rect.height())
        found[str(line)] = _global(viewport, margin)
    return found


def _marks(parts: "DebugParts", page: SourcePage) -> list[Facts]:
    return [
        {
            "line": mark.line,
            "kind": mark.kind.name.lower(),
            "state": mark.state.value,
            "enabled": mark.enabled,
        }
        for mark in parts.breakpoints.gutter(page).marks
    ]


def _trees(widgets: list[QWidget]) -> list[QTreeWidget]:
    found = [tree for one in widgets for tree in one.findChildren(QTreeWidget)]
    return [tree for tree in found if tree.isVisible()]


def _rows(tree: QTreeWidget) -> list[Facts]:
    """Return the rows in view: their cells, where these are, and how deep they stand."""
    rows: list[Facts] = []
    viewport = tree.viewport()
    item = tree.itemAt(QPoint(2, 2))
    while item is not None and viewport is not None and len(rows) < _MOST_ROWS:
        rect = tree.visualItemRect(item)
        if rect.top() > viewport.height():
            break
        model = tree.indexFromItem(item)
        cells = [
            _global(viewport, tree.visualRect(model.siblingAtColumn(column)))
            for column in range(tree.columnCount())
        ]
        texts = [item.text(column) for column in range(tree.columnCount())]
        is_current = tree.currentItem() is item
        rows.append({"texts": texts, "cells": cells, "depth": _depth(item), "current": is_current})
        item = tree.itemBelow(item)
    return rows


def _depth(item: QTreeWidgetItem) -> int:
    depth, parent = 0, item.parent()
    while parent is not None:
        depth, parent = depth + 1, parent.parent()
    return depth


def _offered() -> list[str]:
    """Return the words that are offered below a line, or by a box that was opened."""
    popup = QApplication.activePopupWidget()
    lists = [] if popup is None else [popup, *popup.findChildren(QListView)]
    for one in lists:
        model = one.model() if isinstance(one, QListView) else None
        if model is not None:
            return [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return []


def _problems(widget: QWidget) -> list[str]:
    """Return what is said to be wrong with what is typed."""
    labels = [
        *widget.findChildren(QLabel, "fieldProblem"),
        *widget.findChildren(QLabel, "cellProblem"),
    ]
    return [label.text() for label in labels if label.isVisible() and label.text()]


def _fields(widget: QWidget) -> list[tuple[str, list[int]]]:
    found = []
    for kind in (QLineEdit, QAbstractButton, QComboBox):
        for one in widget.findChildren(kind):
            text = one.text() if isinstance(one, QAbstractButton) else ""
            name = one.accessibleName() or text
            if name and one.isVisible() and one.isEnabled():
                found.append((name, _global(one, one.rect())))
    return found


def _global(widget: QWidget, rect: QRect) -> list[int]:
    corner = widget.mapToGlobal(rect.topLeft())
    return [corner.x(), corner.y(), rect.width(), rect.height()]
