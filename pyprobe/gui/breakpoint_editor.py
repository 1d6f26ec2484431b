"""BreakpointEditor: condition, hit count, message and the rest of a breakpoint, below its line."""

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from pyprobe.conditions.entity import entity_problems
from pyprobe.conditions.message_completion import complete_message
from pyprobe.gui.breakpoint_checks import hit_count_problem, message_problem
from pyprobe.gui.breakpoint_fields import BreakpointFields
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.condition_field import ConditionField, ConditionLine, Names, show_wrong
from pyprobe.gui.inline_editor import InlineEditor

_KEYS = "Enter takes it, Esc gives up"


Take = Callable[[BreakpointFields], str]
"""Takes over what was edited; returns what is wrong with it, ``""`` if nothing is."""


class BreakpointEditor(InlineEditor):
    """Asks for all that a breakpoint at a line can have."""

    def __init__(
        self,
        view: CodeView,
        line: int,
        fields: BreakpointFields,
        names: Names,
        take: Take,
        *,
        text: Callable[[], str],
    ) -> None:
        super().__init__(view, line, name="Breakpoint", text=text)
        self._take = take
        self.condition = ConditionField(names, allow_empty=True)
        self.condition.line.setText(fields.condition)
        self.entity = ConditionField(names, allow_empty=True)
        self.entity.check = entity_problems
        self.entity.line.setText(fields.entity)
        self.entity.line.setPlaceholderText('self.name == "Server 3"   ·   in Server')
        self.entity.line.setAccessibleName("Only for")
        self.hit_count = QLineEdit(fields.hit_count)
        self.hit_count.setPlaceholderText("5,  >= 5,  or  % 3")
        self.hit_count.setAccessibleName("Hit count")
        self.message = ConditionLine(names, complete=complete_message)
        self.message.setText(fields.message)
        self.message.setPlaceholderText(
            "log instead of stopping: gain is {gain}   ·   Snapshot: label"
        )
        self.message.setAccessibleName("Log message")
        self.one_shot = QCheckBox("Only once")
        self.one_shot.setChecked(fields.one_shot)
        self._title = QLabel(_title(line))
        self._lay_out()
        for one in (self.condition, self.entity):
            one.line.textChanged.connect(lambda _text: self.place())
        for typed in (self.condition.line, self.entity.line, self.message):
            typed.given_up.connect(self.close_editor)
            typed.entered.connect(self.enter)
        self._checks = ((self.hit_count, hit_count_problem), (self.message, message_problem))
        for checked, _check in self._checks:
            checked.textChanged.connect(lambda _text: self._judge())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(5)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        form.addRow(self._title, self.condition)
        counted = QHBoxLayout()
        counted.addWidget(self.hit_count, 1)
        counted.addWidget(self.one_shot)
        form.addRow("at hit", counted)
        form.addRow("only for", self.entity)
        form.addRow("or log", self.message)
        foot = QHBoxLayout()
        keys = QLabel(_KEYS)
        keys.setObjectName("emptyHint")
        done = QPushButton("Done")
        done.clicked.connect(self.enter)
        foot.addWidget(keys, 1)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addLayout(foot)

    @property
    def fields(self) -> BreakpointFields:
        """What stands there."""
        return BreakpointFields(
            self.condition.text,
            self.hit_count.text().strip(),
            self.message.text().strip(),
            self.entity.text,
            self.one_shot.isChecked(),
        )

    def open_editor(self, field: str = "condition") -> None:
        """Show it, with the keyboard in one of its fields."""
        fields = {"message": self.message, "hit_count": self.hit_count, "entity": self.entity}
        self.open_at(fields.get(field, self.condition))

    def move_with(self, old: str, new: str) -> str:
        """Go with the line, and say which it is now."""
        problem = super().move_with(old, new)
        self._title.setText(_title(self.line))
        return problem

    def wrong_field(self) -> ConditionField | None:
        """Return the condition that is none."""
        return next((one for one in (self.condition, self.entity) if one.problem_text), None)

    def taken(self) -> str:
        """Take over the fields, if they are right."""
        return self._judge() or self._take(self.fields)

    def _judge(self) -> str:
        """Show and return what is wrong with hit count and message, while they are typed."""
        found = [(line, check(line.text())) for line, check in self._checks]
        for line, problem in found:
            show_wrong(line, bool(problem))
        found.sort(key=lambda one: not one[0].hasFocus())
        first = next((problem for _line, problem in found if problem), "")
        self.show_problem(first)
        return first


def _title(line: int) -> str:
    return f"Stop at line {line} if"
