"""FileTree: the files of the program's folder, to open them beside the script."""

import os

from PyQt6.QtCore import QDir, QModelIndex, pyqtSignal
from PyQt6.QtGui import QFileSystemModel
from PyQt6.QtWidgets import QTreeView, QWidget


class FileTree(QTreeView):
    """``file_chosen`` carries the path of a file that was double-clicked or entered."""

    file_chosen = pyqtSignal(str)

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Files of the program")
        self._files = QFileSystemModel(self)
        # Python's caches and hidden files are noise here.
        self._files.setNameFilters(["*.py", "*.pyw", "*.pyi"])
        self._files.setNameFilterDisables(False)
        self._files.setFilter(QDir.Filter.AllDirs | QDir.Filter.Files | QDir.Filter.NoDotAndDotDot)
        self._files.setRootPath(folder)
        self.setModel(self._files)
        self.setRootIndex(self._files.index(folder))
        for column in range(1, self._files.columnCount()):
            self.hideColumn(column)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.activated.connect(self._choose)

    def show_current(self, path: str) -> None:
        """Select a file without opening it."""
        index = self._files.index(path)
        if index.isValid():
            self.setCurrentIndex(index)

    def _choose(self, index: QModelIndex) -> None:
        path = self._files.filePath(index)
        if os.path.isfile(path):
            self.file_chosen.emit(os.path.normpath(path))
