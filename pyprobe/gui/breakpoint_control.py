"""BreakpointControl: sets breakpoints by hand, shows how they fare, and moves them with edits."""

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, pyqtSignal
from PyQt6.QtWidgets import QToolTip

from pyprobe.analysis.breakable_lines import BreakableLine, BreakableLines
from pyprobe.analysis.line_mover import move_lines
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.core.debug.records import Breakpoint, BreakpointState
from pyprobe.errors import PyProbeError
from pyprobe.gui.breakpoint_fields import BreakpointFields
from pyprobe.gui.breakpoint_gutter import BreakpointGutter
from pyprobe.gui.breakpoint_words import fields_of, mark_of, place_text
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.messages import Level
from pyprobe.gui.source_page import SourcePage
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.breakpoint_editor import BreakpointEditor
    from pyprobe.gui.main_window import MainWindow
    from pyprobe.session.board_breakpoint import BoardBreakpoint
    from pyprobe.session.breakpoint_board import BreakpointBoard

_LARGEST_CHARACTERS = 1 << 18  # the lines of larger texts are not looked at before the program runs


class BreakpointControl(QObject):
    """Between the gutters, the session's board and the source texts.

    ``changed``: a breakpoint has come, gone or changed. ``is_used``: there may be some.
    """

    said = pyqtSignal(str)
    changed = pyqtSignal()

    def __init__(self, window: "MainWindow", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.is_used = False
        self._passing: set[int] = set()  # set by "run to", and gone once they have stopped
        self._gutters: dict[str, BreakpointGutter] = {}
        self._lines: dict[str, tuple[str, BreakableLines | None]] = {}
        self._texts: dict[str, str] = {}  # what the lines of a file's breakpoints refer to
        for page in window.source_area.pages.values():
            self.gutter(page)
        window.source_area.page_added.connect(self._on_page)
        window.sources.sources_changed.connect(self.follow_edits)

    @property
    def board(self) -> "BreakpointBoard":
        """The session's breakpoints."""
        self.is_used = True
        return self._session.breakpoints

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
                self.board.remove(one.id)
        self.show()

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
        if known is not None:
            self.remove(known.id)
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
            redo = partial(self._add, path, found.line, fields or BreakpointFields())
            undo = partial(self._remove_at, path, found.line)
            self._window.undo.push(f"set a breakpoint at line {found.line}", redo, undo)
        return one

    def add_once(self, path: str, line: int) -> None:
        """Set a breakpoint that stops once."""
        self.add(path, line, BreakpointFields(one_shot=True))

    def _add(self, path: str, line: int, fields: BreakpointFields) -> "BoardBreakpoint | None":
        self.keep_text(path)
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
            redo = partial(self._remove_at, record.file, one.line)
            undo = partial(self._add, record.file, one.line, fields_of(record))
            self._window.undo.push(f"remove the breakpoint of line {one.line}", redo, undo)

    def _remove_at(self, path: str, line: int) -> None:
        one = self.at(path, line)
        if one is not None:
            self.board.remove(one.id)
            self.show()

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
            one = self._add(path, found.line, BreakpointFields(one_shot=True))
            self._passing |= {one.id} if one is not None else set()
        self._window.program.run()

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
        names = partial(self._names, path, at)
        editor = BreakpointEditor(page.view, at, fields, names, partial(self._take, path, at))
        editor.open_editor(field)
        return editor

    def _take(self, path: str, line: int, fields: BreakpointFields) -> str:
        known = self.at(path, line)
        if known is None:
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
            self.keep_text(path)
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

    def _names(self, path: str, line: int, base: str) -> list[str]:
        source = self._window.workspace.open(path)
        return attributes_of(source, base) if base else names_at(source, line)

    # ---- edits of the text ---------------------------------------------------------------

    def follow_edits(self) -> None:
        """Move the breakpoints of files whose text has changed."""
        for path, old in list(self._texts.items()):
            new = self._window.workspace.open(path).text
            if new != old:
                self._texts[path] = new
                self._move(path, old, new)
        self.show()

    def _move(self, path: str, old: str, new: str) -> None:
        standing = [one for one in self.all if one.record.file == path]
        lost = self._move_lines(path, old, new, [one for one in standing if not one.is_data])
        lost += self._move_data(path, old, new, [one for one in standing if one.is_data])
        if lost:
            text = f"Breakpoints went with their lines: {'; '.join(lost)}."
            self._window.messages.post(text, Level.WARN)

    def _move_lines(
        self, path: str, old: str, new: str, lines: "list[BoardBreakpoint]"
    ) -> list[str]:
        moved = move_lines(old, new, [one.line for one in lines])
        lost = []
        for one in lines:
            place = moved[one.line]
            at = self.landing(path, place.new).line if place.new is not None else None
            if at is None:
                lost.append(f"{place_text(path, one.line)}: {place.why or 'nothing runs there'}")
                self.board.remove(one.id)
            elif at != one.line:
                self.board.move(one.id, at)
        return lost

    def _move_data(
        self, path: str, old: str, new: str, standing: "list[BoardBreakpoint]"
    ) -> list[str]:
        occurrences = [one.occurrence for one in standing if one.occurrence is not None]
        if not occurrences:
            return []
        from pyprobe.analysis.anchor_mover import move_occurrences

        lost = []
        try:
            moved = move_occurrences(old, new, occurrences)
        except SyntaxProblem:
            return []  # they stay where they were until the text can be read again
        for one, place in zip(standing, moved, strict=True):
            if place.new is None:
                lost.append(f"{place_text(path, one.line)}: {place.why}")
                self.board.remove(one.id)
            else:
                self.board.move_data(one.id, place.new)
        return lost

    # ---- memory --------------------------------------------------------------------------

    def keep_text(self, path: str) -> None:
        """Take note that breakpoints refer to a file's text as it is open."""
        self.is_used = True
        self._texts.setdefault(path, self._window.workspace.open(path).text)

    def remember_text(self, path: str, text: str) -> None:
        """Take over the text that remembered breakpoints of a file refer to."""
        self._texts[path] = text

    def text_of(self, path: str) -> str:
        """Return the text that the breakpoints of a file refer to."""
        return self._texts.get(path, "")


def _breakable(text: str, path: str) -> BreakableLines | None:
    if len(text) > _LARGEST_CHARACTERS:
        return None
    try:
        return BreakableLines(text, filename=path)
    except SyntaxProblem:
        return None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
