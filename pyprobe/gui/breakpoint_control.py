"""BreakpointControl: sets breakpoints by hand, shows how they fare, and moves them with edits."""

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, pyqtSignal
from PyQt6.QtWidgets import QToolTip

from pyprobe.analysis.breakable_lines import BreakableLine, BreakableLines
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.core.debug.records import Breakpoint, BreakpointState
from pyprobe.errors import PyProbeError
from pyprobe.gui.breakpoint_fields import BreakpointFields
from pyprobe.gui.breakpoint_gutter import BreakpointGutter
from pyprobe.gui.breakpoint_moves import BreakpointMoves
from pyprobe.gui.breakpoint_words import fields_of, mark_of, place_text
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.messages import Level
from pyprobe.gui.source_page import SourcePage
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_editor import BreakpointEditor
    from pyprobe.gui.breakpoint_undo import BreakpointUndo
    from pyprobe.gui.condition_field import Names
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.session.board_breakpoint import BoardBreakpoint
    from pyprobe.session.breakpoint_board import BreakpointBoard

_LARGEST_CHARACTERS = 1 << 18  # the lines of larger texts are not looked at before the program runs


class BreakpointControl(QObject):
    """Between the gutters, the session's board and the source texts.

    ``changed``: a breakpoint has come, gone or changed. ``is_used``: there may be some.
    """

    said = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, window: "WindowBase", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.is_used = False
        self._failed: set[int] = set()
        self._passing: set[int] = set()  # set by "run to", and gone once they have stopped
        self._run_to: set[int] = set()  # all that ever were
        self._gutters: dict[str, BreakpointGutter] = {}
        self._lines: dict[str, tuple[str, BreakableLines | None]] = {}
        self._undo: BreakpointUndo | None = None
        self.moves = BreakpointMoves(window, self)
        for page in window.source_area.pages.values():
            self.gutter(page)
        window.source_area.page_added.connect(self._on_page)
        window.sources.sources_changed.connect(self.follow_edits)

    @property
    def board(self) -> "BreakpointBoard":
        """The session's breakpoints."""
        board = self._session.breakpoints
        self.is_used = True
        if self._undo is None:
            from pyprobe.gui.breakpoint_undo import BreakpointUndo  # loaded with the first one

            self._undo = BreakpointUndo(self, self.moves, board, self._window.undo)
            self._session.add_listener(self._undo)
        return board

    @property
    def all(self) -> "tuple[BoardBreakpoint, ...]":
        """The breakpoints there are; asking for them loads nothing while there are none."""
        return self.board.all if self.is_used else ()

    # ---- what is shown -------------------------------------------------------------------

    def _on_page(self, page: SourcePage) -> None:
        self.gutter(page)
        self.show()

    def gutter(self, page: SourcePage) -> BreakpointGutter:
        """Return the margin of a page."""
        found = self._gutters.get(page.path)
        if found is None:
            path, view = page.path, page.view
            found = self._gutters[path] = BreakpointGutter(
                view, lambda: self._window.theme, partial(self.landing, path), self.said.emit
            )
            view.gutter_clicked.connect(partial(self._on_click, path))
            view.destroyed.connect(lambda: self._gutters.pop(path, None))
        return found

    def show(self) -> None:
        """Show the breakpoints in every margin."""
        self._tell_failures()
        by_file: dict[str, list[BoardBreakpoint]] = {}
        for one in self.all:
            by_file.setdefault(one.record.file, []).append(one)
        for path, gutter in self._gutters.items():
            gutter.show_marks([mark_of(one) for one in by_file.get(path, ())])
        self.changed.emit()

    def take_news(self) -> None:
        """Show what the session tells of its breakpoints."""
        self.is_used = True
        for one in self.all:
            if one.id in self._passing and one.state is BreakpointState.SPENT:
                self._passing.discard(one.id)
                with self._window.undo.quiet():
                    self.board.remove(one.id)
        self.show()

    def _tell_failures(self) -> None:
        """Say of each that has just failed that it stops no more; its mark alone may be unseen."""
        failed = {
            one.id for one in self.all if one.enabled and one.state is BreakpointState.INVALID
        }
        for one in self.all:
            if one.id in failed - self._failed:
                place = place_text(one.record.file, one.line)
                text = f"The breakpoint at {place} cannot stop: {one.detail}."
                key = _message_key(one.id)
                self._window.messages.post(text.replace("..", "."), Level.WARN, key=key)
        for gone in self._failed - failed:  # changed, switched off or removed
            self._window.messages.withdraw(_message_key(gone))
        self._failed = failed

    def landing(self, path: str, line: int) -> BreakableLine:
        """Return where a breakpoint for a line would stand."""
        text = self._window.workspace.open(path).text
        known = self._lines.get(path)
        if known is None or known[0] != text:
            known = self._lines[path] = (text, _breakable(text, path))
        return known[1].at(line) if known[1] is not None else BreakableLine(line)

    def at(self, path: str, line: int) -> "BoardBreakpoint | None":
        """Return the breakpoint that stands on a line."""
        for one in self.all:
            if isinstance(one.record, Breakpoint) and one.record.file == path and one.line == line:
                return one
        return None

    def data_at(self, path: str, line: int) -> "list[BoardBreakpoint]":
        """Return those that stop at a change and are shown at a line."""
        return [
            one for one in self.all if one.is_data and (one.record.file, one.line) == (path, line)
        ]

    # ---- setting and removing ------------------------------------------------------------

    def _on_click(self, path: str, line: int) -> None:
        if not self.toggle(path, line):
            page = self._window.source_area.pages[path]
            gutter = self.gutter(page)
            viewport = page.view.viewport()
            if viewport is not None:
                at = viewport.mapToGlobal(gutter.center_of(line) + QPoint(8, 10))
                QToolTip.showText(at, _sentence(self.landing(path, line).why), viewport)

    def toggle(self, path: str, line: int) -> bool:
        """Set or remove the breakpoint of a line; False where there can be none, and it is said."""
        known = self.at(path, line)
        standing = [known] if known is not None else self.data_at(path, line)
        if standing:
            self.remove(standing[0].id)
            return True
        return self.add(path, line) is not None

    def add(
        self, path: str, line: int, fields: BreakpointFields | None = None
    ) -> "BoardBreakpoint | None":
        """Set a breakpoint at a line, or at the next that runs; it is said which, or why none."""
        found = self.landing(path, line)
        if found.line is None:
            self.said.emit(f"No breakpoint here: {found.why}.")
            return None
        known = self.at(path, found.line)
        if known is not None:
            self.said.emit(f"There is one at line {found.line} already.")
            return known
        one = self._add(path, found.line, fields or BreakpointFields())
        if one is not None:
            where = place_text(path, one.line)
            self.said.emit(f"Set at {where}: {found.why}" if found.why else f"Stops at {where}.")
        return one

    def add_once(self, path: str, line: int) -> None:
        """Set a breakpoint that stops once."""
        self.add(path, line, BreakpointFields(one_shot=True))

    def _add(self, path: str, line: int, fields: BreakpointFields) -> "BoardBreakpoint | None":
        self.moves.keep_text(path)
        try:
            one = self.board.add(
                path,
                line,
                condition=fields.condition,
                hit_count=fields.hit_count,
                message=fields.message,
                one_shot=fields.one_shot,
                entity=fields.entity,
            )
        except PyProbeError as error:
            self.said.emit(_sentence(str(error)))
            return None
        self.show()
        return one

    def remove(self, breakpoint_id: int) -> None:
        """Take a breakpoint away; it can be undone."""
        one = self.board.find(breakpoint_id)
        if one is None:
            return
        self.board.remove(breakpoint_id)
        self.show()
        record = one.record
        if isinstance(record, Breakpoint):
            self.said.emit(f"No longer stops at {place_text(record.file, one.line)}.")
        else:
            self.said.emit(f"No longer stops when {record.symbol} changes.")

    def change(self, breakpoint_id: int, **fields: object) -> str:
        """Change fields of a breakpoint; return what is wrong with them, ``""`` if nothing is."""
        try:
            self.board.change(breakpoint_id, **fields)
        except PyProbeError as error:
            return _sentence(str(error))
        self.show()
        return ""

    def enable(self, breakpoint_id: int, on: bool) -> None:
        """Switch a breakpoint on or off."""
        self.board.enable(breakpoint_id, on)
        self.show()

    def limit(self, breakpoint_id: int, entity: str) -> None:
        """Let a breakpoint stop only where a condition on the frame holds."""
        problem = self.change(breakpoint_id, entity=entity)
        self.said.emit(problem or f"It stops only where {entity}.")

    def run_to(self, path: str, line: int) -> None:
        """Start the program, and stop it at a line once."""
        found = self.landing(path, line)
        if found.line is None:
            self.said.emit(f"It cannot stop here: {found.why}.")
            return
        if self.at(path, found.line) is None:
            with self._window.undo.quiet():
                one = self._add(path, found.line, BreakpointFields(one_shot=True))
            self._passing |= {one.id} if one is not None else set()
            self._run_to |= self._passing
        self._window.program.run()

    def is_run_to(self, breakpoint_id: int) -> bool:
        """Whether a breakpoint is none of the person's, but the end of running to a line."""
        return breakpoint_id in self._run_to

    def run_to_first(self) -> None:
        """Start the program, and stop it at its first line."""
        path = self._window.program_to_run.script_path
        if path is None or self.landing(path, 1).line is None:
            self.said.emit("The program has no line that is known to be its first; F5 runs it.")
        else:
            self.run_to(path, 1)

    # ---- editing in place ----------------------------------------------------------------

    def edit(self, path: str, line: int, field: str = "condition") -> "BreakpointEditor | None":
        """Open the editor below a line; with a breakpoint that is made when it is taken."""
        found = self.landing(path, line)
        page = self._window.source_area.pages.get(path)
        if found.line is None or page is None:
            self.said.emit(f"No breakpoint here: {found.why}.")
            return None
        at = found.line
        known = self.at(path, at)
        record = known.record if known is not None else None
        fields = fields_of(record) if isinstance(record, Breakpoint) else BreakpointFields()
        from pyprobe.gui.breakpoint_editor import BreakpointEditor

        for old in page.view.findChildren(BreakpointEditor):
            old.close_editor()

        def take(fields: BreakpointFields) -> str:
            return self._take(path, editor.line, fields)

        editor = BreakpointEditor(
            page.view, at, fields, self.names(path, at), take, text=partial(self._text, path)
        )
        self._window.sources.sources_changed.connect(editor.follow_edits)
        editor.open_editor(field)
        return editor

    def _text(self, path: str) -> str:
        return self._window.workspace.open(path).text

    def _take(self, path: str, line: int, fields: BreakpointFields) -> str:
        known = self.at(path, line)
        if known is None:
            self.moves.keep_text(path)
            try:
                self.board.add(
                    path,
                    line,
                    condition=fields.condition,
                    hit_count=fields.hit_count,
                    message=fields.message,
                    one_shot=fields.one_shot,
                    entity=fields.entity,
                )
            except PyProbeError as error:
                return _sentence(str(error))
            self.show()
            return ""
        return self.change(
            known.id,
            condition=fields.condition,
            hit_count=fields.hit_count,
            message=fields.message,
            one_shot=fields.one_shot,
            entity=fields.entity,
        )

    def names(self, path: str, line: int) -> "Names":
        """Return what gives the names in scope at a line."""

        def names_of(base: str) -> list[str]:
            source = self._window.workspace.open(path)
            return attributes_of(source, base, line) if base else names_at(source, line)

        return names_of

    # ---- edits of the text ---------------------------------------------------------------

    def follow_edits(self) -> None:
        """Move the breakpoints of files whose text has changed."""
        self.moves.follow_edits()
        self.show()


def _breakable(text: str, path: str) -> BreakableLines | None:
    if len(text) > _LARGEST_CHARACTERS:
        return None
    try:
        return BreakableLines(text, filename=path)
    except SyntaxProblem:
        return None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _message_key(breakpoint_id: int) -> str:
    return f"breakpoint {breakpoint_id} cannot stop"
