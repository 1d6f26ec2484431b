"""FollowBar: the frame that is looked at, and the function, class or instance that steps follow."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pyprobe.conditions.entity import entity_problems
from pyprobe.gui.condition_field import ConditionField, Names

_HINT = 'self.name == "Server 3"   ·   in Server   ·   in Server.serve'


class FollowBar(QWidget):
    """``asked`` carries what steps are to be limited to, ``""`` for all.

    ``names`` gives the names in scope where the program stands.
    """

    asked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.names: Names = lambda _base: ()
        self._entity = ""
        self._place = ""
        self.place = QLabel()
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.place.setObjectName("panelPlace")
        self.place.setAccessibleName("Frame")
        self.button = QToolButton()
        self.button.setObjectName("framed")
        self.button.setAccessibleName("Follow one only")
        self.field = ConditionField(lambda base: self.names(base), allow_empty=True)
        self.field.line.setAccessibleName("What steps follow")
        self.field.line.setPlaceholderText(_HINT)
        self.field.check = entity_problems
        self.field.hide()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.place, 1)
        head.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 3, 6, 2)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addWidget(self.field)
        self.button.clicked.connect(self._on_button)
        self.field.line.entered.connect(self._enter)
        self.field.given_up.connect(self.field.hide)
        self.show_entity("")

    def show_place(self, text: str, *, pale: bool = False) -> None:
        """Say which frame it is."""
        self._place = text
        self.place.setToolTip(text)
        self.place.setEnabled(not pale)
        self._fit_place()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Keep the beginning and the end of the place in view."""
        super().resizeEvent(a0)
        self._fit_place()

    def _fit_place(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()  # so that the width is that of now
        metrics, room_px = self.place.fontMetrics(), self.place.width()
        self.place.setText(metrics.elidedText(self._place, Qt.TextElideMode.ElideMiddle, room_px))

    def show_entity(self, entity: str) -> None:
        """Say what steps are limited to; ``""`` for nothing."""
        self._entity = entity
        self.button.setText(f"only {entity}  ×" if entity else "Follow one…")
        self.button.setToolTip(
            f"Stepping stops only where {entity}; click to follow all again"
            if entity
            else "Limit stepping to one instance, a function or a class"
        )
        self._fit_place()

    def _on_button(self) -> None:
        if self._entity:
            self.asked.emit("")
            return
        self.field.line.clear()
        self.field.setVisible(not self.field.isVisible())
        self.field.line.setFocus()

    def _enter(self) -> None:
        if not self.field.problem_text:
            self.field.hide()
            self.asked.emit(self.field.text)
