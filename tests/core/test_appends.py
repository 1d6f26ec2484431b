"""A function that appends by itself leaves the same entries, each of them whole."""

import sys
import threading
from collections.abc import Callable

import pytest

from pyprobe.core.capture_log import CaptureLog, Extend
from pyprobe.core.events.appends import Push, with_appends
from pyprobe.core.events.constants import with_constants

IS_DONE = sys.version_info[:2] in ((3, 12), (3, 13)) and "t" not in sys.abiflags
Record = Callable[[object, int, int], object]


def plain_recorder(extend: Extend) -> Record:
    push = Push(extend)

    def record(value: object, thread: int, t_ns: int) -> object:
        if value is None:
            return False
        push(value, thread, abs(t_ns), 7)
        return True

    return record


def recorder(extend: Extend) -> Record:
    return with_appends(with_constants(plain_recorder(extend)))


def has_a_call(record: Callable[..., object]) -> bool:
    constants: tuple[object, ...] = record.__code__.co_consts
    cells = record.__closure__ or ()
    return any(isinstance(one, Push) for one in (*constants, *(one.cell_contents for one in cells)))


def test_the_entries_and_what_it_returns_are_the_same() -> None:
    logs = CaptureLog(), CaptureLog()
    plain, made = plain_recorder(logs[0].extend), recorder(logs[1].extend)
    assert has_a_call(plain)
    assert has_a_call(made) is not IS_DONE
    for record in (plain, made):
        answers = [record(value, 3, -5) for value in (1.5, None, "text")]
        assert answers == [True, False, True]
    expected = (0, ([7, 7], [5, 5], [3, 3], [1.5, "text"]))
    assert logs[0].drain() == logs[1].drain() == expected


def test_what_fails_before_leaves_nothing() -> None:
    log = CaptureLog()
    made = recorder(log.extend)
    with pytest.raises(TypeError, match="bad operand"):
        made(1.5, 3, "text")  # type: ignore[arg-type]
    assert not len(log)
    made(1.5, 3, 4)
    assert log.drain() == (0, ([7], [4], [3], [1.5]))


def test_one_that_is_given_something_else_than_a_list_calls_it() -> None:
    taken: list[object] = []
    made = recorder(lambda entry: taken.append(entry))
    assert has_a_call(made)
    made(1.5, 3, 4)
    assert taken == [(7, 4, 3, 1.5)]


def test_one_that_calls_it_twice_is_left_alone() -> None:
    log = CaptureLog()
    push = Push(log.extend)

    def record(value: object) -> None:
        push(value, 1, 2, 3)
        push(value, 4, 5, 6)

    made = with_appends(with_constants(record))
    assert has_a_call(made)
    made(0.5)
    assert log.drain() == (0, ([3, 6], [2, 5], [1, 4], [0.5, 0.5]))


def test_room_for_an_entry_is_made_before_its_first_item() -> None:
    entries: list[object] = []
    made = recorder(entries.extend)
    word = sys.getsizeof([None]) - sys.getsizeof([])
    for number in range(20_000):
        made(0.5, 1, number)
        room, rest = divmod(sys.getsizeof(entries) - sys.getsizeof([]), word)
        assert (room % 4, rest) == (0, 0)
        if number % 7_000 == 6_999:
            del entries[: len(entries) - 4]  # what was appended while a batch was taken out


def test_threads_do_not_tear_each_others_entries() -> None:
    log = CaptureLog()
    made = recorder(log.extend)
    begun = threading.Barrier(3)

    def record_often(thread: int) -> None:
        begun.wait()
        for number in range(30_000):
            made(float(number), thread, number)

    threads = [threading.Thread(target=record_often, args=(one,)) for one in (1, 2)]
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for one in threads:
            one.start()
        begun.wait()
        entries: list[tuple[object, ...]] = []
        while any(one.is_alive() for one in threads):
            entries += zip(*log.drain()[1], strict=True)
        entries += zip(*log.drain()[1], strict=True)
    finally:
        sys.setswitchinterval(interval_s)
    for thread in (1, 2):
        own = [(t_ns, value) for _probe, t_ns, one, value in entries if one == thread]
        assert own == [(number, float(number)) for number in range(30_000)]
    assert {entry[0] for entry in entries} == {7}
