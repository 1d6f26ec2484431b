"""Sources: the texts of the program's files as the window shows and probes them."""

from dataclasses import dataclass, field

from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.source_file import read_source

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

    def why_not(self, line: int, col: int) -> str:
        """Return why a click on a character does nothing; ``""`` where nobody would ask."""
        lines = self.text.split("\n")
        row = lines[line - 1] if 0 < line <= len(lines) else ""
        if col >= len(row) or row[col].isspace():
            return ""
        from pyprobe.analysis.why_not import why_not

        return why_not(self.text, line, col)


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
        sentence = f"Line {problem.line} is not valid Python: {problem.sentence}."
        return Source(path, text, problem=sentence, problem_line=problem.line)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
