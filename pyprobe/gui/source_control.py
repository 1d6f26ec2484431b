"""SourceControl: what the mouse and the keys do in the source, and how files are followed."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, pyqtSignal
from PyQt6.QtWidgets import QToolTip

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.gui.file_watch import FileWatch
from pyprobe.gui.messages import Action, Level, MessageBar
from pyprobe.gui.occurrence_text import click_hint, describe_occurrence
from pyprobe.gui.source_area import SourceArea
from pyprobe.gui.sources import TextReader
from pyprobe.gui.workspace import Reload, Workspace

if TYPE_CHECKING:
    from pyprobe.gui.reading_beside import ReadingBeside  # only large files need it

_CHANGED = "file-changed"
_LOST = "probes-lost"


class SourceControl(QObject):
    """Connects the source area, the workspace and the files on disk. ``said`` is a hint.

    ``take_saved`` is told of each saved file; True means that it answers, by a restart.
    """

    said = pyqtSignal(str)
    sources_changed = pyqtSignal()

    def __init__(
        self,
        workspace: Workspace,
        area: SourceArea,
        messages: MessageBar,
        restart: Callable[[], None],
    ) -> None:
        super().__init__(area)
        self._workspace = workspace
        self._area = area
        self._messages = messages
        self._restart = restart
        self.take_saved: Callable[[str], bool] = lambda _path: False
        self._reading: ReadingBeside | None = None
        workspace.make_reader = self._make_reader
        workspace.take_read = self._take_read
        self.watch = FileWatch(self)
        self.watch.changed.connect(self._on_file_changed)
        area.hovered.connect(self._on_hovered)
        area.chosen.connect(self.toggle)
        area.refused.connect(self._on_refused)
        area.closed.connect(self._on_closed)

    def _make_reader(self) -> TextReader:
        from pyprobe.gui.reading_beside import ReadingBeside

        self._reading = ReadingBeside(self)
        return self._reading

    def close(self) -> None:
        """Leave nothing that runs beside the window."""
        self._workspace.make_reader = None
        if self._reading is not None:
            self._reading.close()

    def when_placed(self, then: Callable[[], None]) -> None:
        """Start the program when every probe has its place, which is most often now."""
        if not self._workspace.when_placed(then):
            self.said.emit("The program starts when its edited source has been read.")

    def open(self, path: str, *, is_main: bool = False) -> None:
        """Open a file and bring it to the front."""
        path = os.path.abspath(path)
        if path not in self._workspace.sources or path not in self._area.pages:
            self._area.show_source(self._workspace.open(path), is_main=is_main)
            self.watch.add(path)
            self.sources_changed.emit()
        self._area.bring_to_front(path)

    def reveal(self, path: str, line: int, col: int = 0) -> None:
        """Open a file at a line."""
        if not self._workspace.can_show(path) and path not in self._area.pages:
            self.said.emit(f"{path} is not there to be shown.")
            return
        self.open(path)
        page = self._area.current_page
        if page is not None:
            page.view.reveal(line, col)
            page.view.setFocus()

    def toggle(self, path: str, occurrence: Occurrence) -> None:
        """Add or remove the probe of an occurrence."""
        if self._workspace.has_news(path):
            self._messages.post(
                f"{os.path.basename(path)} has changed on disk; what is shown and probed is the "
                "text that runs.",
                Level.INFO,
                key=_CHANGED,
                actions=(Action("Restart", self._restart),),
            )
        _, added = self._workspace.toggle(path, occurrence)
        verb = "Probing" if added else "No longer probed:"
        self.said.emit(f"{verb} {describe_occurrence(occurrence)}")

    def toggle_at_caret(self) -> None:
        """Add or remove the probe at the caret of the file in front."""
        page = self._area.current_page
        if page is not None:
            page.view.choose_at_caret()

    def catch_up(self) -> None:
        """Reload, before a run, whatever has changed on disk."""
        self.watch.compare_now()
        for reload in self._workspace.reload_outdated():
            self._show(reload)
        self._messages.withdraw(_CHANGED)

    def _on_hovered(self, path: str, occurrence: Occurrence | None) -> None:
        if occurrence is None:
            self.said.emit("")
            return
        is_probed = self._workspace.probe_at(path, occurrence) is not None
        self.said.emit(click_hint(occurrence, is_probed=is_probed))

    def _on_refused(self, path: str, line: int, col: int, at: QPoint) -> None:
        if not self._workspace.why_not(path, line, col, partial(self._say_why_not, at)):
            self.said.emit("Looking up why this cannot be probed…")

    def _say_why_not(self, at: QPoint, why: str) -> None:
        if why:
            sentence = why[0].upper() + why[1:]
            self.said.emit(sentence)
            QToolTip.showText(at + QPoint(0, 12), sentence, self._area)

    def _on_closed(self, path: str) -> None:
        self.watch.remove(path)
        self._workspace.close(path)

    def _on_file_changed(self, path: str) -> None:
        reload = self._workspace.file_changed(path)
        if reload is not None:
            self._show(reload)
        is_answered = self.take_saved(path)
        if reload is None and not is_answered and self._workspace.has_news(path):
            self._messages.post(
                f"{os.path.basename(path)} has changed on disk; the new text applies when the "
                "program is restarted.",
                Level.INFO,
                key=_CHANGED,
                actions=(Action("Restart now", self._restart),),
            )

    def _show(self, reload: Reload) -> None:
        if reload.source.path in self._area.pages:
            self._area.show_source(reload.source)
        self._tell(reload)

    def _take_read(self, reload: Reload) -> None:
        page = self._area.pages.get(reload.source.path)
        if page is not None:
            page.show_read(reload.source)
        self._tell(reload)

    def _tell(self, reload: Reload) -> None:
        path = reload.source.path
        if reload.lost:
            self._messages.post("; ".join(reload.lost) + ".", Level.WARN, key=_LOST + path)
        else:
            self._messages.withdraw(_LOST + path)
        if reload.moved:
            plural = "probes have" if reload.moved > 1 else "probe has"
            self.said.emit(f"{reload.moved} {plural} moved with the edited text.")
        self.sources_changed.emit()
