"""EmptyPlots: what the plot area says while there is no plot."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from pyprobe.gui.icons import make_picture
from pyprobe.gui.theme import Theme

_ICON_PX = 44


class EmptyPlots(QWidget):
    """Says what to do, in the middle of the empty area."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("No plots yet")
        self._icon = _centered("")
        title = _centered("Click a variable")
        title.setObjectName("emptyTitle")
        hint = _centered(
            "Point at a name in the source: what lights up can be probed.\n"
            "A click adds it here, another click removes it."
        )
        hint.setObjectName("emptyHint")
        keys = _centered("F5 runs the program.  From the keyboard: P probes the name at the caret.")
        keys.setObjectName("emptyKeys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        for label in (self._icon, title, hint, keys):
            layout.addWidget(label)
        layout.addStretch(3)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        ratio = self.devicePixelRatioF()
        picture = make_picture("probe", theme.accent, size_px=_ICON_PX, pixel_ratio=ratio)
        self._icon.setPixmap(picture)


def _centered(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    return label
