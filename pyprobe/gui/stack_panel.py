"""StackPanel: the threads of a stopped program and the call stack of the one looked at."""

import os
from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QPoint, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QStandardItemModel
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyprobe.gui.debug_answers import FrameRow, ThreadRow
from pyprobe.gui.folding_row import FoldingRow, beside
from pyprobe.gui.theme import Theme

_THREAD_PX = 240
_ROW = Qt.ItemDataRole.UserRole


class StackPanel(QWidget):
    """``frame_chosen``: a FrameRow; ``thread_chosen``: a thread's number; ``stepping_changed``:
    whether all threads are to stand, and whether stepping keeps to the program's own code.
    ``follow_asked``: what steps are to be limited to.
    """

    frame_chosen = pyqtSignal(object)
    thread_chosen = pyqtSignal(object)  # its number may be larger than Qt's whole numbers
    stepping_changed = pyqtSignal(bool, bool)
    follow_asked = pyqtSignal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._frames: list[FrameRow] = []
        self.threads = QComboBox()
        self.threads.setAccessibleName("Thread")
        self._thread_items = QStandardItemModel(self)
        self.threads.setModel(self._thread_items)
        self.threads.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.all_threads = QCheckBox("Stop all")
        self.all_threads.setToolTip("All threads stand while one has stopped, or only that one")
        self.all_threads.setChecked(True)
        self.my_code = QCheckBox("Just my code")
        self.my_code.setToolTip("Stepping runs through libraries without stopping in them")
        self.my_code.setChecked(True)
        self.list = QTreeWidget()
        self._set_up_list()
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 8, 3)
        boxes = beside(self.all_threads, self.my_code, gap_px=9)
        head.addWidget(FoldingRow(self.threads, boxes, least_px=_THREAD_PX, gap_px=9))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        self.threads.activated.connect(self._choose_thread)
        for box in (self.all_threads, self.my_code):
            box.toggled.connect(self._tell_stepping)

    def _set_up_list(self) -> None:
        one = self.list
        one.setColumnCount(2)
        one.setHeaderHidden(True)
        one.setRootIsDecorated(False)
        one.setUniformRowHeights(True)
        one.setFrameShape(QTreeWidget.Shape.NoFrame)
        one.setAccessibleName("Call stack")
        header = one.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        one.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        one.customContextMenuRequested.connect(self._on_menu)
        one.currentItemChanged.connect(lambda item, _before: self._choose(item))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.show_frames(self._frames)

    @property
    def frames(self) -> list[FrameRow]:
        """The frames that are shown, innermost first."""
        return self._frames

    def show_frames(self, frames: Sequence[FrameRow], *, current: int = 0) -> None:
        """Show a call stack; ``current`` is the frame that is looked at, from the innermost."""
        blocker = QSignalBlocker(self.list)
        self.list.setEnabled(True)
        self._frames = list(frames)
        self.list.clear()
        task = ""
        for one in frames:
            is_other = one.task and one.task != task
            task = one.task
            function = one.function + (f"   task {task}" if is_other else "")
            place = f"{os.path.basename(one.file)}:{one.line}" if one.file else ""
            item = QTreeWidgetItem(self.list, [function, place])
            item.setData(0, _ROW, one)
            item.setToolTip(0, f"{one.function}\n{one.file}, line {one.line}")
            muted = QColor(self._theme.muted)
            item.setForeground(1, muted)
            if not one.is_mine:
                item.setForeground(0, muted)
            if one.is_awaiting:
                font = QFont(self.list.font())
                font.setItalic(True)
                item.setFont(0, font)
                item.setText(0, f"awaits: {function}")
        self.list.setCurrentItem(self.list.topLevelItem(current))
        del blocker

    def show_threads(self, threads: Sequence[ThreadRow], current: int) -> None:
        """Offer these threads; those that run can be looked at only once they stand."""
        self.threads.clear()
        for one in threads:
            where = f"{one.function}, {os.path.basename(one.file)}:{one.line}" if one.file else ""
            state = "" if one.stands else "  (runs)"
            self.threads.addItem(f"{one.name}  {where}{state}", one.ident if one.stands else 0)
            item = self._thread_items.item(self.threads.count() - 1)
            if item is not None and not one.stands:
                item.setEnabled(False)  # there is nothing to be looked at before it stands
            if one.ident == current:
                self.threads.setCurrentIndex(self.threads.count() - 1)
        self.threads.setEnabled(len(threads) > 1)

    def show_running(self) -> None:
        """Show that the program runs: where it stood stays, pale, and cannot be looked at."""
        self.list.setEnabled(False)
        self.threads.setEnabled(False)

    def show_stepping(self, *, all_threads: bool, my_code: bool) -> None:
        """Show how the program stops and steps."""
        for box, on in ((self.all_threads, all_threads), (self.my_code, my_code)):
            blocker = QSignalBlocker(box)
            box.setChecked(on)
            del blocker

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        row = item.data(0, _ROW) if item is not None else None
        if isinstance(row, FrameRow):
            self.frame_chosen.emit(row)

    def _on_menu(self, at: QPoint) -> None:
        item, viewport = self.list.itemAt(at), self.list.viewport()
        row = item.data(0, _ROW) if item is not None else None
        if not isinstance(row, FrameRow) or viewport is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for scope in scopes_of(row.function):
            ask = partial(self.follow_asked.emit, f"in {scope}")
            menu.addAction(f"Step only in {scope}", ask)
        menu.addAction("Step everywhere", partial(self.follow_asked.emit, ""))
        menu.addSeparator()
        menu.addAction("Copy the stack", self._copy)
        menu.popup(viewport.mapToGlobal(at))

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            lines = [f"{one.function}  {one.file}:{one.line}" for one in self._frames]
            clipboard.setText("\n".join(lines))

    def _choose_thread(self, _row: int) -> None:
        ident = self.threads.currentData()
        if isinstance(ident, int) and ident:
            self.thread_chosen.emit(ident)

    def _tell_stepping(self, _on: bool) -> None:
        self.stepping_changed.emit(self.all_threads.isChecked(), self.my_code.isChecked())


def scopes_of(function: str) -> list[str]:
    """Return to what steps can be limited in a frame: its function, and what that stands in."""
    if function.startswith("<module") or not function:
        return []
    outer = function.rpartition(".")[0].removesuffix(".<locals>")
    return [function, outer] if outer else [function]
