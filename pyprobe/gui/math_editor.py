"""MathEditor: writes the expression of a math trace over the window, and says what is wrong."""

from collections.abc import Callable, Mapping

from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QLabel, QLineEdit, QMainWindow, QVBoxLayout

from pyprobe.errors import MathError
from pyprobe.gui.overlay import Overlay
from pyprobe.session.math_expression import MOST_CHARACTERS, check, trace_names

_WIDTH_PX = 560
_MARGIN_PX = 10
_TOP_PX = 44
_MOST_NAMES = 12
_EXAMPLES = "for example  tr0 - tr1,  abs(fft(tr0)),  cumsum(tr0) * 0.1"


class MathEditor(Overlay):
    """``take`` gets the expression on Enter. ``named`` are the traces' titles by their names."""

    def __init__(
        self,
        window: QMainWindow,
        named: Mapping[str, str],
        expression: str,
        take: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self.setAccessibleName("Math trace")
        self._take = take
        self._named = named
        self.field = QLineEdit(expression)
        self.field.setObjectName("overlayField")
        self.field.setAccessibleName("Expression over traces")
        self.field.setPlaceholderText(_EXAMPLES)
        self.field.setMaxLength(MOST_CHARACTERS)
        self.field.selectAll()
        self.field.returnPressed.connect(self._enter)
        self.field.textChanged.connect(self._judge)
        self.problem = QLabel()
        self.problem.setObjectName("overlayProblem")
        self.problem.setWordWrap(True)
        self.names = QLabel(self._names_text())
        self.names.setObjectName("overlayNote")
        self.names.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        for part in (self.field, self.problem, self.names):
            layout.addWidget(part)
        self._judge()

    def _names_text(self) -> str:
        shown = [f"{name}  {title}" for name, title in list(self._named.items())[:_MOST_NAMES]]
        if len(self._named) > _MOST_NAMES:
            shown.append(f"and {len(self._named) - _MOST_NAMES} more")
        functions = "with the functions of numpy and scipy.signal"
        return "\n".join((*shown, functions)) if shown else "there is no trace yet; probe one first"

    def place(self) -> None:
        """Lie at the top of the window, in the middle."""
        room = self.room()
        width = min(_WIDTH_PX, room.width() - 2 * _MARGIN_PX)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((room.width() - width) // 2, _TOP_PX)

    def problem_of(self, expression: str) -> str:
        """Return what is wrong with an expression as it is typed; ``""`` where nothing is."""
        try:
            check(expression)
        except MathError as error:
            return str(error)
        missing = [name for name in trace_names(expression) if name not in self._named]
        if missing:
            return f"there is no trace {missing[0]}"
        return "" if trace_names(expression) else "an expression names a trace, such as tr0"

    def _judge(self) -> None:
        text = self.field.text()
        problem = self.problem_of(text) if text.strip() else ""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.place()

    def _enter(self) -> None:
        text = self.field.text().strip()
        problem = self.problem_of(text)
        if problem:
            self.problem.setText(problem)
            self.problem.show()
            self.place()
            return
        self.close_overlay()
        self._take(text)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Escape closes."""
        super().keyPressEvent(a0)
