"""Sources: the texts of the program's files as the window shows and probes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os.path import basename
from typing import TYPE_CHECKING, Protocol

from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.source_file import read_source

if TYPE_CHECKING:
    from pyprobe.analysis.anchor_mover import Moved
    from pyprobe.analysis.occurrence import Occurrence
    from pyprobe.analysis.sample_rate import SampleRates

MAX_CHARACTERS = 8 << 20
LARGE_CHARACTERS = 50_000  # about 1,500 lines: reading more would be felt in the window


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text and what can be probed in it; ``problem`` is a sentence, or ``""``.

    ``problem_line`` counts from 1; 0 means that the problem has no line. A text ``is_kept`` from
    before where the file is gone or unreadable now. While a large text
    ``is_being_read``, nothing of it can be probed yet. ``rates`` are known where it was read beside
    the window's thread.
    """

    path: str
    text: str
    index: OccurrenceIndex = field(default_factory=lambda: OccurrenceIndex(()), repr=False)
    problem: str = ""
    problem_line: int = 0
    is_being_read: bool = False
    is_kept: bool = False
    rates: "SampleRates | None" = field(default=None, repr=False)

    @property
    def is_large(self) -> bool:
        """Whether reading this text takes so long that a window would be felt to stand still."""
        return len(self.text) > LARGE_CHARACTERS

    @property
    def reading_sentence(self) -> str:
        """What is said while it is being read."""
        name = basename(self.path)
        return f"{name} is being read; what can be probed in it lights up in a moment."

    def sample_rate_hz(self, line: int) -> float | None:
        """Return the sample rate written in the source near a line; None where none is known."""
        if self.rates is None and self.is_large:
            return None
        from pyprobe.analysis.sample_rate import find_sample_rates

        rates = self.rates if self.rates is not None else find_sample_rates(self.text)
        found = rates.nearest(line)
        return found.rate_hz if found is not None else None

    def is_blank(self, line: int, col: int) -> bool:
        """Whether nothing stands at a place, so that nobody would ask why it cannot be probed."""
        lines = self.text.split("\n")
        row = lines[line - 1] if 0 < line <= len(lines) else ""
        return col >= len(row) or row[col].isspace()

    def why_not(self, line: int, col: int) -> str:
        """Return why a click on a character does nothing; ``""`` where nobody would ask."""
        if self.is_being_read:
            return self.reading_sentence
        if self.is_blank(line, col):
            return ""
        from pyprobe.analysis.why_not import why_not

        return why_not(self.text, line, col)


class TextReader(Protocol):
    """Reads large texts beside the caller's thread; ``then`` is called on it, later."""

    def read(self, path: str, text: str, then: Callable[[Source], None]) -> None:
        """Find what can be probed in a text."""

    def why(self, text: str, line: int, col: int, then: Callable[[str], None]) -> None:
        """Find out why nothing can be probed at a place."""

    def move(
        self,
        old: str,
        new: str,
        occurrences: "Sequence[Occurrence]",
        then: "Callable[[list[Moved]], None]",
    ) -> None:
        """Find out where occurrences of an old text stand in a new one."""


def load_text(path: str) -> Source:
    """Read a file; whatever is wrong becomes the Source's problem. Nothing can be probed yet."""
    read = read_source(path)
    if read.problem:
        return Source(path, read.text, problem=_sentence(read.problem))
    if len(read.text) > MAX_CHARACTERS:
        return Source(path, "", problem=f"{path} is too large to be shown.")
    return Source(path, read.text)


def load_source(path: str) -> Source:
    """Read a file and find its occurrences."""
    source = load_text(path)
    return source if source.problem else source_of_text(path, source.text)


def source_of_text(path: str, text: str) -> Source:
    """Make a Source of a text that is known."""
    # Here, as a window shows a text before it asks what can be probed in it.
    from pyprobe.analysis.occurrences import find_occurrences
    from pyprobe.analysis.problems import SyntaxProblem

    try:
        return Source(path, text, OccurrenceIndex(find_occurrences(text, filename=path)))
    except SyntaxProblem as problem:
        return source_with_problem(path, text, problem.sentence, problem.line)


def source_with_problem(path: str, text: str, what: str, line: int) -> Source:
    """Make a Source of a text that is not Python; ``line`` from 1."""
    sentence = f"Line {line} is not valid Python: {what}."
    return Source(path, text, problem=sentence, problem_line=line)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
