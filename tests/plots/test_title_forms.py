"""Titles where there is little room: whole parts go, what is missed least first."""

from collections.abc import Sequence

import pytest

from pyprobe.plots.title_forms import cut_end, name_of, shortest_apart, title_forms, told_apart


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("x @ script.py:10", ("x @ script.py:10", "x @ line 10", "x")),
        (
            "self.pid.gain @ script.py:10",
            (
                "self.pid.gain @ script.py:10",
                "self.pid.gain @ line 10",
                "self.pid.gain",
                "pid.gain",
                "gain",
            ),
        ),
        (
            "state['gain'] @ a b.py:7",
            ("state['gain'] @ a b.py:7", "state['gain'] @ line 7", "state['gain']"),
        ),
        (
            "x @ run.py:3 in B.mcap",
            ("x @ run.py:3 in B.mcap", "x @ line 3 in B.mcap", "x in B.mcap", "x"),
        ),
        ("z @ run.py:3 re", ("z @ run.py:3 re", "z @ line 3 re", "z re")),
        ("tr3 = tr0 * 2", ("tr3 = tr0 * 2", "tr3")),
        ("tr0 == tr1", ("tr0 == tr1",)),
        ("abs(fft(tr2))", ("abs(fft(tr2))",)),
        ("1.5", ("1.5",)),
        ("", ("",)),
    ],
)
def test_forms(title: str, forms: tuple[str, ...]) -> None:
    assert title_forms(title) == forms


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("x @ script.py:10", "x"),
        ("x @ run.py:3 in B.mcap", "x in B.mcap"),
        ("tr3 = tr0 * 2", "tr3"),
        ("cursors", "cursors"),
    ],
)
def test_the_name_alone(title: str, name: str) -> None:
    assert name_of(title) == name


def test_only_the_end_is_ever_cut() -> None:
    assert cut_end("a_very_long_name", len, 10) == "a_very_lo…"
    assert cut_end("a name", len, 6) == "a name"
    assert cut_end("name of a state", len, 6) == "name…"


def test_titles_stay_apart() -> None:
    def width(texts: Sequence[str]) -> float:
        return sum(map(len, texts))

    assert told_apart(["x @ a.py:1", "y @ a.py:2"], width, 20) == ["x @ a.py:1", "y @ a.py:2"]
    assert told_apart(["x @ a.py:1", "y @ a.py:2"], width, 19) == ["x", "y"]
    assert told_apart(["x @ a.py:1", "x @ a.py:2"], width, 3) == ["x @ line 1", "x @ line 2"]
    assert told_apart(["x @ a.py:1", "x @ b.py:1"], width, 3) == ["x @ a.py:1", "x @ b.py:1"]
    assert told_apart([], width, 3) == []


def test_the_shortest_forms_that_differ() -> None:
    assert shortest_apart(["x @ a.py:1", "y @ a.py:2"]) == ["x", "y"]
    assert shortest_apart(["x @ a.py:1", "x @ a.py:2", "tr0 = x"]) == [
        "x @ line 1",
        "x @ line 2",
        "tr0",
    ]
    assert shortest_apart(["re", ""]) == ["re", ""]
