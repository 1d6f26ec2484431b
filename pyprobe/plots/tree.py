"""Tree: a value with parts, unfolded where the user likes, each number plotted by a click."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction, QColor, QGuiApplication, QKeySequence, QPalette
from PyQt6.QtWidgets import QVBoxLayout

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.leaf_lens import LeafLens, leaf_text
from pyprobe.plots.previous_value import previous_value
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.tree_model import TreeColumn, TreeModel
from pyprobe.plots.tree_view import TreeView
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.tree_value import TreeValue

_MOST_REMEMBERED = 200


class TreeLens(LeafLens):
    """The newest tree; what changed since the capture before stands in the accent colour."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__()
        self.model = TreeModel(theme, self)
        self.view = TreeView(self.model)
        self.view.chosen.connect(self.leaf_asked)
        self.view.dragged.connect(self.leaf_dragged)
        self.view.customContextMenuRequested.connect(self._ask_for_menu)
        self.view.expanded.connect(lambda _index: self.changed.emit())
        self.view.collapsed.connect(lambda _index: self.changed.emit())
        self.setFocusProxy(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.plot_action = QAction("Plot it", self)
        self.plot_action.triggered.connect(self._plot)
        self.copy_action = QAction("Copy value", self)
        self.copy_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the view hears it
        self.addAction(self.copy_action)
        self.copy_action.triggered.connect(self._copy)
        self.view.copy_asked.connect(self._copy)
        self.set_theme(theme, color)

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        value = history.last
        if not isinstance(value, TreeValue) or value is self.model.value:
            return
        before = previous_value(history)
        self.view.show_value(value, before if isinstance(before, TreeValue) else None)

    def plotted_changed(self) -> None:
        """Draw the marks anew."""
        self.model.plotted = self.plotted
        self.view.repaint_rows()

    def notes(self) -> tuple[str, ...]:
        """Say what kind of value it is, and whether it is whole."""
        value = self.model.value
        if value is None:
            return ()
        return (f"{value.type_name}, cut at the source" if value.cut else value.type_name,)

    def view_actions(self) -> Sequence[QAction]:
        """Return what can be done with the chosen row."""
        index = self.view.currentIndex().siblingAtColumn(TreeColumn.NAME)
        if not index.isValid():
            return ()
        path = self.model.path(index)
        verb = "Remove the plot of" if path in self.plotted else "Plot"
        self.plot_action.setText(f"{verb} {leaf_text(path)}".replace("&", "&&"))
        self.plot_action.setVisible(self.model.is_plottable(index))
        return (self.plot_action, self.copy_action)

    def _plot(self) -> None:
        self.leaf_asked.emit(self.model.path(self.view.currentIndex()))

    def _copy(self) -> None:
        item, clipboard = self.view.current_item(), QGuiApplication.clipboard()
        if item is not None and clipboard is not None:
            clipboard.setText(self.model.text(item, TreeColumn.VALUE))

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.model.set_theme(theme)
        palette = self.view.palette()
        for role, name in (
            (QPalette.ColorRole.Base, theme.canvas),
            (QPalette.ColorRole.Text, theme.text),
            (QPalette.ColorRole.PlaceholderText, theme.muted),
        ):
            palette.setColor(role, QColor(name))
        self.view.setPalette(palette)
        self.view.repaint_rows()

    def state(self) -> dict[str, object]:
        """Return what is unfolded."""
        return {"open": [list(path) for path in self.view.opened()[:_MOST_REMEMBERED]]}

    def restore(self, state: Mapping[str, object]) -> None:
        """Unfold what was unfolded once."""
        paths = state.get("open")
        found: set[Path] = {
            tuple(map(str, path))
            for path in (paths if isinstance(paths, list) else ())
            if isinstance(path, list)
        }
        if isinstance(paths, list):
            self.view.open_paths(found)

    def _ask_for_menu(self, position: QPoint) -> None:
        self.menu_requested.emit(self.view.menu_point(position))
