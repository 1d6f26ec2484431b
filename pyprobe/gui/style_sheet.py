"""Style sheet: the look of toolbars, docks, tabs and lists that a palette cannot express."""

from pyprobe.gui.theme import Theme, blend

_TEMPLATE = """
QMainWindow, QToolBar, QStatusBar {{ background: {chrome}; }}
QToolBar {{ border: none; border-bottom: 1px solid {border}; padding: 2px 6px; spacing: 2px; }}
QToolBar::separator {{ background: {border}; width: 1px; margin: 5px 6px; }}
QToolButton {{ border: none; border-radius: 5px; padding: 4px 7px; color: {text};
  background: transparent; }}
QToolButton:disabled {{ color: {faded}; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:pressed, QToolButton:checked {{ background: {border}; }}
QToolButton:focus {{ outline: none; border: 1px solid {accent}; padding: 3px 6px; }}
QStatusBar {{ border-top: 1px solid {border}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ padding: 1px 7px; color: {muted}; }}
QStatusBar QLabel#programState {{ color: {text}; font-weight: 600; }}
QStatusBar QLabel[alert="true"] {{ color: {warn}; font-weight: 600; }}
QMenuBar {{ background: {chrome}; border: none; padding: 1px 4px; }}
QMenuBar::item {{ padding: 3px 9px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {surface}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 26px 5px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selection}; }}
QMenu::item:disabled {{ color: {faded}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 6px; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: 4px 6px; }}

QTabWidget::pane {{ border: none; }}
QTabBar {{ background: {chrome}; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: {chrome}; color: {muted}; padding: 6px 12px 5px; border: none;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ background: {surface}; color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QTabBar QToolButton#closeTab, QTabBar QToolButton#closeTab:focus {{ padding: 0; }}

QTableView, QTreeView {{ background: {surface}; border: none; outline: none;
  selection-background-color: {selection}; selection-color: {text}; }}
QTableView::item {{ padding: 0 6px; }}
QTreeView::item {{ min-height: 17px; }}
QTreeView::item:disabled {{ color: {muted}; }}
QAbstractItemView QLineEdit {{ padding: 0 3px; border-radius: 2px; }}
QHeaderView {{ background: {chrome}; }}
QHeaderView::section {{ background: {chrome}; color: {muted}; border: none;
  border-bottom: 1px solid {border}; padding: 4px 9px; font-weight: normal; }}
QLineEdit {{ background: {surface}; color: {text};
  border: 1px solid {border}; border-radius: 4px; padding: 3px 6px;
  selection-background-color: {selection}; selection-color: {text}; }}
QLineEdit:focus {{ border: 1px solid {accent}; }}
QAbstractSpinBox[buttonSymbols="2"] {{ background: {surface}; color: {text};
  border: 1px solid {border}; border-radius: 4px; padding: 2px 4px; }}
QAbstractSpinBox[buttonSymbols="2"]:focus {{ border: 1px solid {accent}; }}
QAbstractSpinBox[buttonSymbols="2"]:disabled {{ color: {muted}; }}
QPushButton {{ background: {surface}; color: {text}; border: 1px solid {border};
  border-radius: 5px; padding: 4px 12px; }}
QPushButton:hover {{ background: {raised}; }}
QPushButton:focus {{ border: 1px solid {accent}; }}
QPushButton:disabled {{ color: {muted}; }}

QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {border}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

ads--CDockManager, ads--CDockContainerWidget {{ background: {chrome}; }}
ads--CDockContainerWidget > QSplitter {{ padding: 0; }}
QSplitter::handle, ads--CDockSplitter::handle {{ background: {border}; }}
ads--CDockAreaWidget {{ background: {chrome}; border: none; }}
ads--CDockAreaTitleBar {{ background: {chrome}; border-bottom: 1px solid {border};
  padding: 0; min-height: 28px; }}
ads--CDockAreaTitleBar QToolButton, ads--CTitleBarButton {{ padding: 1px 3px; margin: 1px; }}
ads--CDockWidgetTab {{ background: {chrome}; border: none; padding: 3px 4px 3px 10px;
  border-bottom: 2px solid transparent; }}
ads--CDockWidgetTab QLabel {{ color: {muted}; }}
ads--CDockWidgetTab[activeTab="true"] {{ background: {surface};
  border-bottom: 2px solid {accent}; }}
ads--CDockWidgetTab[activeTab="true"] QLabel {{ color: {text}; }}
ads--CDockWidget {{ background: {surface}; border: none; }}
#tabCloseButton, QPushButton#tabCloseButton {{ margin: 0 2px; padding: 1px; border: none;
  background: transparent; }}
#tabCloseButton:hover {{ background: {raised}; }}
ads--CFloatingDockContainer {{ background: {chrome}; border: 1px solid {border}; }}

#messageBar {{ border-bottom: 1px solid {border}; }}
#messageBar[level="info"] {{ background: {info_fill}; }}
#messageBar[level="warn"] {{ background: {warn_fill}; }}
#messageBar[level="bad"] {{ background: {bad_fill}; }}
#messageBar QLabel {{ background: transparent; }}
#emptyTitle {{ font-size: 15pt; font-weight: 600; color: {text}; }}
#emptyHint {{ color: {muted}; }}
#emptyKeys {{ color: {muted}; }}
#consoleInput {{ border: none; border-top: 1px solid {border};
  border-radius: 0; padding: 5px 8px; }}
#paneTools {{ background: {chrome}; }}
#parkedStrip {{ background: {chrome}; border: none; border-top: 1px solid {border};
  padding: 0 6px; }}
#parkedStrip QToolButton {{ padding: 2px 7px; margin: 1px 0; }}
#parkedStrip QToolButton:focus {{ padding: 1px 6px; }}

#timeBar {{ background: {chrome}; border: none; border-top: 1px solid {border}; }}
#timeBar QToolButton {{ padding: 2px 4px; }}
#timeBar QToolButton:focus {{ padding: 1px 3px; }}
#timeBar QToolButton#timeLive {{ padding: 2px 8px; font-weight: 600; color: {good}; }}
#timeBar QToolButton#timeLive:focus {{ padding: 1px 7px; }}
#timeBar QToolButton#timeLive[ended="true"] {{ color: {muted}; }}
#timeBar QToolButton#timeLive[live="false"] {{ color: {warn}; }}
#timeBar QToolButton#timeLive:disabled {{ color: {faded}; }}
#timeLabel {{ color: {muted}; }}
#timeSlider {{ min-height: 18px; }}
#timeSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {border}; }}
#timeSlider::sub-page:horizontal {{ border-radius: 2px; background: {muted}; }}
#timeSlider[live="false"]::sub-page:horizontal {{ background: {warn}; }}
#timeSlider::handle:horizontal {{ width: 10px; margin: -5px 0; border-radius: 5px;
  background: {text}; border: 2px solid {chrome}; }}
#timeSlider[live="false"]::handle:horizontal {{ background: {warn}; }}
#timeSlider::handle:horizontal:focus {{ background: {accent}; }}
#timeSlider::handle:disabled, #timeSlider::sub-page:disabled {{ background: {border}; }}

QCheckBox::indicator, QTreeView::indicator {{ width: 9px; height: 9px; padding: 2px;
  border: 1px solid {muted}; border-radius: 3px; background: {surface}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked {{ background-color: {accent};
  background-clip: content; }}
QCheckBox::indicator:focus {{ border: 1px solid {accent}; }}
QCheckBox::indicator:disabled {{ border: 1px solid {border}; }}
QToolButton#segment {{ border: 1px solid {border}; border-radius: 0; padding: 3px 9px;
  background: {surface}; }}
QToolButton#segment[place="first"] {{ border-top-left-radius: 5px;
  border-bottom-left-radius: 5px; }}
QToolButton#segment[place="middle"] {{ border-left: none; border-right: none; }}
QToolButton#segment[place="last"] {{ border-top-right-radius: 5px;
  border-bottom-right-radius: 5px; }}
QToolButton#segment:checked {{ background: {selection}; font-weight: 600; }}
QToolButton#framed {{ border: 1px solid {border}; padding: 3px 9px; background: {surface}; }}
QToolButton#framed:checked {{ background: {selection}; }}
QToolButton#framed::menu-indicator {{ image: none; width: 0; }}
#inlineEditor {{ background: {chrome}; border: 1px solid {accent}; border-radius: 7px; }}
#inlineEditor QLabel {{ background: transparent; }}
QLabel#editorTitle, QLabel#panelPlace {{ font-weight: 600; }}
QLabel#panelPlace:disabled {{ color: {muted}; }}
QLabel#fieldProblem {{ color: {bad}; }}
QLabel#fieldProblem[note="true"] {{ color: {muted}; }}
QLineEdit[wrong="true"] {{ border: 1px solid {bad}; }}
#completions {{ background: {surface}; border: 1px solid {border}; outline: none; }}
#completions::item {{ padding: 3px 7px; color: {text}; }}
#completions::item:selected {{ background: {selection}; }}
QLabel#cellProblem {{ background: {raised}; color: {bad}; border: 1px solid {bad};
  border-radius: 4px; padding: 3px 6px; }}

#overlay {{ background: {surface}; border: 1px solid {border}; border-radius: 9px; }}
#overlayField {{ border: none; border-bottom: 1px solid {border}; border-radius: 0;
  padding: 5px 6px 8px; font-size: 11pt; }}
#overlayField:focus {{ border: none; border-bottom: 1px solid {accent}; }}
#overlayList, #overlayArea, #overlayPage {{ background: {surface}; border: none; outline: none; }}
#overlayProblem {{ color: {bad}; padding: 2px 6px; }}
#overlayNote {{ color: {muted}; padding: 2px 6px; }}
#overlayTitle {{ font-size: 13pt; font-weight: 600; color: {text}; }}
#sheetTitle {{ font-weight: 600; color: {accent}; }}
#sheetKeys {{ background: {chrome}; color: {text}; border: 1px solid {border};
  border-radius: 4px; padding: 0 6px; }}
"""


def build_style_sheet(theme: Theme) -> str:
    """Return the application's style sheet in the colours of a theme."""
    return _TEMPLATE.format(
        chrome=theme.chrome,
        surface=theme.surface,
        raised=theme.raised,
        border=theme.border,
        text=theme.text,
        muted=theme.muted,
        accent=theme.accent,
        selection=theme.selection,
        faded=blend(theme.muted, theme.chrome, 0.6),
        good=theme.good,
        warn=theme.warn,
        bad=theme.bad,
        info_fill=theme.info_fill,
        warn_fill=theme.warn_fill,
        bad_fill=theme.bad_fill,
    )
