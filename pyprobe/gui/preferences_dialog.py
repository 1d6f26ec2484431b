"""PreferencesDialog: budget, throttle, theme and font; every change holds at once."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pyprobe.core.throttle import parse_throttle
from pyprobe.errors import PyProbeError
from pyprobe.gui.preferences import Preferences
from pyprobe.gui.theme import ThemeChoice

_FIELD_HEIGHT_PX = 28
_THEMES = {
    ThemeChoice.SYSTEM: "As the system",
    ThemeChoice.LIGHT: "Light",
    ThemeChoice.DARK: "Dark",
}


class PreferencesDialog(QDialog):
    """``changed`` carries the new Preferences. The dialog blocks nothing."""

    changed = pyqtSignal(object)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.budget = QDoubleSpinBox()
        self.budget.setRange(0.1, 100.0)
        self.budget.setDecimals(1)
        self.budget.setSuffix(" % of the program's time")
        self.budget.setValue(preferences.budget_percent)
        self.throttle = QLineEdit(preferences.throttle)
        self.theme = QComboBox()
        for choice, name in _THEMES.items():
            self.theme.addItem(name, choice)
        self.theme.setCurrentIndex(list(_THEMES).index(preferences.theme))
        self.font_points = QSpinBox()
        self.font_points.setRange(5, 40)
        self.font_points.setSuffix(" pt")
        self.font_points.setValue(preferences.font_points)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._arrange()
        self.budget.valueChanged.connect(self._tell)
        self.throttle.textEdited.connect(self._tell)
        self.theme.currentIndexChanged.connect(self._tell)
        self.font_points.valueChanged.connect(self._tell)

    def preferences(self) -> Preferences:
        """Return what is shown.

        Raises:
            PyProbeError: the throttle is none.
        """
        throttle = self.throttle.text().strip()
        parse_throttle(throttle)
        return Preferences(
            budget_percent=self.budget.value(),
            throttle=throttle,
            theme=self.theme.currentData(),
            font_points=self.font_points.value(),
        )

    def _arrange(self) -> None:
        form = QFormLayout()
        for field in (self.budget, self.throttle, self.theme, self.font_points):
            field.setMinimumHeight(_FIELD_HEIGHT_PX)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("&Budget for probing", self.budget)
        form.addRow("&Throttle of new probes", self.throttle)
        form.addRow("T&heme", self.theme)
        form.addRow("&Font size of code", self.font_points)
        note = QLabel("The budget holds from the next start of the program.")
        note.setObjectName("emptyHint")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in buttons.buttons():
            button.setIcon(QIcon())
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self._problem)
        layout.addWidget(buttons)
        self._problem.hide()

    def _tell(self) -> None:
        try:
            preferences = self.preferences()
        except PyProbeError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        self._problem.hide()
        self.changed.emit(preferences)
