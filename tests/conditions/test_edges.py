"""Edges: one previous value per place of use and thread."""

import math
import threading
from typing import Any

import numpy as np
import pytest

from pyprobe.conditions import compile, parse

T, F = True, False
GONE = object()

SEQUENCES: list[tuple[str, list[Any], list[bool]]] = [
    ("rise(x)", [0, 1, 1, 0, 1], [F, T, F, F, T]),
    ("rise(x)", [1, 1, 0, 1], [F, F, F, T]),
    ("fall(x)", [0, 1, 1, 0, 1], [F, F, F, T, F]),
    ("fall(x)", [0, 0, 1], [F, F, F]),
    ("changed(x)", [1, 1, 2, 2, 1], [F, F, T, F, T]),
    ("changed(x)", [1, 1.0, True], [F, F, F]),
    ("changed(x)", [math.nan, math.nan, 1, math.nan], [F, F, T, T]),
    ("changed(x)", ["a", "a", "b", None, None], [F, F, T, T, F]),
    ("changed(x)", ["a" * 5000, "a" * 5000, "a" * 5001], [F, F, T]),
    ("changed(x)", [np.float32(1), 1, np.int8(2)], [F, F, T]),
    ("rise(x)", [[], [1], [1, 2], []], [F, T, F, F]),
    ("rise(x)", [0, GONE, 1], [F, F, T]),
    ("fall(x)", [GONE, 0, 1, GONE, 0], [F, F, F, F, T]),
    ("changed(x)", [1, GONE, 1, GONE, 2], [F, F, F, F, T]),
    ("rise(x > 2)", [1, 3, 4, 2, 2.5], [F, T, F, F, T]),
    ("rise(x > 2)", [3, 1, 3], [F, F, T]),
    ("fall(x > 2)", [1, 3, 4, 2], [F, F, F, T]),
    ("rise(x) | fall(x)", [0, 1, 1, 0], [F, T, F, T]),
]


def run(source: str, values: list[Any]) -> list[bool]:
    evaluator = compile(parse(source))
    return [evaluator({} if value is GONE else {"x": value}) for value in values]


@pytest.mark.parametrize(("source", "values", "expected"), SEQUENCES)
def test_the_course_of_an_edge(source: str, values: list[Any], expected: list[bool]) -> None:
    assert run(source, values) == expected


@pytest.mark.parametrize(
    ("source", "steps", "expected"),
    [
        ("gate & rise(x)", [(0, 0), (0, 1), (1, 1), (1, 0), (1, 1)], [F, F, F, F, T]),
        ("gate | rise(x)", [(1, 0), (1, 1), (0, 1)], [T, T, F]),
        ("gate, any_of(y == 1, rise(x))", [(0, 0), (0, 1), (1, 1)], [F, F, F]),
    ],
)
def test_an_edge_sees_every_value_also_where_another_term_decides(
    source: str, steps: list[tuple[int, int]], expected: list[bool]
) -> None:
    evaluator = compile(parse(source))
    assert [evaluator({"gate": gate, "x": x, "y": 0}) for gate, x in steps] == expected


def test_each_place_of_use_has_its_own_memory() -> None:
    expr = parse("rise(x)")
    first, second = compile(expr), compile(expr)
    assert [first({"x": value}) for value in (0, 1)] == [F, T]
    assert [second({"x": value}) for value in (1, 1)] == [F, F]
    assert [compile(parse("rise(x), rise(x)"))({"x": value}) for value in (0, 1)] == [F, F]


def test_each_thread_has_its_own_memory() -> None:
    evaluator = compile(parse("rise(x)"))
    evaluator({"x": 0})
    elsewhere: list[bool] = []

    def other_thread() -> None:
        elsewhere.extend(evaluator({"x": value}) for value in (1, 0, 1))

    thread = threading.Thread(target=other_thread)
    thread.start()
    thread.join()
    assert elsewhere == [F, F, T]
    assert evaluator({"x": 1}) is True


def test_nothing_of_the_program_is_kept() -> None:
    class Text(str):
        alive = 0

        def __init__(self, *_: object) -> None:
            Text.alive += 1

        def __del__(self) -> None:
            Text.alive -= 1

    evaluator = compile(parse("changed(x)"))
    evaluator({"x": Text("a")})
    assert Text.alive == 0
    assert evaluator({"x": Text("b")}) is True
