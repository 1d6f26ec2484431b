"""The call stack of a thread that stands, the tasks that await it, and all threads."""

import sys
import threading
from typing import Any

import pytest

from tests.core.debug.standing import PATIENCE_S, Stopped, standing


def stack(program: Stopped) -> list[dict[str, Any]]:
    frames = program.ask("stack")["frames"]
    assert isinstance(frames, list)
    return frames


def mine(program: Stopped) -> list[tuple[str, int, str, str]]:
    """Function, line, kind and task of the program's own frames, innermost first."""
    return [
        (frame["function"], frame["line"], frame["kind"], frame["task"])
        for frame in stack(program)
        if frame["is_mine"]
    ]


def test_frames_come_innermost_first_with_their_lines() -> None:
    source = """
class A:
    def method(self):
        return [stand() for _ in (1, )]
def outer():
    A().method()
outer()
"""
    with standing(source) as program:
        frames = stack(program)
        assert [frame["index"] for frame in frames] == list(range(len(frames)))
        named = [frame for frame in mine(program) if "<" not in frame[0]]
        assert named == [("A.method", 4, "frame", ""), ("outer", 6, "frame", "")]
        assert mine(program)[-1] == ("<module>", 7, "frame", "")
        assert frames[-1]["function"] == "Thread._bootstrap"
        assert not frames[-1]["is_mine"]


ASYNC = """
import asyncio
async def leaf():
    await asyncio.sleep(0)
    stand()
async def inner():
    await leaf()
async def values():
    yield await asyncio.create_task(inner(), name='deep')
async def main():
    asyncio.current_task().set_name('first')
    {body}
    other.cancel() if other else None
other = None
asyncio.run(main())
"""
RUNNING = [("leaf", 5, "frame"), ("inner", 7, "frame")]


def test_a_coroutine_that_is_awaited_directly_has_its_awaiters_as_callers() -> None:
    with standing(ASYNC.format(body="await inner()")) as program:
        names = [(name, kind, task) for name, _line, kind, task in mine(program)]
        assert names == [
            ("leaf", "frame", "first"),
            ("inner", "frame", "first"),
            ("main", "frame", "first"),
            ("<module>", "frame", "first"),
        ]


@pytest.mark.parametrize(
    ("body", "task", "awaiting"),
    [
        ("await asyncio.create_task(inner(), name='T')", "T", ["main"]),
        ("await asyncio.gather(asyncio.create_task(inner(), name='T'))", "T", ["main"]),
        ("await asyncio.wait([asyncio.create_task(inner(), name='T')])", "T", ["main"]),
        ("await asyncio.shield(asyncio.create_task(inner(), name='T'))", "T", ["main"]),
        ("async for _ in values(): pass", "deep", ["values", "main"]),
        ("await asyncio.wait_for(asyncio.gather(inner()), 60)", None, ["main"]),
    ],
)
def test_the_tasks_that_await_the_running_one_stand_behind(
    body: str, task: str | None, awaiting: list[str]
) -> None:
    with standing(ASYNC.format(body=body)) as program:
        frames = mine(program)
        assert [(name, line, kind) for name, line, kind, _task in frames[:2]] == RUNNING
        if task is not None:
            assert frames[0][3] == task
        behind = [(name, of) for name, _line, kind, of in frames if kind == "awaiting"]
        assert behind == [(name, "first") for name in awaiting]


def test_a_task_group_waits_for_its_tasks() -> None:
    body = "async with asyncio.TaskGroup() as group: group.create_task(inner())"
    with standing(ASYNC.format(body=body)) as program:
        behind = [name for name, _line, kind, _task in mine(program) if kind == "awaiting"]
        assert behind == ["main"]


def test_tasks_that_wait_for_nothing_of_this_are_left_out() -> None:
    body = "global other; other = asyncio.create_task(asyncio.sleep(3600)); await inner()"
    with standing(ASYNC.format(body=body)) as program:
        assert not [name for name, _line, kind, _task in mine(program) if kind == "awaiting"]


def test_the_variables_of_an_awaiting_frame_are_read_and_set() -> None:
    body = "x = 1; await asyncio.create_task(inner()); result.append(x)"
    with standing(ASYNC.format(body=body), result=[]) as program:
        index = next(frame["index"] for frame in stack(program) if frame["kind"] == "awaiting")
        assert program.texts(frame=index)["x"] == "1"
        assert program.set("x + 1", name="x", frame=index) == "2"
    assert program.namespace["result"] == [2]


def test_a_recursion_of_any_depth_is_cut() -> None:
    source = "def f(n):\n  f(n - 1) if n else stand()\nf(3000)"
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        with standing(source) as program:
            assert len(stack(program)) == 1000
    finally:
        sys.setrecursionlimit(before)


def test_threads_have_names_and_places_and_say_which_stand() -> None:
    waiting, started = threading.Event(), threading.Event()

    def wait() -> None:
        started.set()
        waiting.wait(PATIENCE_S)

    other = threading.Thread(target=wait, name="Other")
    other.start()
    try:
        started.wait(PATIENCE_S)
        with standing("def f():\n  stand()\nf()") as program:
            rows: Any = program.ask("threads")["threads"]
            by_name = {row[1]: row for row in rows}
            assert by_name["Program"][2].endswith("prog")
            assert by_name["Program"][3:] == [2, "f", True]
            assert by_name["Other"][5] is False
            assert by_name["Other"][0] == other.ident
            assert by_name["MainThread"][5] is False
    finally:
        waiting.set()
        other.join()
