"""NumbersLens: the common part of table and grid: what is copied, formatted, plotted and found."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QAction, QColor, QGuiApplication, QKeySequence, QPalette
from PyQt6.QtWidgets import QMenu, QVBoxLayout

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.cell_text import NumberFormat
from pyprobe.plots.go_field import GoField
from pyprobe.plots.leaf_lens import LeafLens, leaf_text
from pyprobe.plots.numbers_model import MOST_ROWS, NumbersModel
from pyprobe.plots.numbers_view import MOST_COPIED, NumbersView
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.theme import PlotTheme


class NumbersLens(LeafLens):
    """A subclass fills the model from the newest value."""

    def __init__(self, theme: PlotTheme, color: str, model: NumbersModel) -> None:
        super().__init__()
        self.model = model
        self.view = NumbersView(model)
        self.view.tsv_asked.connect(self.copy_tsv)
        self.view.python_asked.connect(self.copy_python)
        self.view.go_asked.connect(self.ask_where)
        self.view.column_menu_asked.connect(self._open_column_menu)
        self.view.customContextMenuRequested.connect(self._ask_for_menu)
        self.setFocusProxy(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.go_field = GoField(self.go_to_text)
        layout.addWidget(self.go_field)
        layout.addWidget(self.view)
        self.format_menu = OptionMenu("Numbers", model.format, self._on_format, self)
        self.tsv_action = self._action("Copy as TSV", "Ctrl+C", self.copy_tsv)
        self.python_action = self._action("Copy as Python", "Ctrl+Shift+C", self.copy_python)
        self.go_action = self._action("Go to…", "Ctrl+G", self.ask_where)
        self.set_theme(theme, color)

    def _action(self, text: str, keys: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        # The view hears the keys itself; here they are told.
        action.setText(
            f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}"
        )
        action.triggered.connect(lambda _on: self.guarded(do))
        return action

    # What is shown.

    def reload(self, fill: Callable[[], object], *, is_same: bool) -> None:
        """Take a new value; where rows and columns are the same, what is selected stays."""
        if is_same:
            fill()
            self.view.fit_columns()
        else:
            current = self.view.currentIndex()
            place = (current.row(), current.column()) if current.isValid() else None
            bars = (self.view.verticalScrollBar(), self.view.horizontalScrollBar())
            at = [bar.value() if bar is not None else 0 for bar in bars]
            self.model.beginResetModel()
            fill()
            self.model.endResetModel()
            self.view.fit_columns()
            if place is not None:
                self.view.setCurrentIndex(self.model.index(*place))
            for bar, value in zip(bars, at, strict=True):
                if bar is not None:
                    bar.setValue(value)
        self.view.repaint_cells()

    def plotted_changed(self) -> None:
        """Draw the marks anew."""
        self.model.plotted = dict(self.plotted)
        self.view.repaint_cells()

    def cut_notes(self) -> tuple[str, ...]:
        """Say where there are more rows than can be scrolled through."""
        rows = self.model.size()[0]
        return (f"first {MOST_ROWS:,} of {rows:,} rows",) if rows > MOST_ROWS else ()

    # Copying and finding.

    def copy_tsv(self) -> None:
        """Copy the selection for a spreadsheet."""
        self._copy(self.view.as_tsv)

    def copy_python(self) -> None:
        """Copy the selection as the source of an array."""
        self._copy(self.view.as_python)

    def _copy(self, make: Callable[[], str]) -> None:
        count, clipboard = self.view.selected_count, QGuiApplication.clipboard()
        if not count or clipboard is None:
            self.readout_changed.emit("nothing is selected")
        elif count > MOST_COPIED:
            self.readout_changed.emit(f"{count:,} cells are too many to copy")
        else:
            self.guarded(lambda: clipboard.setText(make()))
            self.readout_changed.emit(f"copied {count:,} {'cell' if count == 1 else 'cells'}")

    def ask_where(self) -> None:
        """Ask for a place to go to."""
        self.go_field.ask(self.where_text())

    def where_text(self) -> str:
        """Return how a place is written."""
        return "row, column"

    def go_to_text(self, text: str) -> str:
        """Go to a place that was typed; return what is wrong with it, or ``""``."""
        parts = [part.strip() for part in text.strip().strip("[]").split(",")]
        try:
            numbers = [int(part) for part in parts]
        except ValueError:
            return f"a place is {self.where_text()}"
        place = self.place_of(numbers)
        if place is None or not self.view.go_to(*place):
            return f"there is no [{', '.join(parts)}]"
        self.view.setFocus()
        return ""

    @abstractmethod
    def place_of(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        """Return row and column in the view of a place that was typed."""

    # Menus.

    def leaf_actions(self, menu: QMenu | None, path: Path, what: str) -> list[QAction]:
        """Return the action that plots a leaf, or ends that."""
        if not path:
            return []
        verb = "Remove the plot of" if path in self.plotted else "Plot"
        action = QAction(f"{verb} {what}".replace("&", "&&"), menu or self)
        action.triggered.connect(lambda _on: self.leaf_asked.emit(path))
        return [action]

    def column_menu(self, column: int) -> QMenu:
        """Return the menu of a column's header."""
        menu = QMenu(self)
        menu.addActions(self.leaf_actions(menu, self.model.column_path(column), "this column"))
        self.view.selectColumn(column)
        menu.addActions([self.tsv_action, self.python_action])
        return menu

    def _open_column_menu(self, column: int, position: QPoint) -> None:
        self.guarded(lambda: self.column_menu(column).popup(position))

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        index = self.view.currentIndex()
        found: list[QAction] = []
        if index.isValid():
            column = self.model.column_path(index.column())
            name = self.model.column_name(index.column())
            found += self.leaf_actions(None, column, f"column {name}")
            cell = self.model.cell_path(index.row(), index.column())
            found += self.leaf_actions(None, cell, leaf_text(cell))
        return (
            *found,
            self.tsv_action,
            self.python_action,
            self.go_action,
            self.format_menu.action,
        )

    def _on_format(self, form: NumberFormat) -> None:
        self.model.format = form
        self.view.repaint_cells()
        self.changed.emit()

    def _ask_for_menu(self, position: QPoint) -> None:
        viewport = self.view.viewport()
        if viewport is not None:
            self.menu_requested.emit(viewport.mapToGlobal(position))

    # Looks and memory.

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        palette = self.view.palette()
        for role, name in (
            (QPalette.ColorRole.Base, theme.canvas),
            (QPalette.ColorRole.Text, theme.text),
            (QPalette.ColorRole.PlaceholderText, theme.muted),
            (QPalette.ColorRole.Window, theme.panel),
        ):
            palette.setColor(role, QColor(name))
        self.view.setPalette(palette)
        self.view.setStyleSheet(
            f"QTableView {{ gridline-color: {theme.grid}; }}"
            f"QTableView::item {{ padding: 0 4px; }}"
            f"QHeaderView::section {{ background: {theme.panel}; color: {theme.muted};"
            f" border: none; border-right: 1px solid {theme.grid};"
            f" border-bottom: 1px solid {theme.grid}; padding: 2px 5px; }}"
            f"QHeaderView {{ background: {theme.panel}; }}"
            f"QTableCornerButton::section {{ background: {theme.panel}; border: none;"
            f" border-right: 1px solid {theme.grid}; border-bottom: 1px solid {theme.grid}; }}"
        )
        self.go_field.set_theme(theme)
        self.view.repaint_cells()

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {"numbers": self.model.format.value}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.format_menu.restore(state.get("numbers"))
        self.model.format = self.format_menu.choice
        self.view.repaint_cells()
