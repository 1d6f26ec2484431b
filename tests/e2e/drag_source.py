"""Another program's window, from which files are dragged: ``python drag_source.py FILE…``.

It covers the lower right corner of the screen, says on its output where, and stays until it is
ended: who takes the files asks for them after the drop.
"""

import sys

from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtGui import QDrag, QGuiApplication, QMouseEvent, QPaintEvent
from PyQt6.QtWidgets import QApplication, QLabel

SIZE_PX = 60


class DragSource(QLabel):
    """Gives the files away as soon as it is pressed."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__("file")
        self._paths = paths
        self._is_told = False
        self.setWindowFlags(Qt.WindowType.X11BypassWindowManagerHint)
        screen = QGuiApplication.primaryScreen()
        assert screen is not None
        corner = screen.geometry().bottomRight()
        self.setGeometry(corner.x() - SIZE_PX, corner.y() - SIZE_PX, SIZE_PX, SIZE_PX)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        super().paintEvent(a0)
        if not self._is_told:  # only now is it on the screen
            self._is_told = True
            place = self.geometry().center()
            print(place.x(), place.y(), flush=True)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)


def main() -> int:
    application = QApplication(sys.argv[:1])
    source = DragSource(sys.argv[1:])
    source.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
