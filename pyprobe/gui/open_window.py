"""What makes a window one of a recording: no program to run, its times, and how much is loaded."""

import os
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from pyprobe.gui.actions import WHY_NOT
from pyprobe.gui.compare_control import CompareControl
from pyprobe.gui.open_runs import add_run_menus
from pyprobe.gui.recording_export import add_export_action
from pyprobe.gui.snapshot_recorded import RecordedSnapshots
from pyprobe.gui.sources import Source
from pyprobe.session.recorded_session import RecordedSession

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase
    from pyprobe.gui.window_menus import WindowMenus

_WHY_NOT = "this is a recording, and no program runs"
_TICK_MS = 100
_LOAD_MS = 16.0


def main_file(session: RecordedSession) -> str | None:
    """Return the file to show first: the script, else the first with a probe."""
    files = session.sources.files
    script = session.program.script_path
    if script in files:
        return script
    probed = [probe.anchor.file for probe in session.probes.values()]
    return next(iter((*probed, *files)), None)


def first_text(session: RecordedSession, path: str) -> Source:
    """Return a file's text as it was, for the first paint: nothing lights up in it yet."""
    read = session.source(path)
    return Source(path, read.text, problem=f"{read.problem.rstrip('.')}." if read.problem else "")


class RecordingWindow(QObject):
    """Goes with a window whose session is a recording, which may be compared with another one."""

    def __init__(
        self,
        window: "WindowBase",
        menus: "WindowMenus",
        session: RecordedSession,
        *,
        compare_with: str | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._compare_with = compare_with
        name = os.path.basename(session.path)
        window.setWindowTitle(f"{session.name} (recording of {session.program.label}) – PyProbe")
        window.program.refusal = f"{name} is a recording: no program runs in this window."
        menus.program.forbid(_WHY_NOT)
        for switch in (menus.restart_on_save, menus.loop, menus.record):
            switch.setEnabled(False)
            switch.setProperty(WHY_NOT, _WHY_NOT)
        self.compare = CompareControl(window, session)
        self.run_menus = add_run_menus(window, menus, session, self.compare)
        self.export = add_export_action(window, session.path, menus.compare)
        window.time.bar.set_goes_on(False)
        window.console.view.clock = self._last_output_ns
        self.snapshots = RecordedSnapshots(window, session)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_progress)
        self._timer.start()
        self._loader = QTimer(self)  # beside the frames, which would leave half of the time unused
        self._loader.timeout.connect(self._load)
        self._loader.start(0)
        self._show_progress()
        for note in session.notes:  # of what was found before anybody listened
            window.warn(note)

    def _load(self) -> None:
        if not self._session.process_events(_LOAD_MS):
            self._loader.stop()
            if self._compare_with is not None:
                self.compare.start(self._compare_with)

    def _last_output_ns(self) -> int:
        output = self._session.output
        return output[-1].t_ns if output else 0

    def _show_progress(self) -> None:
        session, status = self._session, self._window.status
        self.snapshots.update()
        self._window.console.input.setPlaceholderText("A recording takes no input")
        if session.is_loaded:
            self._timer.stop()
            status.show_recording("")
        else:
            status.show_recording(f"loading {session.progress:.0%}")
