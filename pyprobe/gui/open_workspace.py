"""RecordedWorkspace: a recording, its sources as they were, and its probes. No Qt."""

import hashlib
import os

from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.sample_rate import nearby_sample_rate
from pyprobe.gui.preferences import ProgramMemory
from pyprobe.gui.sources import Source, source_of_text
from pyprobe.gui.workspace import Reload, Workspace
from pyprobe.session.probe import Probe
from pyprobe.session.recorded_session import RecordedSession

_NOT_RECORDED = "the recording holds no captures of it; only a program that runs can be probed anew"


class RecordedSource(Source):
    """A file's text as it was. Only what was probed then lights up."""

    __slots__ = ()

    def why_not(self, line: int, col: int) -> str:
        """Return why a click on a character does nothing."""
        rows = self.text.split("\n")
        row = rows[line - 1] if 0 < line <= len(rows) else ""
        if col >= len(row) or row[col].isspace():
            return ""
        return super().why_not(line, col) or _NOT_RECORDED


class RecordedWorkspace(Workspace):
    """Files on disk may change as they like: what is shown is what was recorded."""

    def __init__(self, session: RecordedSession) -> None:
        super().__init__(session)
        self._recorded = session
        for probe in session.probes.values():
            found = nearby_sample_rate(self.open(probe.anchor.file).text, probe.occurrence.line)
            session.set_sample_rate(probe, found.rate_hz if found is not None else None)

    def open(self, path: str) -> Source:
        """Return a file's source as it was recorded."""
        path = os.path.abspath(path)
        if path not in self._sources:
            self._sources[path] = self._load(path)
        return self._sources[path]

    def _load(self, path: str) -> Source:
        read = self._recorded.source(path)
        if read.problem and not read.text:
            return RecordedSource(path, "", problem=f"{read.problem.rstrip('.')}.")
        source = source_of_text(path, read.text)
        occurrences = [one for line in source.index.lines for one in source.index.on_line(line)]
        recorded = [one for one in occurrences if self._recorded.has_captures_of(one, path)]
        index = OccurrenceIndex(recorded)
        return RecordedSource(path, source.text, index, source.problem, source.problem_line)

    def can_show(self, path: str) -> bool:
        """Whether there is a text of a file."""
        return self._recorded.sources.has_text(path) or os.path.isfile(path)

    def file_changed(self, path: str) -> Reload | None:
        """Take no note: the text of then stays."""
        return None

    def reload(self, path: str) -> Reload:
        """Return what is shown already."""
        return Reload(self.open(path))

    def key_of(self, probe: Probe) -> str:
        """Return a name that the same probe has in every recording of the script."""
        anchor = probe.anchor
        place = f"{anchor.file}:{anchor.line}:{anchor.col}:{anchor.symbol}"
        return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def remember(self) -> ProgramMemory:
        """Return nothing but the window's looks: the recording has the rest."""
        return ProgramMemory()

    def recall(self, memory: ProgramMemory) -> list[str]:
        """Add nothing: the recording's probes are there already."""
        return []
