"""ReadingBeside: large sources are read in another process, and answered on the window's thread."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from pyprobe.analysis.anchor_mover import Moved
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.gui.sources import Source, source_with_problem
from pyprobe.session.source_answers import PackedIndex, read_moves, read_rates
from pyprobe.session.source_reader import SourceReader

_UNANSWERED = "it could not be read: the process that reads large files has ended"


class ReadingBeside(QObject):
    """A TextReader; ``close`` before the window goes."""

    _came = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = SourceReader(self._came.emit)
        self._came.connect(self._process_answers)
        self.destroyed.connect(self._reader.close)  # where nobody else has closed it

    @pyqtSlot()
    def _process_answers(self) -> None:
        self._reader.process_answers()

    def close(self) -> None:
        """End the process."""
        self._reader.close()

    def read(self, path: str, text: str, then: Callable[[Source], None]) -> None:
        """Find what can be probed in a text."""

        def take(answer: Mapping[str, Any] | None) -> None:
            if answer is None:
                then(Source(path, text, problem=f"{path}: {_UNANSWERED}."))
            elif answer["problem"]:
                then(source_with_problem(path, text, answer["problem"], answer["line"]))
            else:
                then(Source(path, text, PackedIndex(answer), rates=read_rates(answer)))

        self._reader.ask({"do": "read", "text": text}, take)

    def why(self, text: str, line: int, col: int, then: Callable[[str], None]) -> None:
        """Find out why nothing can be probed at a place."""

        def take(answer: Mapping[str, Any] | None) -> None:
            if answer is not None:
                then(answer["why"])

        self._reader.ask({"do": "why", "text": text, "line": line, "col": col}, take)

    def move(
        self,
        old: str,
        new: str,
        occurrences: Sequence[Occurrence],
        then: Callable[[list[Moved]], None],
    ) -> None:
        """Find out where occurrences of an old text stand in a new one."""

        def take(answer: Mapping[str, Any] | None) -> None:
            if answer is None:
                then([Moved(one, None, _UNANSWERED) for one in occurrences])
            else:
                then(read_moves(answer, list(occurrences)))

        plain = [one.to_dict() for one in occurrences]
        self._reader.ask({"do": "move", "old": old, "text": new, "occurrences": plain}, take)
