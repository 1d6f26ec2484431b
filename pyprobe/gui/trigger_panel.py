"""TriggerPanel: one probe's trigger as on a scope: condition, mode, pre, post, hold-off, state."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pyprobe.core.trigger import ENDLESS, MAX_HOLD_OFF_MS, MAX_PRE, Trigger, TriggerMode
from pyprobe.gui.condition_field import ConditionField, Names, repolish
from pyprobe.gui.folding_row import FoldingRow, beside
from pyprobe.gui.theme import Theme
from pyprobe.gui.trigger_lamp import TriggerLamp
from pyprobe.session.trigger_reading import TriggerReading

_COUNTS = 4  # the boxes of Pre and Post with their names, of those of all numbers
_CONDITION_PX = 230
_NUMBER_EM = 10
_MOST_POST = 1_000_000_000
_MODES = (
    (TriggerMode.AUTO, "Auto", "As normal; while nothing triggers, every hit is captured"),
    (TriggerMode.NORMAL, "Normal", "Only what belongs to a trigger is captured"),
    (TriggerMode.SINGLE, "Single", "The first trigger's captures, and then nothing more"),
)


ALL_PROBES = -1
"""The choice of the trigger that all probes share which have none of their own."""


@dataclass(frozen=True, slots=True)
class TriggerChoice:
    """One probe that the panel can show, or all that share a trigger."""

    probe_id: int
    title: str
    trigger: Trigger | None
    reading: TriggerReading | None
    can_level: bool


class TriggerPanel(QWidget):
    """``changed`` carries probe id and Trigger, or None; ``chosen`` the probe that is shown now.

    ``level_wanted``: probe id and whether its plot is to show a line for the level.
    """

    changed = pyqtSignal(int, object)
    chosen = pyqtSignal(int)
    level_wanted = pyqtSignal(int, bool)

    def __init__(self, theme: Theme, names: Names) -> None:
        super().__init__()
        self._choices: dict[int, TriggerChoice] = {}
        self._is_showing = False
        self.probe_box = QComboBox()
        self.probe_box.setAccessibleName("Probe")
        self.probe_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.probe_box.setMinimumContentsLength(16)
        self.lamp = TriggerLamp(theme)
        self.condition = ConditionField(names, allow_empty=True)
        self.condition.line.setAccessibleName("Trigger condition")
        self.level = QToolButton()
        self.level.setText("Level in the plot")
        self.level.setToolTip("Show the level as a line in the plot, to be dragged there")
        self.level.setCheckable(True)
        self.level.setObjectName("framed")
        self.forms = QToolButton()
        self.forms.setText("Edge")
        self.forms.setToolTip("Build the condition: an edge, or a level from the plot")
        self.forms.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.forms.setObjectName("framed")
        self.again = self._button("Arm again", "Wait for the next trigger")
        self.remove = self._button("No trigger", "Capture every hit again")
        self.modes = QButtonGroup(self)
        self.pre, self.post = QSpinBox(), QSpinBox()
        self.hold_off = QDoubleSpinBox()
        self.note = QLabel()
        self.note.setObjectName("fieldProblem")
        self.note.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.show_choices((), runs=False)

    # ---- building ------------------------------------------------------------------------

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        numbers: list[QWidget] = []
        for text, box, tip in self._numbers():
            label = QLabel(text)
            label.setBuddy(box)
            box.setToolTip(tip)
            box.setAccessibleName(tip)
            numbers += [label, box]
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(7)
        for row in (
            FoldingRow(
                beside(self.lamp, self.probe_box, stretch=1), beside(self.again, self.remove)
            ),
            FoldingRow(self.condition, beside(self.forms, self.level), least_px=_CONDITION_PX),
            FoldingRow(
                beside(*self._mode_buttons(), gap_px=0),
                FoldingRow(
                    beside(*numbers[:_COUNTS], gap_px=5),
                    beside(*numbers[_COUNTS:], gap_px=5),
                    grows=1,
                ),
            ),
        ):
            layout.addWidget(row)
        layout.addWidget(self.note)
        layout.addStretch(1)
        area = QScrollArea()
        area.setObjectName("overlayArea")
        inner.setObjectName("overlayPage")
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _mode_buttons(self) -> list[QToolButton]:
        buttons = []
        for number, (_mode, text, tip) in enumerate(_MODES):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setObjectName("segment")
            button.setProperty("place", ("first", "middle", "last")[number])
            self.modes.addButton(button, number)
            buttons.append(button)
        return buttons

    def _numbers(self) -> list[tuple[str, QSpinBox | QDoubleSpinBox, str]]:
        self.pre.setRange(0, MAX_PRE)
        self.post.setRange(ENDLESS, _MOST_POST)
        self.post.setSpecialValueText("all")
        self.hold_off.setRange(0.0, MAX_HOLD_OFF_MS)
        self.hold_off.setDecimals(1)
        self.hold_off.setSuffix(" ms")
        for box in (self.pre, self.post, self.hold_off):
            box.setGroupSeparatorShown(True)
            box.setKeyboardTracking(False)
            box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # arrow keys and wheel do it
            box.setFixedWidth(box.fontMetrics().horizontalAdvance("0") * _NUMBER_EM)
        return [
            ("Pre", self.pre, "Captures kept from before a trigger"),
            ("Post", self.post, "Captures taken after a trigger; below 0 all"),
            ("Hold-off", self.hold_off, "How long nothing else triggers"),
        ]

    def _connect(self) -> None:
        self.probe_box.activated.connect(lambda _row: self._choose())
        self.condition.taken.connect(lambda _text: self._tell())
        self.modes.idClicked.connect(lambda _number: self._tell())
        for box in (self.pre, self.post, self.hold_off):
            box.valueChanged.connect(lambda _value: self._tell())
        self.again.clicked.connect(self._tell)
        self.remove.clicked.connect(lambda: self._emit(None))
        self.level.toggled.connect(self._want_level)

    # ---- what is shown -------------------------------------------------------------------

    @property
    def probe_id(self) -> int:
        """The probe that is shown; 0 for none."""
        return int(self.probe_box.currentData() or 0)

    def show_choices(self, choices: Sequence[TriggerChoice], *, runs: bool) -> None:
        """Show these probes' triggers; the one that was chosen stays."""
        self._runs = runs
        before = self.probe_id
        if [one.probe_id for one in choices] != list(self._choices):
            self.probe_box.clear()
            for one in choices:
                self.probe_box.addItem(one.title, one.probe_id)
            self.probe_box.setCurrentIndex(max(0, self.probe_box.findData(before)))
        self._choices = {one.probe_id: one for one in choices}
        self._show_current()
        if self.probe_id != before:
            self.chosen.emit(self.probe_id)

    def choose(self, probe_id: int) -> None:
        """Show the trigger of a probe."""
        row = self.probe_box.findData(probe_id)
        if row >= 0 and row != self.probe_box.currentIndex():
            self.probe_box.setCurrentIndex(row)
            self._choose()

    def write_condition(self, text: str) -> None:
        """Take a condition that was made elsewhere, such as by a click into the plot."""
        self.condition.line.setText(text)
        self._tell()

    def show_level(self, on: bool) -> None:
        """Show whether the plot has a line for the level."""
        blocker = QSignalBlocker(self.level)
        self.level.setChecked(on)
        del blocker

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.lamp.set_theme(theme)

    def _choose(self) -> None:
        self.condition.line.setModified(False)
        self.show_level(False)
        self._show_current()
        self.chosen.emit(self.probe_id)

    def _show_current(self) -> None:
        one = self._choices.get(self.probe_id)
        trigger = one.trigger if one is not None else None
        reading = one.reading if one is not None else None
        self._is_showing = True
        for widget in (self.condition, self.remove, self.again, *self.modes.buttons()):
            widget.setEnabled(one is not None)
        for button in (self.level, self.forms):
            button.setEnabled(one is not None and one.can_level)
        for box in (self.pre, self.post, self.hold_off):
            box.setEnabled(trigger is not None)
        self.remove.setEnabled(trigger is not None)
        self.again.setEnabled(trigger is not None and self._runs)
        self.lamp.show_state(trigger, reading, runs=self._runs)
        self.condition.show_text(trigger.condition if trigger is not None else "")
        shown = trigger or Trigger("x")
        chosen = self.modes.button([mode for mode, *_ in _MODES].index(shown.mode))
        if chosen is not None:
            chosen.setChecked(True)
        for box, count in ((self.pre, shown.pre), (self.post, min(shown.post, _MOST_POST))):
            if not box.hasFocus():
                box.setValue(count)
        if not self.hold_off.hasFocus():
            self.hold_off.setValue(shown.hold_off_ms)
        self._show_note(trigger, reading)
        self._is_showing = False

    def _show_note(self, trigger: Trigger | None, reading: TriggerReading | None) -> None:
        """Say what the trigger lacks; no fault where it works all the same."""
        sentence = reading.sentence if reading is not None and trigger is not None else ""
        is_calm = reading is not None and reading.is_at_work
        if not self._choices:
            sentence = "There is no probe yet: click a variable, then set its trigger here."
            is_calm = True
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        if self.note.property("note") is not is_calm:
            self.note.setProperty("note", is_calm)
            repolish(self.note)

    # ---- what is told --------------------------------------------------------------------

    def trigger(self) -> Trigger | None:
        """Return what the fields say; None while there is no condition, or a wrong one."""
        text = self.condition.text
        if not text or self.condition.problem_text:
            return None
        mode = _MODES[max(0, self.modes.checkedId())][0]
        return Trigger(text, mode, self.pre.value(), self.post.value(), self.hold_off.value())

    def _tell(self) -> None:
        if self._is_showing:
            return
        trigger = self.trigger()
        if trigger is not None or not self.condition.text:
            self._emit(trigger)

    def _emit(self, trigger: Trigger | None) -> None:
        if self.probe_id:
            if trigger is None:
                self.condition.line.setText("")
            self.condition.line.setModified(False)
            self.changed.emit(self.probe_id, trigger)

    def _want_level(self, on: bool) -> None:
        if self.probe_id:
            self.level_wanted.emit(self.probe_id, on)
