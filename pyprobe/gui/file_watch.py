"""FileWatch: says when one of the open files has changed on disk, also by being replaced."""

import os

from PyQt6.QtCore import QFileSystemWatcher, QObject, QTimer, pyqtSignal

_SETTLE_MS = 120  # editors write in several steps


class FileWatch(QObject):
    """``changed`` carries a path once its writing has settled."""

    changed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stamps: dict[str, tuple[int, int] | None] = {}
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._settle)
        self._watcher.directoryChanged.connect(self._settle)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.compare_now)

    def add(self, path: str) -> None:
        """Watch a file; its folder too, since many editors replace the file."""
        self._stamps[path] = _stamp(path)
        self._watch(path)

    def remove(self, path: str) -> None:
        """Stop watching a file."""
        if self._stamps.pop(path, "absent") == "absent":
            return
        folder = os.path.dirname(path)
        gone = [path]
        if not any(os.path.dirname(other) == folder for other in self._stamps):
            gone.append(folder)
        self._watcher.removePaths(gone)

    def _watch(self, path: str) -> None:
        known = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [name for name in (path, os.path.dirname(path)) if name not in known]
        existing = [name for name in wanted if name and os.path.exists(name)]
        if existing:
            self._watcher.addPaths(existing)

    def _settle(self, _path: str) -> None:
        self._timer.start()

    def compare_now(self) -> None:
        """Tell at once of every file that differs from what was last seen."""
        self._timer.stop()
        for path, before in list(self._stamps.items()):
            now = _stamp(path)
            if now != before:
                self._stamps[path] = now
                self._watch(path)
                self.changed.emit(path)


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
