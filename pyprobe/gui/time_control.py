"""TimeControl: one time for the whole window: plots, source, probe list, console and status."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from pyprobe.gui.time_bar import TimeBar, TimePosition, seconds_text
from pyprobe.session.listener import ProgramState
from pyprobe.session.time_cursor import TimeCursor

if TYPE_CHECKING:
    from pyprobe.gui.main_window import MainWindow


class TimeControl(QObject):
    """The window's time cursor and its bar. ``changed`` says that another time is shown.

    ``take_time`` are told the new time, None for live, and show what was true then.
    """

    said = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        session = window.session
        self.cursor = TimeCursor(lambda: session.probes.values())
        self.cursor.add_listener(self._on_time)
        self.take_time: list[Callable[[int | None], object]] = []
        self.bar = TimeBar(window.theme)
        self.bar.moved.connect(self.cursor.move_to)
        self.bar.stepped.connect(self.step)
        self.bar.live_wanted.connect(self._on_live_wanted)
        window.docks.add_below(self.bar)

    def update(self) -> None:
        """Bring the bar up to date with what has been captured."""
        cursor = self.cursor
        span = cursor.range
        if span is None and not cursor.is_live:
            cursor.go_live()  # the last probe is gone
        count, total = cursor.counts()
        position = TimePosition(span, cursor.t_ns, cursor.epoch_ns, count, total)
        if position != self.bar.position:
            self.bar.show_position(position)

    def take_state(self, state: ProgramState) -> None:
        """A new run begins live: the times of the last one are none of its own."""
        if state is ProgramState.STARTING and not self.cursor.is_live:
            self.cursor.go_live()
            self.said.emit("A new run has begun: everything is live again.")

    def step(self, direction: int) -> None:
        """Go one capture on, or back with -1."""
        if self.cursor.step(direction):
            return
        if self.cursor.range is None:
            self.said.emit("There are no captures to go back to yet.")
        elif direction < 0:
            self.said.emit("This is the first capture that is kept.")
        else:
            self.said.emit("This is the newest capture; Ctrl+L is live again.")

    def toggle(self) -> None:
        """Stop the time, or be live again."""
        self._on_live_wanted(not self.cursor.is_live)

    def _on_live_wanted(self, live: bool) -> None:
        if live:
            self.cursor.go_live()
        elif not self.cursor.stop():
            self.said.emit("There are no captures to stop at yet.")

    def _on_time(self, t_ns: int | None) -> None:
        window = self._window
        if window.traces is not None:
            window.traces.show_at(t_ns)
        window.console.view.show_until(t_ns)
        window.show_values()
        self.update()
        window.status.show_time(self._mark())
        for take in self.take_time:
            take(t_ns)
        self.changed.emit()

    def _mark(self) -> str:
        span, t_ns = self.cursor.range, self.cursor.t_ns
        if t_ns is None or span is None:
            return ""
        return f"NOT LIVE: {seconds_text(t_ns - self.cursor.epoch_ns, span.span_ns)}"
