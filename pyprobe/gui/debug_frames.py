"""DebugFrames: the frame that is looked at: its line, its inline values, its variables."""

import os
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from pyprobe.core.debug.records import StopPlace
from pyprobe.gui.condition_names import attributes_of, names_at
from pyprobe.gui.debug_answers import FrameRow, VariableRow, error_of, read_row
from pyprobe.gui.debug_inline import InlineValues, inline_texts

if TYPE_CHECKING:
    from pyprobe.gui.debug_seams import FrameOwner
    from pyprobe.gui.variables_panel import VariablesPanel
    from pyprobe.gui.variables_tree import VariablePlace
    from pyprobe.gui.window_base import WindowBase

_LIMIT_MS = 5000


class DebugFrames(QObject):
    """Shows one frame at a time."""

    def __init__(self, window: "WindowBase", control: "FrameOwner") -> None:
        super().__init__(window)
        self._window = window
        self._control = control
        self._row: FrameRow | None = None
        self._stop: StopPlace | None = None
        self._inline: dict[str, InlineValues] = {}
        self._panel: VariablesPanel | None = None

    def attach(self, panel: "VariablesPanel") -> None:
        """Fill this panel."""
        self._panel = panel
        panel.tree.filled.connect(self._show_inline)
        panel.tree.set_asked.connect(self.set_variable)
        panel.line.entered.connect(self.evaluate)
        panel.bar.asked.connect(self._control.follow)
        panel.bar.names = self._names

    # ---- where it stands -----------------------------------------------------------------

    def begin(self, stop: StopPlace, *, reveal: bool) -> None:
        """Show the line at once; the frame's values come when they were asked for.

        Not to ``reveal`` it leaves the source as it is, as another frame may be looked at.
        """
        self._stop = stop
        if reveal:
            self._reveal(stop.file, stop.line)
        self._mark(stop, None)
        if self._panel is not None:
            self._panel.show_standing(True)

    def end(self) -> None:
        """The program runs: what was seen of the frame is true no more."""
        self._stop = self._row = None
        self._mark(None, None)
        self._clear_inline()
        if self._panel is not None:
            self._panel.show_standing(False)
            self._panel.bar.show_place(self._panel.bar.place.text(), pale=True)
            self._panel.tree.show_nothing()

    def forget(self) -> None:
        """Another run begins: leave nothing of the frames of the last one."""
        if self._panel is not None:
            self._panel.bar.show_place("")
            self._panel.tree.forget_frame()

    def look_at(self, row: FrameRow, *, innermost: bool) -> None:
        """Show a frame's line and variables."""
        self._row = row
        self._reveal(row.file, row.line)
        self._mark(self._stop, None if innermost else row)
        self._clear_inline()
        if self._panel is not None:
            where = f"{row.function}  ·  {os.path.basename(row.file)}:{row.line}"
            self._panel.bar.show_place(where)
            self._panel.tree.show_frame(self._control.ask, row.index, (row.file, row.function))

    def _reveal(self, file: str, line: int) -> None:
        if self._window.workspace.can_show(file):
            self._window.docks.set_plots_only(False)
            self._window.sources.open(file)
            page = self._window.source_area.current_page
            if page is not None:
                page.view.show_line(line)

    def _mark(self, stop: StopPlace | None, looked_at: FrameRow | None) -> None:
        self._show_stand(
            stop.file if stop is not None else "",
            stop.line if stop is not None else 0,
            looked_at.file if looked_at is not None else "",
            looked_at.line if looked_at is not None else 0,
        )

    def _show_stand(self, file: str, line: int, looked_file: str, looked_line: int) -> None:
        for path, page in self._window.source_area.pages.items():
            stands_at = line if path == file else 0
            looked_at = looked_line if path == looked_file else 0
            page.view.show_halt(stands_at)
            self._control.gutter(page).show_stand(stands_at, looked_at=looked_at)

    def _names(self, base: str) -> list[str]:
        """Return the names in scope where the frame is."""
        row = self._row
        if row is None or not self._window.workspace.can_show(row.file):
            return []
        source = self._window.workspace.open(row.file)
        return attributes_of(source, base, row.line) if base else names_at(source, row.line)

    # ---- inline values -------------------------------------------------------------------

    def _show_inline(self) -> None:
        row, panel = self._row, self._panel
        page = self._window.source_area.pages.get(row.file) if row is not None else None
        if row is None or page is None or panel is None:
            return
        source = self._window.workspace.open(row.file)
        function = self._control.scope_name(row.file, row.line)
        texts = inline_texts(source, row.line, function, panel.tree.top_texts())
        self._layer(row.file).show_texts(texts)

    def inline_texts(self) -> dict[int, str]:
        """Return what stands behind the lines of the file that is looked at."""
        path = self._row.file if self._row is not None else ""
        return self._inline[path].texts if path in self._inline else {}

    def _layer(self, path: str) -> InlineValues:
        if path not in self._inline:
            view = self._window.source_area.pages[path].view
            self._inline[path] = InlineValues(view, lambda: self._window.theme)
            view.destroyed.connect(lambda: self._inline.pop(path, None))
        return self._inline[path]

    def _clear_inline(self) -> None:
        for layer in self._inline.values():
            layer.show_texts({})

    # ---- asking --------------------------------------------------------------------------

    @property
    def index(self) -> int:
        """The number of the frame that is looked at, from the innermost."""
        return self._row.index if self._row is not None else 0

    def evaluate(self, text: str) -> None:
        """Evaluate a line in the frame; it runs code of the program."""
        panel = self._panel
        if panel is None:
            return

        def answered(answer: dict[str, object]) -> None:
            root = answer.get("root")
            error = error_of(answer)
            row = read_row({**answer, "name": text})
            panel.tree.add_result(text, row, root if isinstance(root, str) else "", error)
            if not error and not root:
                panel.tree.refresh()  # a statement may have changed anything

        def failed(why: str) -> None:
            row = VariableRow(text, [], "", "", -1, False)
            panel.tree.add_result(text, row, "", why)

        runs = VariableRow(text, [], "…", "", -1, False)  # until there is an answer
        panel.tree.add_result(text, runs, "", "")
        request = {"ask": "evaluate", "frame": self.index, "text": text, "limit_ms": _LIMIT_MS}
        self._control.ask(request, answered, failed)

    def set_variable(self, place: "VariablePlace", text: str) -> None:
        """Give a variable another value; it runs code of the program."""
        from pyprobe.gui.variables_tree import written  # loaded with the panel

        panel = self._panel

        def answered(answer: dict[str, object]) -> None:
            error = error_of(answer)
            name = written(place.names)
            refused = f"{name} is as it was: {error}"
            self._control.said.emit(refused if error else f"{name} is {read_row(answer).text} now.")
            if panel is not None:
                panel.tree.refresh()

        request: dict[str, object] = {
            "ask": "set",
            "frame": self.index,
            "scope": place.scope,
            "path": list(place.path),
            "text": text,
            "limit_ms": _LIMIT_MS,
        }
        self._control.ask(request, answered, self._control.said.emit)
