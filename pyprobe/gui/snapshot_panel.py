"""SnapshotPanel: what was taken under which label, when and where; the values of the one chosen."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyprobe.gui.condition_field import Names
from pyprobe.gui.snapshot_tree import SnapshotTree
from pyprobe.gui.snapshot_watches import SnapshotWatches
from pyprobe.gui.theme import Theme
from pyprobe.session.snapshots import Snapshot

_NUMBER = Qt.ItemDataRole.UserRole
_LABEL, _CAPTURE, _PLACE = 1, 3, 4
_CAPTURE_FROM_EM, _PLACE_FROM_EM = 36, 60
_LEAST_PX = 24  # of a list that gives way
_EMPTY = "No snapshot yet. Say above when one is to be taken: it keeps the newest value of every "
_EMPTY_REST = "probe and the locals of the line that was hit."


class SnapshotPanel(QWidget):
    """``moment_wanted`` carries the time of a snapshot that the whole window is to show, and
    ``place_wanted`` the place in the source of one.
    """

    moment_wanted = pyqtSignal(object)
    place_wanted = pyqtSignal(str)

    def __init__(self, theme: Theme, names: Names) -> None:
        super().__init__()
        self._theme = theme
        self._shown: dict[int, Snapshot] = {}
        self.watches = SnapshotWatches(names)
        self.list: QTreeWidget = _List()
        self.tree = SnapshotTree(theme)
        self.go = QPushButton("Show this moment")
        self.go.setToolTip("Move the time of the whole window there (double click)")
        self.go.setEnabled(False)
        self.empty = QLabel(_EMPTY + _EMPTY_REST)
        self.empty.setObjectName("emptyHint")
        self.empty.setWordWrap(True)
        self.empty.setMargin(12)
        self._set_up_list()
        self._lay_out()
        self.setFocusProxy(self.watches.condition)
        self.show_snapshots((), epoch_ns=0, forgotten=0)

    def _set_up_list(self) -> None:
        one = self.list
        one.currentItemChanged.connect(lambda item, _before: self._choose(item))
        one.itemDoubleClicked.connect(lambda _item, _column: self._go())
        self.go.clicked.connect(self._go)

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        beside = QVBoxLayout(right)
        for layout in (column, beside):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        beside.addWidget(self.tree, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 3, 8, 5)
        self.forgotten = QLabel()
        self.forgotten.setObjectName("emptyHint")
        foot.addWidget(self.forgotten, 1)
        foot.addWidget(self.go)
        beside.addLayout(foot)
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([480, 520])
        splitter.setChildrenCollapsible(False)
        for view in (self.list, self.tree):
            view.setMinimumHeight(_LEAST_PX)  # in a low dock they give way, and not what is typed
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        outer.addWidget(self.watches)
        outer.addWidget(splitter, 1)
        self._right = right

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme
        self.tree.set_theme(theme)
        self._choose(self.list.currentItem())

    def show_snapshots(
        self, snapshots: Sequence[Snapshot], *, epoch_ns: int, forgotten: int
    ) -> None:
        """List these; one that comes while the newest is chosen is chosen in its place."""
        rows = {one.number: one for one in snapshots}
        self.forgotten.setText(f"{forgotten:,} older ones are forgotten" if forgotten else "")
        if list(rows) != list(self._shown):
            was_newest = self._chosen() in (None, *list(self._shown)[-1:])
            self._match(rows, epoch_ns)
            if was_newest and rows:
                self.list.setCurrentItem(self.list.topLevelItem(len(rows) - 1))
        self.empty.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self._right.setVisible(bool(rows))

    def _match(self, rows: dict[int, Snapshot], epoch_ns: int) -> None:
        gone = [number for number in self._shown if number not in rows]
        for _number in gone:  # the oldest go first
            self.list.takeTopLevelItem(0)
        for number, one in rows.items():
            if number not in self._shown:
                seconds = (one.t_ns - epoch_ns) / 1e9
                texts = [
                    f"{number}",
                    one.label,
                    f"{seconds:.6f} s",
                    f"{one.seq:,}",
                    _short(one.place),
                ]
                item = QTreeWidgetItem(self.list, texts)
                item.setToolTip(_LABEL, f"{one.label}\n{one.place}")
                item.setToolTip(_PLACE, one.place)
                item.setData(0, _NUMBER, number)
                item.setForeground(_PLACE, QColor(self._theme.muted))
                for column in (0, 2, 3):
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(column, right)
        self._shown = rows

    def _chosen(self) -> int | None:
        item = self.list.currentItem()
        return int(item.data(0, _NUMBER)) if item is not None else None

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        chosen = self._shown.get(int(item.data(0, _NUMBER))) if item is not None else None
        self.tree.show_snapshot(chosen)
        self.go.setEnabled(chosen is not None)

    def _go(self) -> None:
        chosen = self._shown.get(self._chosen() or 0)
        if chosen is not None:
            self.place_wanted.emit(chosen.place)
            self.moment_wanted.emit(chosen.t_ns)


class _List(QTreeWidget):
    """Where there is little room a column goes and the label gives way, but no number is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels(["#", "Label", "Time", "Capture", "Place"])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAccessibleName("Snapshots")
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(_LABEL, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Show what there is room for."""
        super().resizeEvent(e)
        viewport = self.viewport()
        if viewport is not None:
            width_em = viewport.width() / self.fontMetrics().horizontalAdvance("0")
            self.setColumnHidden(_CAPTURE, width_em < _CAPTURE_FROM_EM)
            self.setColumnHidden(_PLACE, width_em < _PLACE_FROM_EM)


def _short(place: str) -> str:
    """Return ``FILE:LINE FUNCTION`` without the folders."""
    return place.replace("\\", "/").rpartition("/")[2]
