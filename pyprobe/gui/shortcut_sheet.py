"""ShortcutSheet: all keys and gestures on one sheet, made from the actions themselves."""

from collections.abc import Iterable, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pyprobe.gui.action_list import (
    ON_A_PLOT,
    keys_of,
    menu_actions,
    plain_text,
    widget_actions,
)
from pyprobe.gui.overlay import Overlay
from pyprobe.gui.shortcut_text import FIXED_GROUPS, SheetGroup, SheetRow

_COLUMN_PX = 310
_MOST_COLUMNS = 4
_SIDE_PX = 22
_RIGHT_PX = 8
_TOP_PX = 16
_SPACE_PX = 12
_TITLE_ROWS = 2  # what a title and the space above it take, in rows


def shortcut_groups(window: QMainWindow) -> list[SheetGroup]:
    """Return every action that has keys, by menu or widget, then what is done without actions."""
    rows: dict[str, list[SheetRow]] = {}
    for group, action in (*menu_actions(window), *widget_actions(window)):
        row = SheetRow(plain_text(action).rstrip("…"), keys_of(action))
        known = rows.setdefault(group, [])
        if row.keys and row.keys not in [one.keys for one in known]:  # plots have the same ones
            known.append(row)
    fixed = {group.title: group.rows for group in FIXED_GROUPS}
    everywhere = {line.keys for lines in fixed.values() for line in lines}
    for title, lines in fixed.items():
        own = everywhere if title == ON_A_PLOT else {line.keys for line in lines}
        rows[title] = [*lines, *(row for row in rows.pop(title, []) if row.keys not in own)]
    return [SheetGroup(title, tuple(lines)) for title, lines in rows.items() if lines]


def share_out(groups: Sequence[SheetGroup], columns: int) -> list[list[SheetGroup]]:
    """Deal groups in their order into columns that are about equally long."""
    heights = [len(group.rows) + _TITLE_ROWS for group in groups]
    low, high = max(heights, default=0), sum(heights)
    while low < high:  # the least height into which the groups fit
        middle = (low + high) // 2
        if _columns_needed(heights, middle) <= columns:
            high = middle
        else:
            low = middle + 1
    dealt: list[list[SheetGroup]] = [[]]
    used = 0
    for group, height in zip(groups, heights, strict=True):
        if used and used + height > low:
            dealt.append([])
            used = 0
        dealt[-1].append(group)
        used += height
    return dealt


def _columns_needed(heights: Iterable[int], limit: int) -> int:
    columns, used = 1, 0
    for height in heights:
        if used and used + height > limit:
            columns, used = columns + 1, 0
        used += height
    return columns


class ShortcutSheet(Overlay):
    """A read-only sheet; Escape, ``?`` or a click beside it closes it."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAccessibleName("Keyboard shortcuts")
        self.groups = shortcut_groups(window)
        self._area = QScrollArea()
        self._area.setObjectName("overlayArea")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._columns = 0
        self._heading = QLabel("Keyboard and mouse")
        self._heading.setObjectName("overlayTitle")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE_PX, _TOP_PX, _RIGHT_PX, _TOP_PX)
        layout.setSpacing(_SPACE_PX)
        layout.addLayout(_heading_row(self._heading))
        layout.addWidget(self._area, 1)
        self.setFocusProxy(self._area)

    def place(self) -> None:
        """Stand in the middle, as wide as its columns, no taller than the window."""
        room = self.room()
        columns = max(1, min(_MOST_COLUMNS, (room.width() - 60) // _COLUMN_PX))
        if columns != self._columns:
            self._columns = columns
            self._area.setWidget(_page(share_out(self.groups, columns)))
        page = self._area.widget()
        assert page is not None  # it was given above
        width = min(columns * _COLUMN_PX + _SIDE_PX + 20, room.width() - 24)
        around_px = self._heading.sizeHint().height() + 2 * _TOP_PX + _SPACE_PX + 4
        inside_px = page.heightForWidth(width - _SIDE_PX - _RIGHT_PX)
        height = min(inside_px + around_px, room.height() - 40)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.text() == "?":
            self.close_overlay()
            return
        super().keyPressEvent(a0)


def _heading_row(title: QLabel) -> QHBoxLayout:
    hint = QLabel("Ctrl+Shift+P finds any action by its name. Esc closes this sheet.")
    hint.setObjectName("emptyHint")
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 14, 0)
    row.addWidget(title)
    row.addStretch(1)
    row.addWidget(hint)
    return row


def _page(columns: list[list[SheetGroup]]) -> QWidget:
    page = QWidget()
    page.setObjectName("overlayPage")
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 14, 0)
    row.setSpacing(28)
    for groups in columns:
        column = QVBoxLayout()
        column.setSpacing(14)
        for group in groups:
            column.addLayout(_table(group))
        column.addStretch(1)
        row.addLayout(column, 1)
    return page


def _table(group: SheetGroup) -> QGridLayout:
    table = QGridLayout()
    table.setVerticalSpacing(3)
    table.setHorizontalSpacing(10)
    table.setColumnStretch(0, 1)
    title = QLabel(group.title)
    title.setObjectName("sheetTitle")
    table.addWidget(title, 0, 0, 1, 2)
    for place, line in enumerate(group.rows, start=1):
        text, keys = QLabel(line.text), QLabel(line.keys)
        text.setWordWrap(True)
        keys.setObjectName("sheetKeys")
        keys.setAlignment(Qt.AlignmentFlag.AlignCenter)
        table.addWidget(text, place, 0)
        table.addWidget(keys, place, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return table
