"""Programs written at random: what a probe on each occurrence captures is what a log tells there.

The same program runs twice: rewritten to log each occurrence, and as it is with all of them probed.
More of them: ``PYPROBE_RANDOM_PROGRAMS=1000:2000``, the seeds from the first up to the second.
"""

import os
from collections import defaultdict
from pathlib import Path

import pytest

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.value_copy import CopiedValue
from tests.core.capturing import Capturer
from tests.core.occurrence_log import LOG, LOG_TRUE, OccurrenceLog
from tests.core.random_programs import random_program

FIRST, STOP = map(int, os.environ.get("PYPROBE_RANDOM_PROGRAMS", "0:20").split(":"))

Values = defaultdict[int, list[str]]
_PLAIN = (int, bool, float, str, type(None))
_OTHER = "…"  # a value of another type: only that something was captured is compared


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of its generators
@pytest.mark.parametrize("seed", range(FIRST, STOP))
def test_captures_at_each_occurrence_what_a_log_tells_there(seed: int, tmp_path: Path) -> None:
    source = random_program(seed)
    occurrences = find_occurrences(source)
    log = OccurrenceLog(source, occurrences)
    told, told_result = _run_logging(log, source)
    captured, result = _run_probed(source, occurrences, tmp_path)
    assert result == told_result
    wrong = {
        number: (captured[number], told[number])
        for number in log.logged
        if not _agree(captured[number], told[number])
        and not _may_differ(source, occurrences[number], captured[number], told[number])
    }
    assert {_place(source, occurrences[number]): both for number, both in wrong.items()} == {}


def _run_logging(log: OccurrenceLog, source: str) -> tuple[Values, object]:
    told: Values = defaultdict(list)

    def note(number: int, value: object) -> object:
        told[number].append(_shown(value))
        return value

    def note_true(number: int, value: object) -> bool:
        told[number].append(_shown(value))
        return True

    namespace: dict[str, object] = {"__name__": "program", LOG: note, LOG_TRUE: note_true}
    exec(log.rewritten(source), namespace)
    return told, namespace["result"]


def _run_probed(source: str, occurrences: list[Occurrence], folder: Path) -> tuple[Values, object]:
    path = folder / "program.py"
    path.write_text(source)
    capturer = Capturer()
    capturer.engine.start()
    namespace: dict[str, object] = {"__name__": "program"}
    try:
        numbers = {
            capturer.add(path, one): number
            for number, one in enumerate(occurrences)
            if one.kind is not OccurrenceKind.BASE_STORE
        }
        exec(compile(source, str(path), "exec"), namespace)
    finally:
        capturer.engine.stop()
    captured: Values = defaultdict(list)
    _first_seq, rows = capturer.log.drain()
    for probe_id, value in zip(rows.probe_ids, rows.values, strict=True):
        captured[numbers[probe_id]].append(_shown(value))
    assert capturer.faults == []
    return captured, namespace["result"]


def _shown(value: object) -> str:
    value = value.value if isinstance(value, CopiedValue) else value
    return repr(value) if type(value) in _PLAIN else _OTHER


def _agree(captured: list[str], told: list[str]) -> bool:
    return len(captured) == len(told) and all(
        expected in (_OTHER, value) for value, expected in zip(captured, told, strict=True)
    )


def _may_differ(source: str, occurrence: Occurrence, captured: list[str], told: list[str]) -> bool:
    """Whether it is right that a value was not captured which the log tells of."""
    line = source.splitlines()[occurrence.line - 1]
    if occurrence.kind is OccurrenceKind.STORE and ":=" in line:
        return not captured  # on 3.13 the compiler leaves one of the stores of `x = (x := 1)`
    if occurrence.kind is not OccurrenceKind.RETURN:
        return False
    left = iter(told)  # a value is not returned, after all, if `finally` leaves otherwise
    return all(any(expected in (_OTHER, value) for expected in left) for value in captured)


def _place(source: str, occurrence: Occurrence) -> str:
    line = source.splitlines()[occurrence.line - 1].strip()
    return f"{occurrence.kind.value} {occurrence.symbol}@{occurrence.col} in {line}"
