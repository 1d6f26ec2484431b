"""TimeControl: one time for the whole window: plots, source, probe list, console and status."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from pyprobe.gui.theme import Theme
from pyprobe.gui.time_bar import TimeBar, TimePosition, seconds_text
from pyprobe.session.listener import ProgramState
from pyprobe.session.readable_session import ReadableSession
from pyprobe.session.time_cursor import TimeCursor


class TimeControl(QObject):
    """The window's time cursor and its bar. ``changed`` says that another time is shown.

    ``show`` is told the new time, None for live, and shows what was true then.
    """

    said = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(
        self,
        parent: QObject,
        session: ReadableSession,
        theme: Theme,
        show: Callable[[int | None], None],
    ) -> None:
        super().__init__(parent)
        self._show = show
        self.cursor = TimeCursor(lambda: session.probes.values())
        self.cursor.add_listener(self._on_time)
        self.bar = TimeBar(theme)
        self.bar.moved.connect(self.cursor.move_to)
        self.bar.stepped.connect(self.step)
        self.bar.live_wanted.connect(self._on_live_wanted)

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
        self.bar.set_goes_on(state is not ProgramState.ENDED)
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
        self._show(t_ns)
        self.update()
        self.changed.emit()

    @property
    def mark(self) -> str:
        """What the status bar says of a time that is not live; ``""`` while it is."""
        span, t_ns = self.cursor.range, self.cursor.t_ns
        if t_ns is None or span is None:
            return ""
        return f"NOT LIVE: {seconds_text(t_ns - self.cursor.epoch_ns, span.span_ns)}"
