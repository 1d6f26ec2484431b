"""Dock tree: where docks stand in the splitters around them, and how these share their room out."""

import PyQt6Ads as ads
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QSplitter, QWidget


def cell_of(dock: "ads.CDockWidget") -> QWidget | None:
    """Return the widget of a dock's column: its area, or the vertical splitter around it."""
    area = dock.dockAreaWidget()
    parent = area.parentWidget() if area is not None else None
    return parent if isinstance(parent, QSplitter) and not is_row(parent) else area


def tree_place(dock: "ads.CDockWidget") -> tuple[int, ...]:
    """Return a dock's tab and the place of its area in each splitter around it."""
    area = dock.dockAreaWidget()
    if area is None or dock.isClosed() or dock.isInFloatingContainer():
        return ()
    place = [area.dockWidgets().index(dock)]
    widget: QWidget = area
    while isinstance(parent := widget.parentWidget(), QSplitter):
        place.append(parent.indexOf(widget))
        widget = parent
    return tuple(place)


def splitters_around(dock: "ads.CDockWidget") -> tuple[QSplitter | None, QSplitter | None]:
    """Return the row a dock stands in and the column around that."""
    row = column = None
    widget: QWidget | None = dock.dockAreaWidget()
    while widget is not None:
        widget = widget.parentWidget()
        if isinstance(widget, QSplitter):
            if is_row(widget) and row is None:
                row = widget
            elif not is_row(widget) and column is None:
                column = widget
    return row, column


def is_row(splitter: QSplitter) -> bool:
    """Whether a splitter puts its parts beside each other."""
    return splitter.orientation() is Qt.Orientation.Horizontal


def is_shown(widget: QWidget | None) -> bool:
    """Whether a part of a splitter takes room."""
    return widget is not None and not widget.isHidden()


def set_shares(splitter: QSplitter, shares: list[float]) -> None:
    """Share a splitter's room out; 0 is for parts that are hidden."""
    horizontal = is_row(splitter)
    handles = max(0, sum(share > 0.0 for share in shares) - 1) * splitter.handleWidth()
    total_px = (splitter.width() if horizontal else splitter.height()) - handles
    splitter.setSizes([round(share * total_px) for share in shares])
