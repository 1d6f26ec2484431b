"""The menus of a recording of several runs: show another one, or compare this one with it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from pyprobe.gui.actions import WHY_NOT
from pyprobe.session.recorded_runs import RecordedRun
from pyprobe.session.recorded_session import RecordedSession

if TYPE_CHECKING:
    from pyprobe.gui.compare_control import CompareControl
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_menus import WindowMenus

MOST_LISTED = 40  # the newest; any other is opened by its number from the command line
_IS_SHOWN = "this run is shown here"


def add_run_menus(
    window: "WindowBase",
    menus: "WindowMenus",
    session: RecordedSession,
    compare: "CompareControl",
) -> tuple[QMenu, ...]:
    """Add them to the menu of files, and return them; none where there is but one run."""
    if len(session.runs) == 1:
        return ()

    def open_run(number: int) -> None:
        window.recordings.open(session.path, run=number)

    def compare_with(number: int) -> None:
        compare.start(session.path, run=number)

    added = (
        _menu("Open another r&un", session, open_run, window),
        _menu("Co&mpare with another run", session, compare_with, window),
    )
    after = menus.compare
    for owner in after.associatedObjects():
        if isinstance(owner, QMenu):
            entries = owner.actions()
            before = entries[entries.index(after) + 1]
            for menu in added:
                owner.insertMenu(before, menu)
    return added


def _menu(
    title: str, session: RecordedSession, take: Callable[[int], object], window: "WindowBase"
) -> QMenu:
    menu = QMenu(title, window)
    for run in session.runs[-MOST_LISTED:]:
        action = QAction(_text(run), menu)
        action.triggered.connect(partial(take, run.number))
        if run.number == session.run:
            action.setEnabled(False)
            action.setProperty(WHY_NOT, _IS_SHOWN)
        menu.addAction(action)
    return menu


def _text(run: RecordedRun) -> str:
    return f"Run {run.number}: {run.sentence}".replace("&", "&&")
