"""Conditions of ``pyprobe record``, and ``pyprobe labels``."""

import pytest

from tests.cli.conftest import Place

LOOP = """\
def run(gain):
    for i in range(20):
        x = i * gain
    return x
print(run(2))
"""


def test_records_between_two_conditions(place: Place) -> None:
    place.write(LOOP)
    done = place.record(
        *("-p", "program.py:3:x", "--when", "x == 10", "--stop-when", "x == 16", "program.py")
    )
    assert (done.code, done.out) == (0, "38\n")
    assert [line["value"] for line in place.export()] == [10, 12, 14, 16]


def test_takes_snapshots_that_are_listed_by_label(place: Place) -> None:
    file = place.write(LOOP)
    done = place.record(
        *("-p", "program.py:3:x", "--snapshot-when", "x == 10=ten"),
        *("--snapshot-when", "rise(gain)=never", "--snapshot-when", "x > 30=late", "program.py"),
    )
    assert done.code == 0
    assert "the condition 'rise(gain)' never held" in done.err
    assert "20 captures and 2 snapshots in out.mcap (" in done.err
    listed = place.pyprobe("labels", "out.mcap")
    assert listed.code == 0
    first, second = [line.split() for line in listed.out.splitlines()]
    assert (first[0], first[3], first[5]) == ("6", "ten", "run")
    assert (second[0], second[3]) == ("18", "late")
    one = place.pyprobe("labels", "out.mcap", "ten")
    assert f"  ten  {file}:" in one.out
    assert one.out.splitlines()[1:] == ["    gain = 2", "    i = 5", "    x = 10"]
    assert len(place.export()) == 20


def test_says_that_there_is_no_such_label(place: Place) -> None:
    place.write(LOOP)
    place.record("-p", "program.py:3:x", "program.py")
    done = place.pyprobe("labels", "out.mcap", "ten")
    assert (done.code, done.out) == (1, "")
    assert "out.mcap holds no snapshot labelled 'ten'" in done.err


def test_says_what_a_condition_that_never_held_was_missing(place: Place) -> None:
    place.write(LOOP)
    done = place.record("-p", "program.py:3:x", "--when", "nowhere > 1", "program.py")
    assert done.code == 0
    assert "never held; `nowhere` was false 20 times: there was no nowhere" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--when", "x >"), "--when 'x >': Expected a value"),
        (("--snapshot-when", "x > 3"), "EXPR=LABEL"),
        (("--stop-when", "x & y > 3"), "write x & (y > 3)"),
    ],
)
def test_refuses_what_is_no_condition(place: Place, arguments: tuple[str, ...], said: str) -> None:
    place.write(LOOP)
    done = place.record("-p", "program.py:3:x", *arguments, "program.py")
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_refuses_a_condition_that_is_never_asked(place: Place) -> None:
    place.write(LOOP)
    done = place.record("--when", "x > 3", "program.py")
    assert done.code == 2
    assert "name one with -p" in done.err
