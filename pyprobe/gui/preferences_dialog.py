"""PreferencesDialog: budget, throttle, theme, font, histories, dead man; changes hold at once."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
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
from pyprobe.gui.preferences import HISTORY_RANGES_MB, LONGEST_RELEASE_S, Preferences
from pyprobe.gui.theme import ThemeChoice

_FIELD_HEIGHT_PX = 28
_USAGE_MS = 1000
_THEMES = {
    ThemeChoice.SYSTEM: "As the system",
    ThemeChoice.LIGHT: "Light",
    ThemeChoice.DARK: "Dark",
}


class PreferencesDialog(QDialog):
    """``changed`` carries the new Preferences. The dialog blocks nothing.

    ``usage`` says what the histories hold now.
    """

    changed = pyqtSignal(object)

    def __init__(
        self,
        preferences: Preferences,
        parent: QWidget | None = None,
        *,
        usage: Callable[[], str] | None = None,
    ) -> None:
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
        self.scalar_mb = _size_field("scalar_mb", preferences.scalar_mb, "in memory")
        self.array_mb = _size_field("array_mb", preferences.array_mb, "in memory")
        self.disk_mb = _size_field("disk_mb", preferences.disk_mb, "on disk")
        self.array_mb.setToolTip("More than 40 MB are copied out of shared memory, which is slower")
        self.disk_mb.setSpecialValueText("nothing on disk")
        self.release_s = QSpinBox()
        self.release_s.setRange(0, LONGEST_RELEASE_S)
        self.release_s.setSuffix(" s")
        self.release_s.setSpecialValueText("off")
        self.release_s.setValue(preferences.release_after_s)
        self.release_s.setToolTip(
            "A stopped program goes on by itself when this window has been silent for so long. "
            "When the window is gone it goes on at once."
        )
        self.usage = QLabel()
        self.usage.setObjectName("emptyHint")
        self.usage.setAccessibleName("What the histories hold")
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._arrange()
        self.budget.valueChanged.connect(self._tell)
        self.throttle.textEdited.connect(self._tell)
        self.theme.currentIndexChanged.connect(self._tell)
        sizes = (self.scalar_mb, self.array_mb, self.disk_mb)
        for field in (self.font_points, *sizes, self.release_s):
            field.valueChanged.connect(self._tell)
        self._follow(usage)

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
            scalar_mb=self.scalar_mb.value(),
            array_mb=self.array_mb.value(),
            disk_mb=self.disk_mb.value(),
            release_after_s=self.release_s.value(),
        )

    def _arrange(self) -> None:
        form = QFormLayout()
        sizes = (self.scalar_mb, self.array_mb, self.disk_mb)
        others = (self.budget, self.throttle, self.theme, self.font_points, self.release_s)
        for field in (*others, *sizes):
            field.setMinimumHeight(_FIELD_HEIGHT_PX)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("&Budget for probing", self.budget)
        form.addRow("&Throttle of new probes", self.throttle)
        form.addRow("T&heme", self.theme)
        form.addRow("&Font size of code", self.font_points)
        form.addRow("&Numbers of all histories", self.scalar_mb)
        form.addRow("Newest &arrays and texts", self.array_mb)
        form.addRow("&Older arrays and texts", self.disk_mb)
        form.addRow("Go on &without the window", self.release_s)
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
        layout.addWidget(self.usage)
        layout.addWidget(note)
        layout.addWidget(self._problem)
        layout.addWidget(buttons)
        self._problem.hide()

    def _follow(self, usage: Callable[[], str] | None) -> None:
        """Show what the histories hold, once a second while the dialog is open."""
        self.usage.setVisible(usage is not None)
        if usage is None:
            return

        def show() -> None:
            self.usage.setText(usage())

        show()
        timer = QTimer(self)
        timer.timeout.connect(show)
        timer.start(_USAGE_MS)

    def _tell(self) -> None:
        try:
            preferences = self.preferences()
        except PyProbeError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        self._problem.hide()
        self.changed.emit(preferences)


def _size_field(name: str, size_mb: int, where: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(*HISTORY_RANGES_MB[name])
    field.setSuffix(f" MB {where}")
    field.setGroupSeparatorShown(True)
    field.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    field.setValue(size_mb)
    field.setKeyboardTracking(False)  # not every digit on the way to a size is a limit
    return field
