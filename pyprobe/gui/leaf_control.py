"""LeafControl: leaves of trees and tables as traces: made by a click, removed, dragged, undone."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PyQt6.QtCore import QMimeData, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QDrag

from pyprobe.gui.undo import UndoStack
from pyprobe.ipc.tree_form import Path
from pyprobe.plots.leaf_lens import LeafLens
from pyprobe.plots.trace_drag import dropped_leaf, leaf_mime
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.session.leaf_board import LeafBoard
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.trace import Trace


class LeafControl(QObject):
    """``changed``: leaf traces have come or gone. ``taken`` carries the ids of those with news that
    nothing else tells of. ``said`` carries a hint.

    ``colors`` gives the colour indices that are taken.
    """

    changed = pyqtSignal()
    taken = pyqtSignal(object)
    said = pyqtSignal(str)

    def __init__(
        self,
        parent: QObject,
        sources: Callable[[], Iterable[Trace]],
        colors: Callable[[], set[int]],
        undo: UndoStack,
    ) -> None:
        super().__init__(parent)
        self.board = LeafBoard(sources)
        self._colors = colors
        self._undo = undo
        self._later = QTimer(self)  # what is long is taken between the events of the window
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._go_on)
        board = self.board
        self.destroyed.connect(lambda: board.close())

    # Lenses.

    def attach(self, panel: TracePanel) -> None:
        """Hear what is asked of the lenses of a panel, and mark in them what is plotted."""
        heard: set[LeafLens] = set()

        def hear(_name: str) -> None:
            lens = panel.lens
            if isinstance(lens, LeafLens) and lens not in heard:
                heard.add(lens)
                lens.leaf_asked.connect(lambda path: self.toggle(panel.trace, path))
                lens.leaf_dragged.connect(lambda path: self._drag(panel, path))

        panel.lens_changed.connect(hear)
        panel.lens_changed.connect(lambda _name: self.mark(panel))

    def mark(self, panel: TracePanel) -> None:
        """Mark the leaves that have a trace, in the lens that a panel shows."""
        if isinstance(panel.lens, LeafLens):
            there = self.board.traces
            color_of = panel.theme.trace_color
            panel.lens.set_plotted(
                {
                    leaf.path: color_of(leaf.color_index)
                    for leaf in self.board.of(panel.trace)
                    if leaf.id in there
                }
            )

    def _drag(self, panel: TracePanel, path: Path) -> None:
        drag = QDrag(panel)
        drag.setMimeData(leaf_mime(panel.trace.id, path))
        drag.exec(Qt.DropAction.CopyAction)

    def dropped(
        self, mime: QMimeData, traces: Mapping[int, Trace], park: Callable[[int], None]
    ) -> LeafTrace | None:
        """Return the trace of a leaf that was dropped, a new one if need be, parked then."""
        match dropped_leaf(mime):
            case (int(trace_id), tuple(path)) if trace_id in traces:
                source = traces[trace_id]
                known = self.board.find(source, path)
                return known or self.add(source, path, park=park)
        return None

    # Leaf traces.

    def toggle(self, source: Trace, path: Path) -> None:
        """Plot a leaf, or do not plot it any more."""
        known = self.board.find(source, path)
        if known is not None:
            self.remove(known)
        else:
            leaf = self.add(source, path)
            self.said.emit(f"{leaf.label} is plotted; a click on it again removes its plot.")

    def add(
        self, source: Trace, path: Path, *, park: Callable[[int], None] | None = None
    ) -> LeafTrace:
        """Make a leaf a trace; ``park`` hears its id before its plot is made."""
        taken = self._colors()
        color = next(index for index in range(len(taken) + 1) if index not in taken)
        leaf = self.board.add(source, path, color_index=color)
        if park is not None:
            park(leaf.id)
        self._tell()
        self._undo.push(
            f"plot {leaf.label}", partial(self._restore, leaf), partial(self._remove, leaf)
        )
        return leaf

    def remove(self, leaf: LeafTrace) -> None:
        """Take a leaf trace away."""
        self._remove(leaf)
        self._undo.push(
            f"remove {leaf.label}", partial(self._remove, leaf), partial(self._restore, leaf)
        )

    def _remove(self, leaf: LeafTrace) -> None:
        self.board.remove(leaf)
        self._tell()

    def _restore(self, leaf: LeafTrace) -> None:
        self.board.restore(leaf)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self._watch()

    def update(self, trace_ids: set[int]) -> set[int]:
        """Take the news of these traces; return the ids of the leaf traces that have news, too."""
        found = self.board.update(trace_ids)
        self._watch()
        return found

    def _go_on(self) -> None:
        found = self.board.go_on()
        if found:
            self.taken.emit(found)
        self._watch()

    def _watch(self) -> None:
        if not self.board.is_idle and not self._later.isActive():
            self._later.start(0)
