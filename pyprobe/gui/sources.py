"""Sources: the texts of the program's files as the window shows and probes them."""

from dataclasses import dataclass, field

from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_file import read_source
from pyprobe.analysis.why_not import Refusals

MAX_CHARACTERS = 8 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text and what can be probed in it; ``problem`` is a sentence, or ``""``.

    ``problem_line`` counts from 1; 0 means that the problem has no line.
    """

    path: str
    text: str
    index: OccurrenceIndex = field(default_factory=lambda: OccurrenceIndex(()), repr=False)
    problem: str = ""
    problem_line: int = 0
    refusals: Refusals = field(default_factory=lambda: Refusals(""), repr=False)

    def why_not(self, line: int, col: int) -> str:
        """Return why a click on a character does nothing; ``""`` where nobody would ask."""
        lines = self.text.split("\n")
        row = lines[line - 1] if 0 < line <= len(lines) else ""
        if col >= len(row) or row[col].isspace():
            return ""
        return self.refusals.why_not(line, col)


def load_source(path: str) -> Source:
    """Read a file and find its occurrences; whatever is wrong becomes the Source's problem."""
    read = read_source(path)
    if read.problem:
        return Source(
            path, read.text, problem=_sentence(read.problem), refusals=Refusals(read.text)
        )
    if len(read.text) > MAX_CHARACTERS:
        return Source(path, "", problem=f"{path} is too large to be shown.")
    return source_of_text(path, read.text)


def source_of_text(path: str, text: str) -> Source:
    """Make a Source of a text that is known."""
    try:
        index = OccurrenceIndex(find_occurrences(text, filename=path))
        return Source(path, text, index, refusals=Refusals(text))
    except SyntaxProblem as problem:
        sentence = f"Line {problem.line} is not valid Python: {problem.sentence}."
        return Source(
            path, text, problem=sentence, problem_line=problem.line, refusals=Refusals(text)
        )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
