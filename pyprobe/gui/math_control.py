"""MathControl: the window's math traces: added, changed, removed, brought up to date, undone."""

from collections.abc import Callable, Iterable

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QMainWindow

from pyprobe.gui.math_editor import MathEditor
from pyprobe.gui.undo import UndoStack
from pyprobe.session.math_board import MathBoard
from pyprobe.session.math_trace import MathTrace
from pyprobe.session.trace import Trace

_LOOK_MS = 500


class MathControl(QObject):
    """``changed``: math traces have come or gone. ``computed`` carries the ids of new results."""

    changed = pyqtSignal()
    computed = pyqtSignal(object)

    def __init__(
        self,
        window: QMainWindow,
        sources: Callable[[], Iterable[Trace]],
        wakeup: Callable[[], None],
        undo: UndoStack,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._undo = undo
        self.board = MathBoard(sources, wakeup)
        self._look = QTimer(self)  # for an expression that takes too long: nothing else tells
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.collect)
        board = self.board
        self.destroyed.connect(lambda: board.close())

    def edit_new(self) -> None:
        """Ask for the expression of a new math trace."""
        self._open("", self.add)

    def edit(self, trace: MathTrace) -> None:
        """Ask for another expression."""
        self._open(trace.expression, lambda expression: self.set_expression(trace, expression))

    def _open(self, expression: str, take: Callable[[str], object]) -> None:
        named = {name: trace.title for name, trace in self.board.named().items()}
        editor = MathEditor(self._window, named, expression, take)
        editor.open(editor.field)

    def add(self, expression: str) -> MathTrace:
        """Add a math trace."""
        taken = {trace.color_index for trace in self.board.named().values()}
        color = next(index for index in range(len(taken) + 1) if index not in taken)
        trace = self.board.add(expression, color_index=color)
        self._tell()
        self._undo.push(
            f"add {trace.title}", lambda: self._restore(trace), lambda: self._remove(trace)
        )
        return trace

    def remove(self, trace: MathTrace) -> None:
        """Take a math trace away."""
        self._remove(trace)
        self._undo.push(
            f"remove {trace.title}", lambda: self._remove(trace), lambda: self._restore(trace)
        )

    def set_expression(self, trace: MathTrace, expression: str) -> None:
        """Compute something else."""
        before = trace.expression
        if expression == before:
            return
        self._set(trace, expression)
        self._undo.push(
            f"change {trace.name}",
            lambda: self._set(trace, expression),
            lambda: self._set(trace, before),
        )

    def _set(self, trace: MathTrace, expression: str) -> None:
        self.board.set_expression(trace, expression)
        self._tell()
        self.computed.emit({trace.id})

    def _remove(self, trace: MathTrace) -> None:
        self.board.remove(trace)
        self._tell()

    def _restore(self, trace: MathTrace) -> None:
        self.board.restore(trace)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self.watch()

    def update(self, trace_ids: set[int]) -> None:
        """Compute anew what depends on these traces."""
        if self.board.traces:
            self.board.update(trace_ids)
            self.watch()

    def show_at(self, t_ns: int | None) -> None:
        """Let what is computed be what was true at a time, too; None is live."""
        self.board.show_at(t_ns)
        self.watch()

    def collect(self) -> None:
        """Take what has been computed."""
        found = self.board.collect()
        if found:
            self.computed.emit(found)
        self.watch()

    def watch(self) -> None:
        """Look now and then whether what is computed takes too long, while something is."""
        if self.board.is_idle:
            self._look.stop()
        elif not self._look.isActive():
            self._look.start()
