"""DebugControl: stopping, stepping and looking around, between the session and the window."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pyprobe.core.debug.records import StepKind, StopPlace, StopReason
from pyprobe.errors import PyProbeError
from pyprobe.gui.condition_names import scope_at
from pyprobe.gui.debug_answers import (
    Answered,
    Failed,
    FrameRow,
    error_of,
    read_frames,
    read_threads,
)
from pyprobe.gui.debug_frames import DebugFrames
from pyprobe.gui.run_bar import RunBar
from pyprobe.gui.run_sign_text import place_of, reason_of, sign_text
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_gutter import BreakpointGutter
    from pyprobe.gui.debug_seams import DebugPanels
    from pyprobe.gui.preferences import Preferences
    from pyprobe.gui.source_page import SourcePage
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_menus import WindowMenus
    from pyprobe.session.listener import ProgramState

_SETTLE_MS = 150  # a step that takes no longer does not let the panels flicker
_STEPS = {
    "over": StepKind.OVER,
    "into": StepKind.INTO,
    "out": StepKind.OUT,
    "event": StepKind.EVENT,
    "yield": StepKind.TO_YIELD,
    "resumption": StepKind.RESUMPTION,
}
_FIRST = (StepKind.OVER, StepKind.INTO)  # start a program that has not begun
_ONLY_AT_LINES = " trace "  # the interpreter's reason, where no line begins
_MID_LINE = "it stands in the middle of a line. Take a step first (F10)"
_NOTHING_STANDS = "The program does not stand; F6 pauses it, a click left of a line stops it there."


class DebugControl(QObject):
    """``stop`` is where the thread stands that is looked at; None while the program runs.

    ``entity``: stepping stops only in frames in which this condition holds; ``""`` for all.
    """

    said = pyqtSignal(str)
    stood = pyqtSignal()

    def __init__(
        self, window: "WindowBase", menus: "WindowMenus", session: Session, parts: "DebugPanels"
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._parts = parts
        self.stop: StopPlace | None = None
        self.entity = ""
        self.bar = RunBar(window, menus, self)
        self.frames = DebugFrames(window, self)
        self._release_after_s = 0
        self._take_preferences(window.preferences)
        window.preferences_changed.connect(self._take_preferences)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._known: dict[int, StopPlace] = {}
        self._has_stood = False  # in this run, or in the last one while there is no other

    # ---- what the session says -----------------------------------------------------------

    def take_stops(self) -> None:
        """Show where the program stands, or that it runs again."""
        board = self._session.debug
        stop, known, self._known = board.stop, self._known, dict(board.stops)
        steps = self.stop is not None and self.stop.thread not in self._known
        if stop is None or (steps and known.get(stop.thread) is stop):
            if self.stop is not None and not self._settle.isActive():
                self._settle.start()  # what has gone on may be back at once
            elif self.stop is None:
                self.show_sign()
            return
        self._look_at(stop)

    def _settled(self) -> None:
        stop = self._session.debug.stop
        if stop is None:
            self._show_running()
        else:
            self._look_at(stop)

    def _look_at(self, stop: StopPlace) -> None:
        self._settle.stop()
        is_new = stop is not self.stop
        self.stop = stop
        self._show_standing()
        self.show_sign()
        if is_new:
            self._stand(stop)

    def take_state(self, state: "ProgramState") -> None:
        """Show the program's state; a new run has no stop of the last one."""
        if not self._session.has_process and self.stop is not None:
            self._settle.stop()
            self._show_running()
        if state.value == "starting" and self._has_stood:
            self._has_stood = False
            self.frames.forget()
            self._parts.stack.show_frames([])
            self._parts.stack.show_threads([], 0)
        self._show_standing()
        self.show_sign()

    def _show_standing(self) -> None:
        can_start = not self._session.has_process
        self.bar.show_standing(self.stop is not None, can_start=can_start)

    def show_sign(self) -> None:
        """Show what is to be read from across the room."""
        if not self._settle.isActive():
            stop = self.stop
            self.bar.sign.show_text(sign_text(self._session, stop and self._as_told(stop)))

    def _stand(self, stop: StopPlace) -> None:
        why = reason_of(self._as_told(stop))
        self.said.emit(f"Stopped at {place_of(stop)}: {why}. F5 goes on, F10 steps.")
        self._has_stood = True
        self._parts.open_quietly("stack")
        self._parts.open_quietly("variables")
        self._window.raise_()
        # Who pauses stops a program anywhere, and wants to see it, not what it waits in.
        self.frames.begin(stop, reveal=not self._prefers_own_code(stop))
        self.ask({"ask": "stack"}, partial(self._got_stack, stop), self.said.emit)
        self.ask({"ask": "threads"}, partial(self._got_threads, stop), self.said.emit)
        self.stood.emit()

    def _prefers_own_code(self, stop: StopPlace) -> bool:
        return stop.reason is StopReason.PAUSE and self._session.debug.settings.only_my_code

    def _as_told(self, stop: StopPlace) -> StopPlace:
        """Running to a line is a step for whoever does it, and no breakpoint."""
        is_step = stop.breakpoint_id and self._parts.breakpoints.is_run_to(stop.breakpoint_id)
        return replace(stop, reason=StopReason.STEP) if is_step else stop

    def _show_running(self) -> None:
        self.stop = None
        self.said.emit("")
        self._show_standing()
        self.frames.end()
        self._parts.stack.show_running()
        self.show_sign()

    def _got_stack(self, stop: StopPlace, answer: dict[str, object]) -> None:
        if stop is self.stop:
            frames = read_frames(answer)
            shown = 0
            if self._prefers_own_code(stop):
                shown = next((place for place, one in enumerate(frames) if one.is_mine), 0)
            self._parts.stack.show_frames(frames, current=shown)
            if frames:
                self.frames.look_at(frames[shown], innermost=not shown)

    def _got_threads(self, stop: StopPlace, answer: dict[str, object]) -> None:
        if stop is self.stop:
            self._parts.stack.show_threads(read_threads(answer), stop.thread)

    # ---- asking --------------------------------------------------------------------------

    def ask(self, request: dict[str, object], answered: Answered, failed: Failed) -> None:
        """Ask something of the thread that is looked at."""
        thread = self.stop.thread if self.stop is not None else 0

        def say_why(why: str) -> None:
            failed(_sentence(why))

        self._session.debug.ask(request, answered, say_why, thread=thread)

    # ---- commands ------------------------------------------------------------------------

    def step(self, name: str) -> None:
        """Take a step of this name, or say why not."""
        if name == "cursor":
            self.run_to(*self._caret())
            return
        self._step(_STEPS[name])

    def run_to(self, path: str, line: int) -> None:
        """Run until the program comes to a line."""
        if not path:
            return
        if self.stop is None and not self._session.has_process:
            self._parts.breakpoints.run_to(path, line)
            return
        self._step(StepKind.TO_LINE, file=path, line=line)

    def _step(self, kind: StepKind, *, file: str = "", line: int = 0) -> None:
        if self.stop is None and kind in _FIRST and not self._session.has_process:
            self._parts.breakpoints.run_to_first()
            return
        if self.stop is None:
            self.said.emit(_NOTHING_STANDS)
            return
        try:
            self._session.debug.step(
                kind,
                thread=self.stop.thread,
                file=file,
                line=line,
                entity=self.entity,
                refused=self._say_refused,
            )
        except PyProbeError as error:
            self.said.emit(_sentence(str(error)))

    def _say_refused(self, why: str) -> None:
        self.said.emit(_sentence(why))

    def jump(self, line: int) -> None:
        """Have the stopped thread go on at another line of its function."""
        if self.stop is None:
            self.said.emit(_NOTHING_STANDS)
            return

        thread = self.stop.thread

        def answered(answer: dict[str, object]) -> None:
            problem = error_of(answer)
            if problem:
                why = _MID_LINE if _ONLY_AT_LINES in problem else problem
                self.said.emit(f"It cannot go on at line {line}: {why}.")
                return
            reached, remark = int(str(answer["line"])), str(answer["detail"])
            self._session.debug.goes_on_at(thread, reached)
            self.take_stops()
            said = "" if reached == line else f"Line {line} has no code of this function. "
            said += f"The next line is line {reached}"
            self.said.emit(f"{said}, {remark}." if remark else f"{said}.")

        self.ask({"ask": "jump", "line": line}, answered, self.said.emit)

    def jump_to_caret(self) -> None:
        """Have the stopped thread go on at the caret's line."""
        self.jump(self._caret()[1])

    def toggle_at_caret(self) -> None:
        """Set or remove the breakpoint of the caret's line."""
        path, line = self._caret()
        if path:
            self._parts.breakpoints.toggle(path, line)

    def follow(self, entity: str) -> None:
        """Limit stepping to the frames for which a condition holds; ``""`` for all."""
        self.entity = entity
        self._parts.variables.bar.show_entity(entity)
        word = f"Stepping follows only {entity}." if entity else "Stepping follows all again."
        self.said.emit(word)

    def look_at_thread(self, ident: int) -> None:
        """Look at another thread that stands."""
        stop = self._session.debug.stops.get(ident)
        if stop is not None and stop is not self.stop:
            self.stop = stop
            self._stand(stop)

    def look_at(self, row: FrameRow) -> None:
        """Look at another frame of the stack."""
        self.frames.look_at(row, innermost=row.index == 0)

    def set_stepping(self, all_threads: bool, my_code: bool) -> None:
        """Choose how the program stops and steps."""
        self._session.debug.set_stepping(all_threads=all_threads, only_my_code=my_code)

    def _take_preferences(self, preferences: "Preferences") -> None:
        if preferences.release_after_s != self._release_after_s:
            self._release_after_s = preferences.release_after_s
            self._session.debug.set_stepping(release_after_s=float(self._release_after_s))

    def _caret(self) -> tuple[str, int]:
        page = self._window.source_area.current_page
        if page is None:
            return "", 0
        return page.path, page.view.getCursorPosition()[0] + 1

    def gutter(self, page: "SourcePage") -> "BreakpointGutter":
        """Return the margin of a page in which it is shown where the program stands."""
        return self._parts.breakpoints.gutter(page)

    def scope_name(self, path: str, line: int) -> str:
        """Return the qualified name of the function around a line."""
        return scope_at(self._window.workspace.open(path), line)


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:].rstrip('.')}."
