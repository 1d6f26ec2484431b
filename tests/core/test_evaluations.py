"""What shows that an expression of a person runs, and what ends one that nobody waits for."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from pyprobe.core import evaluations
from pyprobe.core.evaluations import ENDED_TEXT, CutShortError, Evaluations


def test_what_runs_is_shown_while_it_runs_and_the_oldest_first() -> None:
    shown: list[int] = []
    one = Evaluations()
    one.show = shown.append
    first = one.begin()
    second = one.begin()
    one.end(first)
    one.end(second)
    assert shown == [first, first, second, 0]
    assert (first % 2, second % 2) == (1, 1)
    assert not one.any_runs


def test_a_condition_within_another_and_beside_a_line_is_shown_by_the_oldest() -> None:
    shown: list[int] = []
    one = Evaluations()
    one.show = shown.append
    inner = compile("1", "", "eval")
    names = {"ask": lambda: one.condition(bool, inner, {}, {})}
    one.condition(bool, compile("ask()", "", "eval"), names, {})
    assert shown[:3] == [shown[0]] * 3
    assert (shown[0] % 2, shown[3:]) == (0, [0])
    line = one.begin()
    one.condition(bool, inner, {}, {})
    assert shown[4:] == [line] * 3
    one.end(line)


def test_a_condition_gives_its_value_or_raises_what_it_raises() -> None:
    shown: list[int] = []
    one = Evaluations()
    one.show = shown.append
    assert one.condition(bool, compile("x + y", "", "eval"), {"x": 1}, {"y": 2}) is True
    with pytest.raises(ZeroDivisionError):
        one.condition(bool, compile("1 / x", "", "eval"), {"x": 0}, {})
    assert [bool(number) for number in shown] == [True, False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "[None for x in iter(int, 1)]",
        "stubborn()",
        "any(map(wait, iter(int, 1)))",
    ],
)
def test_a_condition_that_nobody_waits_for_is_cut_short(text: str) -> None:
    one, begun = Evaluations(), threading.Event()
    outcome: list[object] = []

    def stubborn() -> None:
        begun.set()
        for _ in range(2):
            try:
                while True:
                    pass
            except BaseException as error:  # noqa: BLE001
                outcome.append(type(error).__name__)

    def ask() -> None:
        names = {"stubborn": stubborn, "wait": lambda _: time.sleep(0.01)}
        code = compile(text, "", "eval")
        try:
            one.condition(bool, code, names, {})
        except CutShortError:
            outcome.append("cut short")
        outcome.append(sum(range(1000)))  # whatever is raised too late would be raised here

    thread = threading.Thread(target=ask)
    one.show = lambda number: begun.set() if number and text != "stubborn()" else None
    thread.start()
    assert begun.wait(60)
    one.outlast()
    thread.join(60)
    assert outcome[-1] == 499500
    assert not one.any_runs


ENDLESS = """\
import sys, threading, time
from pyprobe.core import evaluations
evaluations.END_AFTER_S = evaluations.KILL_AFTER_S = 0.2
begun = threading.Event()
def evaluate():
    evaluations.PROCESS_EVALUATIONS.begin()
    begun.set()
    time.sleep(1000)
threading.Thread(target=evaluate).start()
begun.wait()
threading.Thread(target=evaluations.PROCESS_EVALUATIONS.outlast).start()
if sys.argv[1] == "ignores":
    import signal
    signal.signal(signal.SIGTERM, lambda *_: None)
while True:
    time.sleep(0.01)
"""


@pytest.mark.parametrize(
    ("how", "number"), [("heeds", signal.SIGTERM), ("ignores", signal.SIGKILL)]
)
def test_what_cannot_be_ended_ends_with_the_program(how: str, number: signal.Signals) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDLESS, how], capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == -number
    assert ended.stderr.decode() == ENDED_TEXT


def test_a_forked_child_shows_nothing() -> None:
    shown: list[int] = []
    one = Evaluations()
    one.show = shown.append
    number = one.begin()
    one.abandon()
    one.end(number)
    assert shown == [number]
    assert evaluations.PROCESS_EVALUATIONS.any_runs is False
