"""The bench measures what it says: programs print their times, rows and table fit together."""

import statistics
import subprocess
import sys
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "bench"))

import quiet
import rows_breakpoints
from catalogue import ROWS, Row
from instructions import instruction_ratio, instructions_said
from measuring import (
    BenchError,
    Measurement,
    Printed,
    Setting,
    interleaved,
    occurrence,
    run_plain,
    run_session,
)
from pacing import PAIRS, WARM_UP_STRETCHES, Undo, slowdown, with_probe
from rows_breakpoints import in_cold_line
from rows_budget import KINDS
from tables import markdown, rows_before

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.session.session import Session

SETTING = Setting(sys.executable, quick=True)


def test_a_program_runs_plain_and_through_a_session_and_tells_its_time() -> None:
    plain = run_plain(SETTING, "hot_loop.py", "2", "1000")
    probed = occurrence("hot_loop.py", OccurrenceKind.STORE, "x", 1)
    session, printed = run_session(
        SETTING, "hot_loop.py", "2", "1000", probes=[(probed, "every")], lossless=True
    )
    assert len(plain.numbers("seconds")) == len(printed.numbers("seconds")) == 2
    assert session.stats.received == 2 * 1000 + 100


def test_the_probed_lines_are_the_ones_meant() -> None:
    hottest = occurrence("hot_loop.py", OccurrenceKind.STORE, "x", 1)
    source = (ROOT / "scripts/bench/programs/hot_loop.py").read_text().splitlines()
    assert source[hottest.line - 1].strip() == "x = x * 0.5 + i"
    assert occurrence("hot_kinds.py", OccurrenceKind.STORE, "rest").func == "never"


@pytest.mark.parametrize("kind", KINDS)
def test_the_budget_is_measured_on_the_line_that_binds_the_kind(kind: str) -> None:
    symbol, _steps = KINDS[kind]
    probed = occurrence("hot_kinds.py", OccurrenceKind.STORE, symbol, 1)
    sessions: list[Session] = []

    def prepare(session: Session) -> Undo:
        sessions.append(session)
        return with_probe(session, probed, "hot_kinds.py", throttle="every")

    slower = slowdown(SETTING, "run_kind.py", kind, steps=80, prepare=prepare)
    warm, counted = WARM_UP_STRETCHES, SETTING.repeats(PAIRS)
    assert {one.stats.received for one in sessions} == {(warm + counted) * 90}
    assert len(sessions) == len(set(sessions)) * (1 + counted)
    assert slower.ratio > 1


def times_of(durations_ns: list[int]) -> list[int]:
    return list(accumulate(durations_ns, initial=7_000_000_000))


