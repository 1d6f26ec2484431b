"""StatusBar: program state, captures a second, share of the program's time, drops, event source."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QStatusBar, QWidget

if TYPE_CHECKING:
    from pyprobe.session.listener import ProgramState

_STATE_TEXTS = {
    "idle": "Not started",
    "starting": "Starting…",
    "running": "Running",
    "paused": "Paused",
    "ended": "Ended",
}
_SHARE_TIP = "What probing takes of the program's time, and its budget"


class StatusBar(QStatusBar):
    """Shows what probing costs, always; hints of the code view come from the left."""

    hinted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._hint = _HintLabel()
        self._hint.setAccessibleName("Hint")
        self._hint.setMinimumWidth(40)
        self.addWidget(self._hint, 1)
        self._time = self._field("Time of the window", "Ctrl+L shows what is newest again")
        self.show_time("")
        self._recorder = self._field("Recording", "Ctrl+R ends the recording")
        self.show_recorder("")
        self._switches = self._field("Runs by itself", "When the program is started again")
        self.show_switches(on_save=False, loops=False)
        self._source = self._field("Event source", "How execution events are had in the program")
        self._drops = self._field("Drops", "Captures lost to the budget or to a full buffer")
        self._histories = self._field("Histories", "")
        self.show_histories("", "")
        self._rate = self._field("Captures per second", "Captures received in the last second")
        self._share = self._field("Share of the program's time", _SHARE_TIP)
        self._state = self._field("Program state", "")
        self._state.setObjectName("programState")
        _set(self._state, _STATE_TEXTS["idle"])

    def show_hint(self, text: str) -> None:
        """Say what the user's hand is on; ``""`` takes it away."""
        self._hint.setText(text)
        self._hint.setToolTip(text)
        self.hinted.emit(text)

    def show_state(self, state: "ProgramState", detail: str = "") -> None:
        """Show the program's state, with where it halted or how it ended."""
        _set(self._state, f"{_STATE_TEXTS[state.value]}{f' ({detail})' if detail else ''}")

    def show_recorder(self, mark: str) -> None:
        """Say what is being recorded; ``""`` while nothing is."""
        _set(self._recorder, mark)
        self._recorder.setVisible(bool(mark))

    def show_time(self, mark: str) -> None:
        """Say that the window shows an earlier time; ``""`` while it is live."""
        _set(self._time, mark)
        _set_alert(self._time, bool(mark))
        self._time.setVisible(bool(mark))

    @property
    def state_text(self) -> str:
        """What stands there of the program's state."""
        return self._state.text()

    def show_recording(self, detail: str) -> None:
        """Say that there is no program but a recording, and how much of it is loaded."""
        _set(self._state, f"Recording ({detail})" if detail else "Recording")
        for label in (self._rate, self._share):
            label.hide()

    @property
    def time_mark(self) -> str:
        """What stands there of the window's time."""
        return self._time.text()

    def show_switches(self, *, on_save: bool, loops: bool) -> None:
        """Show when the program is started again by itself; nothing while it is not."""
        words = [word for word, on in (("Restarts on save", on_save), ("Loops", loops)) if on]
        _set(self._switches, " · ".join(words))
        self._switches.setVisible(bool(words))

    def show_rate(self, captures_per_second: float) -> None:
        """Show captures per second."""
        _set(self._rate, f"{format_rate(captures_per_second)} captures/s")

    def show_share(self, share: float, budget_percent: float, advice: str = "") -> None:
        """Show probing's fraction of the program's time against the budget.

        ``advice`` says why it is more, and what would be less.
        """
        _set(self._share, f"{share * 100.0:.1f} % of {budget_percent:g} % budget")
        self._share.setToolTip(advice or _SHARE_TIP)
        _set_alert(self._share, share * 100.0 > budget_percent + 2.0)

    def show_drops(self, count: int) -> None:
        """Show drops; nothing while there are none."""
        _set(self._drops, f"{count:,} dropped" if count else "No drops")
        _set_alert(self._drops, count > 0)

    def show_histories(self, text: str, tip: str) -> None:
        """Show how much the histories hold; ``""`` while they hold nothing."""
        _set(self._histories, text)
        self._histories.setToolTip(tip)
        self._histories.setVisible(bool(text))

    def show_source(self, text: str, tip: str) -> None:
        """Show where events come from; ``""`` while no program has connected."""
        _set(self._source, text)
        self._source.setToolTip(tip)
        self._source.setVisible(bool(text))

    def _field(self, name: str, tip: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setToolTip(tip)
        self.addPermanentWidget(label)
        return label


class _HintLabel(QLabel):
    """A sentence that has no room says by an ellipsis that there is more of it."""

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        room, painter = self.contentsRect(), QPainter(self)
        mode = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), mode, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


def format_rate(per_second: float) -> str:
    """Return a rate in three digits: ``0``, ``12.3``, ``1.24 k``, ``2.50 M``."""
    if per_second < 0.05:
        return "0"
    if per_second < 1000.0:
        return f"{per_second:.3g}"
    for divisor, unit in ((1e3, "k"), (1e6, "M"), (1e9, "G")):
        if per_second < divisor * 999.5:
            return f"{per_second / divisor:.3g} {unit}"
    return f"{per_second:.3g}"


def _set(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
        label.setAccessibleDescription(text)


def _set_alert(label: QLabel, alert: bool) -> None:
    if bool(label.property("alert")) != alert:
        label.setProperty("alert", alert)
        style = label.style()
        if style is not None:
            style.unpolish(label)
            style.polish(label)
