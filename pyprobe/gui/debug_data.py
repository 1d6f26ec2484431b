"""DataBreakpoints: stop when a variable changes; what it costs is shown before it is taken."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from pyprobe.analysis.occurrence import Occurrence, StepKind
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.qualnames import canonical_qualname
from pyprobe.errors import PyProbeError
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.condition_field import ConditionField, Names
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.inline_editor import InlineEditor
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_control import BreakpointControl
    from pyprobe.gui.window_base import WindowBase

Take = Callable[[str, bool], str]


class DataBreakpoints(QObject):
    """Asks in place below the variable, and sets what is wanted."""

    said = pyqtSignal(str)

    def __init__(
        self, window: "WindowBase", session: Session, control: "BreakpointControl"
    ) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._control = control

    def ask(self, path: str, occurrence: Occurrence) -> "DataEditor | None":
        """Open the question below a variable; None, and it is said why, where it cannot be."""
        page = self._window.source_area.pages.get(path)
        source, board = self._window.workspace.open(path), self._control.board
        try:
            costs = [
                board.cost_of_data(occurrence, path, in_place=in_place)
                for in_place in (False, True)
            ]
        except PyProbeError as error:
            self.said.emit(f"It cannot be watched: {error}.")
            return None
        if page is None:
            return None
        base = self._base_of_one(path, occurrence)
        if base:
            costs = [f"Only of the object that {base} is now. {cost}" for cost in costs]
        for old in page.view.findChildren(DataEditor):
            old.close_editor()

        def names(base: str) -> list[str]:
            line = occurrence.line
            return attributes_of(source, base, line) if base else names_at(source, line)

        def take(condition: str, in_place: bool) -> str:
            return self._set(path, editor.occurrence, condition, in_place)

        def text() -> str:
            return self._window.workspace.open(path).text

        editor = DataEditor(page.view, occurrence, costs, names, take, text=text)
        self._window.sources.sources_changed.connect(editor.follow_edits)
        editor.open_editor()
        return editor

    def _base_of_one(self, path: str, occurrence: Occurrence) -> str:
        """Return what has the attribute, where the one that it is now is meant; else ``""``."""
        steps, stop = occurrence.path.steps, self._session.debug.stop
        if stop is None or not steps or steps[-1].kind is not StepKind.ATTRIBUTE:
            return ""
        function = canonical_qualname(stop.function)
        is_here = (stop.file, function) == (path, occurrence.scope.qualname or "<module>")
        return occurrence.symbol.rpartition(".")[0] if is_here else ""

    def _set(self, path: str, occurrence: Occurrence, condition: str, in_place: bool) -> str:
        self._control.moves.keep_text(path)
        try:
            self._control.board.add_data(occurrence, path, condition=condition, in_place=in_place)
        except PyProbeError as error:
            return f"{error}."
        self.said.emit(f"Stops when {occurrence.symbol} changes.")
        self._control.show()
        return ""


class DataEditor(InlineEditor):
    """Asks when to stop, and says what it costs.

    ``costs``: a sentence without and one with looking at the contents.
    """

    def __init__(
        self,
        view: CodeView,
        occurrence: Occurrence,
        costs: Sequence[str],
        names: Names,
        take: Take,
        *,
        text: Callable[[], str],
    ) -> None:
        super().__init__(view, occurrence.line, name="Stop when it changes", text=text)
        self.occurrence = occurrence
        self._take = take
        symbol = occurrence.symbol
        title = QLabel(f"Stop when {symbol} changes")
        title.setObjectName("editorTitle")
        self.condition = ConditionField(names, allow_empty=True)
        self.condition.line.setPlaceholderText(f"and this holds, such as {symbol} > 100 (optional)")
        self.in_place = QCheckBox("Also when its contents change in place (list, dict, set, array)")
        self.cost = QLabel()
        self.cost.setObjectName("emptyHint")
        self.cost.setWordWrap(True)
        done = QPushButton("Set")
        done.clicked.connect(self.enter)
        foot = QHBoxLayout()
        foot.addWidget(self.cost, 1)
        foot.addWidget(done, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        for widget in (title, self.condition, self.in_place, self.problem):
            layout.addWidget(widget)
        layout.addLayout(foot)
        self._costs = costs
        self.in_place.toggled.connect(lambda _on: self._show_cost())
        self.condition.given_up.connect(self.close_editor)
        self.condition.line.entered.connect(self.enter)
        self.condition.line.textChanged.connect(lambda _text: self.place())
        self._show_cost()

    def _show_cost(self) -> None:
        self.cost.setText(self._costs[self.in_place.isChecked()])
        self.place()

    def open_editor(self) -> None:
        """Show it."""
        self.open_at(self.condition.line)

    def move_with(self, old: str, new: str) -> str:
        """Go with the variable to where it stands in the new text."""
        from pyprobe.analysis.anchor_mover import move_occurrences

        try:
            (place,) = move_occurrences(old, new, [self.occurrence])
        except SyntaxProblem as problem:
            return f"The edited file cannot be read: {problem}."
        if place.new is None:
            return f"{self.occurrence.symbol} is gone: {place.why}."
        self.occurrence, self.line = place.new, place.new.line
        return ""

    def wrong_field(self) -> ConditionField | None:
        """Return the condition if it is none."""
        return self.condition if self.condition.problem_text else None

    def taken(self) -> str:
        """Set it."""
        return self._take(self.condition.text, self.in_place.isChecked())
