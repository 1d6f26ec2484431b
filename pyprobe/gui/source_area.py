"""SourceArea: one tab per open file of the program."""

import os

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

from pyprobe.gui.icons import make_icon
from pyprobe.gui.source_page import SourcePage
from pyprobe.gui.sources import Source
from pyprobe.gui.theme import Theme

_CLOSE_PX = 18  # no higher than the text beside it


class SourceArea(QTabWidget):
    """Signals are those of the code views, with the file's path in front.

    ``closed`` carries the path of a file whose tab was closed by the user, ``page_added`` a page.
    """

    hovered = pyqtSignal(str, object)
    chosen = pyqtSignal(str, object)
    refused = pyqtSignal(str, int, int, QPoint)
    mark_clicked = pyqtSignal(int)
    closed = pyqtSignal(str)
    menu_asked = pyqtSignal(str, int, int, QPoint)
    page_added = pyqtSignal(object)
    laid_out = pyqtSignal()

    def __init__(self, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._font = theme, font
        self._pages: dict[str, SourcePage] = {}
        self._main_path = ""
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName("Open files")
        self.currentChanged.connect(lambda _: self.laid_out.emit())

    @property
    def pages(self) -> dict[str, SourcePage]:
        """The open pages by path."""
        return self._pages

    @property
    def current_page(self) -> SourcePage | None:
        """The page in front."""
        page = self.currentWidget()
        return page if isinstance(page, SourcePage) else None

    def show_source(self, source: Source, *, is_main: bool = False) -> SourcePage:
        """Open a file's tab, or give the open one this text; does not bring it to the front."""
        page = self._pages.get(source.path)
        if page is None:
            page = self._add_page(source.path, is_main=is_main)
        page.show_source(source)
        return page

    def bring_to_front(self, path: str) -> None:
        """Show an open file."""
        page = self._pages.get(path)
        if page is not None:
            self.setCurrentWidget(page)

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Set colours and font of every page."""
        self._theme, self._font = theme, font
        for page in self._pages.values():
            page.set_look(theme, font)
            button = self._close_button(page)
            if button is not None:
                button.setIcon(make_icon("close", theme))

    def hide_break_margins(self) -> None:
        """Leave no place for breakpoints in any page, where no program can stop."""
        self.page_added.connect(lambda page: page.view.hide_break_margin())
        for page in self._pages.values():
            page.view.hide_break_margin()

    def _add_page(self, path: str, *, is_main: bool) -> SourcePage:
        page = SourcePage(path, self._theme, self._font, self)
        self._pages[path] = page
        view = page.view
        view.hovered.connect(lambda occurrence: self.hovered.emit(path, occurrence))
        view.chosen.connect(lambda occurrence: self.chosen.emit(path, occurrence))
        view.refused.connect(lambda line, col, at: self.refused.emit(path, line, col, at))
        view.mark_clicked.connect(self.mark_clicked)
        view.menu_asked.connect(lambda line, col, at: self.menu_asked.emit(path, line, col, at))
        view.laid_out.connect(self.laid_out)
        place = self.addTab(page, os.path.basename(path))
        self.setTabToolTip(place, path)
        self.page_added.emit(page)
        if is_main:
            self._main_path = path  # it stays; closing it would leave nothing to probe
        else:
            self._add_close_button(page)
        return page

    def _add_close_button(self, page: SourcePage) -> None:
        button = QToolButton()
        button.setObjectName("closeTab")
        button.setAutoRaise(True)
        button.setFixedSize(_CLOSE_PX, _CLOSE_PX)
        button.setIcon(make_icon("close", self._theme))
        button.setToolTip("Close this file")
        button.setAccessibleName(f"Close {os.path.basename(page.path)}")
        button.clicked.connect(lambda: self._close_tab(self.indexOf(page)))
        bar = self.tabBar()
        if bar is not None:
            bar.setTabButton(self.indexOf(page), QTabBar.ButtonPosition.RightSide, button)

    def _close_button(self, page: SourcePage) -> QToolButton | None:
        bar, place = self.tabBar(), self.indexOf(page)
        button = bar.tabButton(place, QTabBar.ButtonPosition.RightSide) if bar is not None else None
        return button if isinstance(button, QToolButton) else None

    def _close_tab(self, place: int) -> None:
        page = self.widget(place)
        if isinstance(page, SourcePage) and page.path != self._main_path:
            self.removeTab(place)
            del self._pages[page.path]
            page.deleteLater()
            self.closed.emit(page.path)
