"""The bare window: the widgets PyProbe's window shows at its first paint, by Qt alone.

Source, plots, console, probes and files stand in docks; of these only the source has content then,
the others are empty widgets. Colours, icons and what the menus do are PyProbe's own, not here.
"""

from __future__ import annotations

import sys

import PyQt6Ads as ads
from PyQt6.Qsci import QsciLexerPython, QsciScintilla
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QLabel, QMainWindow, QTabWidget, QToolBar, QWidget

_MENUS = {
    "&File": ("&Open a file…", "&Preferences…", "&Quit"),
    "&Program": ("&Run", "&Pause", "&Stop", "R&estart"),
    "P&robes": ("Probe at the &caret", "&Arrange plots"),
    "&Source": ("&Find", "&Go to line", "Zoom &in", "Zoom &out", "&Normal size"),
    "&View": ("Console", "Probes", "Files", "Go to &source", "Go to &console", "Go to &probes"),
    "&Help": ("&About",),
}
_THEMES = ("As the &system", "&Light", "&Dark")
_TOOLS = ("&Run", "&Pause", "&Stop", "R&estart", "&Arrange plots")
_STATUS_FIELDS = 6


def open_bare_window(script: str) -> int:
    """Show a file's source between empty docks, until the window is closed."""
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    _add_menus(window)
    _add_docks(window, _make_source(script))
    status = window.statusBar()
    assert status is not None  # a main window makes its status bar when it is asked for
    for _ in range(_STATUS_FIELDS):
        status.addPermanentWidget(QLabel())
    window.resize(1360, 840)
    window.show()
    return application.exec()


def _add_menus(window: QMainWindow) -> None:
    bar = window.menuBar()
    assert bar is not None  # a main window makes its menu bar when it is asked for
    actions = {text: QAction(text, window) for texts in _MENUS.values() for text in texts}
    for title, texts in _MENUS.items():
        menu = bar.addMenu(title)
        assert menu is not None
        for text in texts:
            menu.addAction(actions[text])
        if title == "&View":
            themes = menu.addMenu("&Theme")
            assert themes is not None
            for text in _THEMES:
                themes.addAction(text)
    toolbar = QToolBar("Program", window)
    toolbar.setMovable(False)
    toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for text in _TOOLS:
        toolbar.addAction(actions[text])
    window.addToolBar(toolbar)


def _make_source(script: str) -> QWidget:
    editor = QsciScintilla()
    editor.setUtf8(True)
    editor.setLexer(QsciLexerPython(editor))
    editor.setMarginType(0, QsciScintilla.MarginType.NumberMargin)
    editor.setMarginWidth(0, "00000")
    with open(script, encoding="utf-8") as source:
        editor.setText(source.read())
    editor.setReadOnly(True)
    tabs = QTabWidget()
    tabs.addTab(editor, script.rpartition("/")[2])
    return tabs


def _add_docks(window: QMainWindow, source: QWidget) -> None:
    area = ads.DockWidgetArea
    manager = ads.CDockManager(window)
    docks = {}
    for title in ("Source", "Plots", "Console", "Probes", "Files"):
        docks[title] = ads.CDockWidget(manager, title)
        docks[title].setWidget(source if title == "Source" else QWidget())
    manager.setCentralWidget(docks["Source"])
    manager.addDockWidget(area.RightDockWidgetArea, docks["Plots"])
    console_area = manager.addDockWidget(area.BottomDockWidgetArea, docks["Console"])
    probes_area = manager.addDockWidget(area.RightDockWidgetArea, docks["Probes"], console_area)
    manager.addDockWidgetTabToArea(docks["Files"], probes_area)
    docks["Probes"].setAsCurrentTab()
