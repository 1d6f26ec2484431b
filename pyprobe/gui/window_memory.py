"""WindowMemory: brings back a program's probes and layout, and keeps them for the next time."""

from PyQt6.QtCore import QByteArray

from pyprobe.errors import PyProbeError
from pyprobe.gui.code_view import CodeView
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.messages import Level
from pyprobe.gui.preferences import ProgramMemory, Store
from pyprobe.session.launch import Program
from pyprobe.session.options import WindowOptions

_ANY_PROGRAM = ""  # the last window's layout, for a program that has none of its own


def program_key(program: Program) -> str:
    """Return what a program is remembered by."""
    path = program.script_path
    return path if path is not None else f"-m {program.module} in {program.cwd}"


class WindowMemory:
    """Between a window and the store; ``key`` is what is remembered by, else the program's."""

    def __init__(self, window: MainWindow, store: Store, *, key: str | None = None) -> None:
        self._window = window
        self._store = store
        self._is_program = key is None
        self._key = program_key(window.program_to_run) if key is None else key
        self._memory = store.load_program(self._key)
        self._general = store.load_program(_ANY_PROGRAM)
        window.preferences_changed.connect(self._keep_preferences)
        window.closing.connect(self.keep)

    def restore_geometry(self) -> None:
        """Give the window the place and size it had."""
        geometry = self._memory.geometry or self._general.geometry
        if geometry:
            self._window.restoreGeometry(QByteArray(geometry))

    def restore_place(self) -> None:
        """Scroll the script to where it was."""
        if self._memory.first_line and self._has_main_view():
            self._main_view().setFirstVisibleLine(self._memory.first_line)

    def _has_main_view(self) -> bool:
        return bool(self._window.source_area.pages)

    def _main_view(self) -> CodeView:
        return next(iter(self._window.source_area.pages.values())).view

    def restore_layout(self) -> None:
        """Give plots and docks what they had; to be called once the plots are there."""
        window = self._window
        if window.debug is not None:
            window.debug.prepare(self._memory.debug)
        if window.traces is not None:
            from pyprobe.session.math_memory import restore_math

            with window.undo.quiet():
                window.leaves.board.restore_list(self._memory.leaves, window.traces.key_of)
                restore_math(window.math.board, self._memory.math, window.traces.key_of)
                window.traces.recall(self._memory.plots)
        restored = False
        for memory in (self._memory, self._general) if self._is_program else (self._memory,):
            if memory.layout and not restored:
                restored = self._window.docks.restore_layout(memory.layout)
        if not restored:
            self._window.first_sizes()
        if not restored and not self._is_program:  # all its plots came at once
            window.docks.arrange()
        if window.debug is not None:
            window.debug.docks.fill_open()

    def restore_probes(self, options: WindowOptions) -> None:
        """Add the remembered probes, then those of the command line."""
        menus = self._window.menus
        menus.restart_on_save.setChecked(self._memory.restart_on_save)
        menus.loop.setChecked(self._memory.loops)
        with self._window.undo.quiet():
            problems = self._restore_probes(options)
            if self._window.debug is not None:
                problems += self._window.debug.recall(self._memory.debug, self._memory.sources)
        for problem in problems:
            self._window.messages.post(problem, Level.WARN)

    def _restore_probes(self, options: WindowOptions) -> list[str]:
        problems = self._window.workspace.recall(self._memory)
        session = self._window.session
        for wanted in options.probes:
            try:
                throttle = wanted.throttle or self._window.preferences.throttle
                workspace = self._window.workspace
                probe = workspace.add_probe(wanted.file, wanted.occurrence, throttle)
                if wanted.throttle and probe.throttle != wanted.throttle:
                    session.set_throttle(probe, wanted.throttle)
            except PyProbeError as error:
                problems.append(f"{wanted.occurrence.symbol}: {error}.")
        return problems

    def tell_complaints(self) -> None:
        """Say what could not be read or written."""
        complaints, self._store.complaints = self._store.complaints, []
        for complaint in complaints:
            self._window.messages.post(complaint, Level.WARN)

    def keep(self) -> None:
        """Remember the probes and the layout."""
        window = self._window
        if not window.is_complete:
            return
        geometry, layout = window.saveGeometry().data(), window.docks.save_layout()
        memory = window.workspace.remember()
        memory.layout, memory.geometry = layout, geometry
        if window.traces is not None:
            from pyprobe.session.math_memory import math_to_list

            memory.plots = window.traces.memory()
            memory.leaves = list(window.leaves.board.to_list(window.traces.key_of))
            memory.math = list(math_to_list(window.math.board, window.traces.key_of))
        if window.debug is not None:
            memory.debug = window.debug.memory.to_plain(memory.sources)
        memory.restart_on_save, memory.loops = window.rerun.on_save, window.rerun.loops
        memory.first_line = self._main_view().firstVisibleLine() if self._has_main_view() else 0
        self._store.save_program(self._key, memory)
        if self._is_program and not memory.probes:
            self._store.save_program(_ANY_PROGRAM, ProgramMemory(layout=layout, geometry=geometry))

    def _keep_preferences(self, preferences: object) -> None:
        self._store.save_preferences(self._window.preferences)
        self.tell_complaints()
