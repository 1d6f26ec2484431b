"""The bell wakes a sleeper, whoever rings and however often, and gives no other thread a turn."""

import os
import select
from collections.abc import Iterator

import pytest

from pyprobe.core import bell as bell_module
from pyprobe.core.bell import Bell
from pyprobe.ipc.gil_calls import library_function
from tests.gil import somebody_wants_the_gil


@pytest.fixture(params=["by a call of the library", "by Python's own"])
def bell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bell]:
    if request.param == "by Python's own":
        monkeypatch.setattr(bell_module, "library_function", lambda name: None)
    bell = Bell()
    yield bell
    bell.close()


def is_heard(bell: Bell) -> bool:
    return bool(select.select([bell], [], [], 0)[0])


def test_a_ring_is_heard_until_it_is_hushed(bell: Bell) -> None:
    assert not is_heard(bell)
    bell.ring()
    bell.ring()
    assert is_heard(bell)
    bell.hush()
    assert not is_heard(bell)


def test_it_never_blocks_and_never_fails(bell: Bell) -> None:
    for _ in range(100_000):  # more than a pipe takes
        bell.ring()
    assert is_heard(bell)
    os.close(bell.descriptors[1])  # as a program does that becomes a daemon
    bell.ring()
    bell.close()
    bell.ring()


@pytest.mark.skipif(library_function("write") is None, reason="there are no such calls here")
def test_another_thread_that_wants_the_gil_does_not_get_it_meanwhile() -> None:
    """The one that rings has read a value, and has not stored it yet."""
    bell = Bell()
    with somebody_wants_the_gil() as turns:
        begun = turns()
        for _ in range(200_000):  # the GIL changes hands once in thousands
            bell.ring()
        assert turns() == begun
    bell.close()
