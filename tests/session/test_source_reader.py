"""SourceReader: another process says the same of a text as this one would, and leaves nothing."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pyprobe.analysis.anchor_mover import move_occurrences
from pyprobe.analysis.occurrence_index import OccurrenceIndex
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.sample_rate import find_sample_rates
from pyprobe.analysis.why_not import why_not
from pyprobe.session.source_answers import PackedIndex, read_moves, read_rates
from pyprobe.session.source_reader import SourceReader

TEXT = """fs = 48_000
class C:
    def f(self, a, *b):
        self.x[a, -1:2, ..., b"k", "\\ud800"] = a = b[0]
        return [a for a in b if (c := a)] and f"{a}"
x = 1; x = x + x
"""
PATIENCE_S = 60.0


class Asking:
    """A reader whose answers can be waited for."""

    def __init__(self) -> None:
        self._came = threading.Event()
        self.reader = SourceReader(self._came.set)

    def ask(self, **question: object) -> Mapping[str, Any] | None:
        """Ask, and wait for the answer."""
        answers: list[Mapping[str, Any] | None] = []
        self.reader.ask(question, answers.append)
        while not answers:
            assert self._came.wait(PATIENCE_S)
            self._came.clear()
            self.reader.process_answers()
        return answers[0]

    @property
    def pid(self) -> int:
        """The process that answers."""
        process = self.reader._process
        assert process is not None
        return process.pid


@pytest.fixture
def asking() -> Iterator[Asking]:
    one = Asking()
    yield one
    one.reader.close()


def test_the_index_is_that_of_the_text(asking: Asking) -> None:
    answer = asking.ask(do="read", text=TEXT)
    assert answer is not None
    packed, plain = PackedIndex(answer), OccurrenceIndex(find_occurrences(TEXT))
    assert packed.lines == plain.lines
    for line in range(9):
        assert packed.on_line(line) == plain.on_line(line)
        for col in range(60):
            assert packed.at(line, col) == plain.at(line, col)
        for one in plain.on_line(line):
            assert packed.for_anchor(one.line, one.col, one.symbol) == plain.for_anchor(
                one.line, one.col, one.symbol
            )
    assert read_rates(answer) == find_sample_rates(TEXT)


def test_a_problem_has_its_line(asking: Asking) -> None:
    answer = asking.ask(do="read", text="x = 1\ny = = 2\n")
    assert answer == {"problem": "invalid syntax", "line": 2}


def test_moves_and_reasons_are_those_of_the_texts(asking: Asking) -> None:
    edited = "# new\n" + TEXT.replace("x = 1; ", "")
    wanted = find_occurrences(TEXT)
    plain = [one.to_dict() for one in wanted]
    answer = asking.ask(do="move", old=TEXT, text=edited, occurrences=plain)
    assert answer is not None
    assert read_moves(answer, wanted) == move_occurrences(TEXT, edited, wanted)
    assert asking.ask(do="why", text=TEXT, line=1, col=6) == {"why": why_not(TEXT, 1, 6)}


def test_a_text_that_does_not_parse_has_no_places(asking: Asking) -> None:
    plain = [find_occurrences(TEXT)[0].to_dict()]
    answer = asking.ask(do="move", old=TEXT, text="def", occurrences=plain)
    assert answer is not None
    ((new, why),) = answer["moves"]
    assert new is None
    assert "invalid syntax" in why


def test_an_end_of_the_process_is_answered_and_another_begins(asking: Asking) -> None:
    assert asking.ask(do="why", text="x = 1", line=1, col=4) is not None
    first = asking.pid
    os.kill(first, signal.SIGKILL)
    assert asking.ask(do="why", text="x = 1", line=1, col=4) is None
    assert asking.ask(do="why", text="x = 1", line=1, col=4) is not None
    assert asking.pid != first


def test_closing_waits_for_no_answer() -> None:
    asking = Asking()
    asking.ask(do="why", text="x = 1", line=1, col=4)
    pid = asking.pid
    told: list[object] = []
    asking.reader.ask({"do": "read", "text": "x = y\n" * 200_000}, told.append)
    asking.reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert told == []
