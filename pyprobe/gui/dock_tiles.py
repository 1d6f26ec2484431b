"""Dock tiles: lays the plots' docks out as a grid beside the source, which keeps its width."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import PyQt6Ads as ads
from PyQt6.QtWidgets import QApplication, QSplitter, QWidget

from pyprobe.gui.dock_tree import cell_of, is_row, is_shown, set_shares
from pyprobe.gui.trace_grid import Grid

_AREA = ads.DockWidgetArea


def tile(
    manager: "ads.CDockManager",
    beside: "ads.CDockWidget",
    docks: "Sequence[ads.CDockWidget]",
    grid: Grid,
) -> None:
    """Put docks into the cells of a grid, row by row; those of one cell are tabs of one area."""
    cells = [list(docks[cell :: grid.cells]) for cell in range(min(grid.cells, len(docks)))]
    for column in range(grid.columns):  # all heads first, or one would split another's column
        head = cells[column][0]
        manager.addDockWidget(_AREA.RightDockWidgetArea, head, beside.dockAreaWidget())
        beside = head
    for cell, held in enumerate(cells):
        if cell >= grid.columns:
            above = cells[cell - grid.columns][0].dockAreaWidget()
            manager.addDockWidget(_AREA.BottomDockWidgetArea, held[0], above)
        for dock in held[1:]:
            manager.addDockWidgetTabToArea(dock, held[0].dockAreaWidget())
        if len(held) > 1:
            held[0].setAsCurrentTab()


def share_out_tabs(
    manager: "ads.CDockManager",
    docks: "Sequence[ads.CDockWidget]",
    homeless: "Sequence[ads.CDockWidget]",
) -> None:
    """Put docks that stand nowhere into the areas of the others, always where the fewest are."""
    areas = {
        id(area): area
        for dock in docks
        if (area := dock.dockAreaWidget()) is not None and not dock.isInFloatingContainer()
    }
    for dock in homeless if areas else ():
        area = min(areas.values(), key=lambda one: one.dockWidgetsCount())
        manager.addDockWidgetTabToArea(dock, area)


@contextmanager
def unseen(widget: QWidget, *, wanted: bool) -> Iterator[None]:
    """Hide a widget meanwhile, so that nothing in it draws; the keyboard stays where it was."""
    if not wanted or not widget.isVisible():
        yield
        return
    focused = QApplication.focusWidget()
    widget.hide()
    try:
        yield
    finally:
        widget.show()
        if focused is not None and widget.isAncestorOf(focused):
            focused.setFocus()


def even_out(heads: "Sequence[ads.CDockWidget]", row: QSplitter | None) -> None:
    """Give the plots' columns one width, and the plots of each column one height."""
    for head in heads:
        cell = cell_of(head)
        if isinstance(cell, QSplitter):
            cell.setSizes([1000] * cell.count())
    cells = [cell_of(head) for head in heads]
    if row is not None:
        row.setSizes(
            [1000 if row.widget(place) in cells else size for place, size in enumerate(row.sizes())]
        )


def main_row(source: "ads.CDockWidget") -> QSplitter | None:
    """Return the splitter with the source and what stands beside it."""
    widget: QWidget | None = source.dockAreaWidget()
    while widget is not None:
        widget = widget.parentWidget()
        if isinstance(widget, QSplitter) and is_row(widget):
            return widget
    return None


def source_share(source: "ads.CDockWidget") -> float | None:
    """Return the share of the row's width that the source has; None where that says nothing."""
    row = main_row(source)
    sizes = row.sizes() if row is not None else []
    if row is None or sum(sizes) <= 0:
        return None
    share = sizes[_source_place(row, source)] / sum(sizes)
    return share if 0.05 < share < 0.95 else None


def set_source_share(source: "ads.CDockWidget", share: float) -> None:
    """Give the source its share of the width, and the others theirs as they had it."""
    row = main_row(source)
    if row is None:
        return
    place_of_source = _source_place(row, source)
    others = {
        place: max(1, size)
        for place, size in enumerate(row.sizes())
        if place != place_of_source and is_shown(row.widget(place))
    }
    shares = [0.0] * row.count()
    shares[place_of_source] = share
    for place, size in others.items():
        shares[place] = (1.0 - share) * size / sum(others.values())
    set_shares(row, shares)


def _source_place(row: QSplitter, source: "ads.CDockWidget") -> int:
    area = source.dockAreaWidget()
    return next(
        place
        for place in range(row.count())
        if (widget := row.widget(place)) is area
        or (widget is not None and area is not None and widget.isAncestorOf(area))
    )
