"""Questions about large sources, and their answers as plain data: all that is said of a text.

A process of its own answers them (``reading_process``), since even Python's parser keeps every
other thread of a process from running; a front end reads the answers (``source_reader``).
"""

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgpack

from pyprobe.analysis.anchor_mover import Moved, move_found
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.sample_rate import SampleRate, SampleRates, find_sample_rates
from pyprobe.analysis.why_not import Refusals

Answer = Mapping[str, Any]

_TEXTS_KEPT = 2  # the text that is shown, and the one before an edit


class PackedIndex(OccurrenceIndex):
    """An index whose occurrences are made line by line, when they are asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(())
        self._numbers = array("I", answer["lines"])
        self._ends = array("Q", answer["ends"])
        self._records: bytes = answer["records"]

    def _in_evaluation_order(self, line: int) -> list[Occurrence]:
        if line not in self._found:
            self._found[line] = self._unpacked(line)
        return self._found[line]

    def _unpacked(self, line: int) -> list[Occurrence]:
        place = bisect_left(self._numbers, line)
        if place == len(self._numbers) or self._numbers[place] != line:
            return []
        start = self._ends[place - 1] if place else 0
        packed = self._records[start : self._ends[place]]
        row = msgpack.unpackb(packed, unicode_errors="surrogatepass")
        return [Occurrence.from_dict(plain) for plain in row]

    @property
    def lines(self) -> list[int]:
        """The lines that hold an occurrence, ascending."""
        return list(self._numbers)


def answer(question: Mapping[str, Any]) -> Answer:
    """Answer ``read``, ``why`` or ``move``, whichever ``do`` says."""
    text: str = question["text"]
    match question["do"]:
        case "read":
            return _read(text)
        case "why":
            return {"why": _refusals(text).why_not(question["line"], question["col"])}
    occurrences = [Occurrence.from_dict(one) for one in question["occurrences"]]
    return _move(question["old"], text, occurrences)


def _read(text: str) -> Answer:
    found = _found(text)
    if isinstance(found, SyntaxProblem):
        return {"problem": found.sentence, "line": found.line}
    lines, ends, records = array("I"), array("Q"), bytearray()
    for line, row in groupby(sorted(found, key=_line_of), key=_line_of):
        records += msgpack.packb([one.to_dict() for one in row], unicode_errors="surrogatepass")
        lines.append(line)
        ends.append(len(records))
    rates = find_sample_rates(text)
    return {
        "problem": "",
        "lines": lines.tobytes(),
        "ends": ends.tobytes(),
        "records": bytes(records),
        "rates": [[one.rate_hz, one.name, one.line] for one in rates.rates],
        "scopes": rates.scopes,
    }


def read_rates(answer: Answer) -> SampleRates:
    """Return the sample rates that came with an answer to ``read``."""
    rates = (SampleRate(rate_hz, name, line) for rate_hz, name, line in answer["rates"])
    return SampleRates(tuple(rates), tuple((first, last) for first, last in answer["scopes"]))


def _move(old: str, new: str, occurrences: list[Occurrence]) -> Answer:
    before, after = _found(old), _found(new)
    problem = before if isinstance(before, SyntaxProblem) else after
    if isinstance(before, SyntaxProblem) or isinstance(after, SyntaxProblem):
        return {"moves": [[None, str(problem)] for _ in occurrences]}
    moves = move_found(old, new, before, after, occurrences)
    return {"moves": [[one.new and one.new.to_dict(), one.why] for one in moves]}


def read_moves(answer: Answer, occurrences: list[Occurrence]) -> list[Moved]:
    """Return where each occurrence went, of an answer to ``move``."""
    return [
        Moved(old, Occurrence.from_dict(plain) if plain else None, why)
        for old, (plain, why) in zip(occurrences, answer["moves"], strict=True)
    ]


@lru_cache(maxsize=_TEXTS_KEPT)
def _found(text: str) -> list[Occurrence] | SyntaxProblem:
    try:
        return find_occurrences(text)
    except SyntaxProblem as problem:
        return problem


@lru_cache(maxsize=1)
def _refusals(text: str) -> Refusals:
    return Refusals(text)


def _line_of(occurrence: Occurrence) -> int:
    return occurrence.line