def test_what_comes_with_hits_is_told_from_what_comes_without_regard_to_them() -> None:
    busy = [200_000 if place // 700 % 2 else 100_000 for place in range(30_000)]
    times_ns = times_of(busy)
    hits_ns = list(range(times_ns[0] + 3_000_000, times_ns[-1], 51_000_000))
    excesses_ns = quiet.excesses_of_hits_ns(times_ns, hits_ns)
    assert len(excesses_ns) >= len(hits_ns) - 1
    without_ns = statistics.fmean(excesses_ns)
    first = {bisect_right(times_ns, hit_ns) - 1 for hit_ns in hits_ns}
    delayed = times_of([one + 900_000 * (place in first) for place, one in enumerate(busy)])
    moved_ns = [delayed[bisect_right(times_ns, hit_ns)] - 1 for hit_ns in hits_ns]
    with_ns = statistics.fmean(quiet.excesses_of_hits_ns(delayed, moved_ns))
    assert with_ns - without_ns == pytest.approx(900_000, rel=0.2)


def test_hits_near_the_ends_and_near_each_other_are_left_out() -> None:
    times_ns = times_of([100_000] * 3_000)
    begin_ns, end_ns = times_ns[0], times_ns[-1]
    assert quiet.excesses_of_hits_ns(times_ns, [begin_ns + 100_000]) == []
    assert quiet.excesses_of_hits_ns(times_ns, [end_ns - 20_000_000]) == []
    near_ns = [begin_ns + 50_000_000, begin_ns + 60_000_000]
    assert len(quiet.excesses_of_hits_ns(times_ns, near_ns)) == 1
    assert quiet.excesses_of_hits_ns(times_ns, [near_ns[0]]) == pytest.approx([0.0])


@pytest.mark.parametrize("throttle", ["every", "50ms"])
def test_a_probe_is_measured_in_pieces_of_a_loop(
    throttle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there all the time, a callback in each turn, shows between hits."""
    monkeypatch.setattr(quiet, "_PROCESSES", 1)
    monkeypatch.setattr(quiet, "_STRETCHES", 1)
    monkeypatch.setattr(quiet, "_PIECES", 1500 if throttle == "50ms" else 20)
    probed = occurrence(quiet.SCRIPT, OccurrenceKind.STORE, "x", 1)

    def prepare(session: Session) -> Undo:
        return with_probe(session, probed, quiet.SCRIPT, throttle=throttle)

    told = quiet.cost(SETTING, prepare=prepare)
    if throttle == "every":
        assert told.between_hits > 2
        assert told.interval_ns == 0
    elif sys.version_info >= (3, 12):  # before, the hook stays for as long as the piece runs
        assert told.between_hits < 2
        assert told.interval_ns >= 49_000_000
        assert "a hit, between hits" in told.said()
    source = (ROOT / "scripts/bench/programs" / quiet.SCRIPT).read_text().splitlines()
    assert f"TURNS = {quiet.TURNS:_}" in source


@pytest.mark.skipif(sys.version_info < (3, 12), reason="there is no sys.monitoring before 3.12")
def test_what_does_not_hit_executes_no_instruction_in_a_hot_loop() -> None:
    probed = occurrence("hot_kinds.py", OccurrenceKind.STORE, "rest")

    def prepare(session: Session) -> Undo:
        return with_probe(session, probed, "hot_kinds.py", throttle="every")

    idle = instruction_ratio(SETTING, "run_kind.py", "float", prepare=prepare)
    cold = instruction_ratio(
        SETTING, rows_breakpoints.SCRIPT, rows_breakpoints.KIND, prepare=in_cold_line
    )
    # A callback in each turn is 2 at least, an unfused instruction 1.01; no clock is looked at.
    assert idle < 1.005
    assert cold < 1.005


def test_without_valgrind_nothing_is_said_of_instructions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert instructions_said(SETTING, rows_breakpoints.SCRIPT, prepare=in_cold_line) == ""
    with pytest.raises(BenchError, match="valgrind, which is not installed"):
        instruction_ratio(SETTING, rows_breakpoints.SCRIPT, prepare=in_cold_line)


def test_measures_are_taken_in_turns() -> None:
    taken: list[str] = []

    def measure(name: str, value: float) -> float:
        taken.append(name)
        return value

    medians = interleaved(3, lambda: measure("a", 1.0), lambda: measure("b", 2.0))
    assert medians == [1.0, 2.0]
    assert "".join(taken) == "ababab"


def test_arrays_are_brought_to_another_process_as_simply_as_can_be() -> None:
    assert run_plain(SETTING, "told_copies.py", "40").median("told") > 0


def test_references_are_measured() -> None:
    printed = run_plain(SETTING, "references.py")
    assert printed.median("append") > 0
    assert printed.median("callback") > 0


def test_the_table_says_what_was_not_reached_and_judges_3_11_not() -> None:
    row = Row("one", "a thing", "1 ms", lambda setting: Measurement("", "", True))
    bad = Measurement("2 ms", "bare 1 ms", False)
    text = markdown([row], {("one", "3.13.0"): bad, ("one", "3.11.7"): bad}, ["3.13.0", "3.11.7"])
    new, old = text.split("## Python 3.11.7")
    assert "| a thing | 1 ms | 2 ms | bare 1 ms | **not reached** |" in new
    assert "not reached" not in old


def test_rows_that_are_not_measured_now_stand_as_they_did() -> None:
    measure = lambda setting: Measurement("", "", True)  # noqa: E731
    rows = [Row("one", "a thing", "1 ms", measure), Row("two", "another", "2 ms", measure)]
    first = Measurement("0.5 ms", "bare 1 ms", True)
    versions = ["3.13.0", "3.11.7"]
    all_of_them = {(row.name, version): first for row in rows for version in versions}
    document = markdown(rows, all_of_them, versions)
    assert markdown(rows, {}, [], rows_before(document)) == document
    again = Measurement("9 ms", "bare 1 ms", False)
    text = markdown(rows, {("two", "3.13.0"): again}, ["3.13.0"], rows_before(document))
    assert text == document.replace(
        "| another | 2 ms | 0.5 ms | bare 1 ms | reached |",
        "| another | 2 ms | 9 ms | bare 1 ms | **not reached** |",
    )


def test_a_new_interpreter_joins_those_of_the_document() -> None:
    row = Row("one", "a thing", "1 ms", lambda setting: Measurement("", "", True))
    done = Measurement("0.5 ms", "bare 1 ms", True)
    old = markdown([row], {("one", "3.12.1"): done}, ["3.12.1"])
    text = markdown([row], {("one", "3.13.0"): done}, ["3.13.0"], rows_before(old))
    assert text.index("## Python 3.13.0") < text.index("## Python 3.12.1")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_is_in_the_document(row: Row) -> None:
    document = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert f"| {row.title} | {row.reach} |" in document


def test_one_row_from_the_command_line(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "bench.py"), "--quick", "--no-write"]
    done = subprocess.run(
        [*command, "--only", "start", "--python", sys.executable],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "plain start" in done.stdout, done.stderr
    assert Printed().numbers("nothing") == []
