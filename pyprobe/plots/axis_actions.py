"""AxisActions: what can be done with each axis of a plot from its menu, and so by keyboard."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from pyprobe.plots.axis_end import Axis, AxisEnd
from pyprobe.plots.canvas_axes import CanvasAxes
from pyprobe.plots.end_typing import type_end

_ENDS = {Axis.X: ("left", "right"), Axis.Y: ("lower", "upper")}


class AxisActions:
    """Fits the axes to the data, together or each alone, locks them, and lets ends be typed.

    ``parent`` is the plot, as what owns actions, menus and the editor.
    """

    def __init__(self, canvas: CanvasAxes, parent: QWidget) -> None:
        self._canvas = canvas
        self._parent = parent
        self.auto = QAction("auto", parent)
        self.auto.setCheckable(True)
        self.auto.setChecked(True)
        self.auto.setShortcut("A")
        self.auto.setToolTip("Fit all axes to the data (A, or double click)")
        self.auto.triggered.connect(lambda on: canvas.guarded(partial(self._fit_all, on)))
        self.locks = tuple(self._make_lock(axis) for axis in Axis)
        self._menus = [self._make_menu(f"{axis.value} axis", axis) for axis in Axis]
        self._second = self._make_menu("Right axis", Axis.Y, is_second=True)

    def menus(self, *, has_second: bool) -> tuple[QAction, ...]:
        """Return the submenus of the axes there are."""
        found = [*self._menus, *([self._second] if has_second else [])]
        return tuple(action for menu in found if (action := menu.menuAction()) is not None)

    def _make_lock(self, axis: Axis) -> QAction:
        action = QAction(f"Lock {axis.value} axis", self._parent)
        action.setCheckable(True)
        action.toggled.connect(partial(self._lock, axis))
        return action

    def _lock(self, axis: Axis, locked: bool) -> None:
        for is_second in (False, True):
            self._canvas.range_of(AxisEnd(axis, False, is_second)).is_locked = locked
        self._canvas.changed.emit()

    def _make_menu(self, title: str, axis: Axis, *, is_second: bool = False) -> QMenu:
        menu = QMenu(title, self._parent)
        ends = [AxisEnd(axis, is_high, is_second) for is_high in (False, True)]
        self._add(menu, "Fit to the data", partial(self._fit, ends[0]))
        for end, word in zip(ends, _ENDS[axis], strict=True):
            run = partial(type_end, self._canvas, self._parent, end)
            self._add(menu, f"Type the {word} end…", run)
        return menu

    def _add(self, menu: QMenu, text: str, run: Callable[[], object]) -> None:
        action = QAction(text, menu)
        action.triggered.connect(lambda _on: self._canvas.guarded(run))
        menu.addAction(action)

    def _fit_all(self, wanted: bool) -> None:
        before = self._canvas.view()
        for one in self._canvas.ranges().values():
            one.set_auto() if wanted else one.set_user(one.low, one.high)
        self._canvas.rebuild()
        self._canvas.view_was_changed(before)

    def _fit(self, end: AxisEnd) -> None:
        before = self._canvas.view()
        self._canvas.range_of(end).set_auto()
        self._canvas.rebuild()
        self._canvas.view_was_changed(before)
