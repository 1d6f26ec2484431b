"""In a frame's slots is what its variables are bound to, and reading them leaves nothing behind."""

import builtins
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import CellType, FrameType

import pytest

from pyprobe.core import frame_reader
from pyprobe.core.frame_reader import FastAccess, variable_reader
from pyprobe.core.frame_slots import Slot, slot_at, slots_of, slots_place
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from tests.core.capturing import Capturer, marked_occurrences

MANY = 300  # variables: more than an instruction's argument holds


def value_in(slot: Slot, frame: FrameType) -> object:
    records, values = slot
    return values[records[id(frame) >> 3] >> 3]


def read(frame: FrameType, name: str) -> object:
    (slot,) = slots_of(frame.f_code, name)
    return value_in(slot, frame)


def test_the_place_is_known_in_each_interpreter_that_is_supported() -> None:
    assert slots_place() > 0


def test_parameters_and_variables_are_read_and_the_unbound_are_told() -> None:
    def function(first: object, *others: object, key: object = None, **rest: object) -> None:
        frame = sys._getframe()
        later: object
        for name, value in (("first", first), ("others", others), ("key", key), ("rest", rest)):
            assert read(frame, name) is value
        with pytest.raises(ValueError, match="NULL"):
            read(frame, "later")
        later = [1]
        assert read(frame, "later") is later
        del later
        with pytest.raises(ValueError, match="NULL"):
            read(frame, "later")

    function(object(), 1, 2, key=[3], more=4)


def test_the_slot_of_a_cell_holds_the_cell() -> None:
    shared = [1]

    def inner() -> tuple[object, object]:
        return shared, read(sys._getframe(), "shared")

    value, cell = inner()
    assert type(cell) is CellType
    assert cell.cell_contents is value is shared


def test_a_frame_has_its_own_values_in_recursion_in_a_generator_and_in_another_thread() -> None:
    frames: list[FrameType] = []

    def deep(n: int) -> None:
        value = [n]
        frames.append(sys._getframe())
        if n:
            deep(n - 1)
        assert read(frames[-1 - n], "value") is value

    deep(5)

    def generated() -> Iterator[FrameType]:
        value = ["generated"]
        yield sys._getframe()
        assert value

    suspended = generated()
    assert read(next(suspended), "value") == ["generated"]

    go_on, stands = threading.Event(), threading.Event()

    def waits() -> None:
        value = ["thread"]
        frames.append(sys._getframe())
        stands.set()
        go_on.wait()
        assert value

    thread = threading.Thread(target=waits)
    thread.start()
    stands.wait()
    assert read(frames[-1], "value") == ["thread"]
    go_on.set()
    thread.join()


def test_a_variable_far_behind_is_read_and_the_value_stack_follows_the_last_one() -> None:
    bound = "".join(f"    v{n} = [{n}]\n" for n in range(MANY))
    text = f"def function(far, next_to):\n{bound}    return [('on', 'stack'), far(), next_to()]\n"
    functions: dict[str, object] = {}
    exec(text, functions)
    function = functions["function"]
    assert callable(function)
    result = function(
        lambda: read(sys._getframe(1), f"v{MANY - 1}"),
        lambda: value_in(slot_at(MANY + 2), sys._getframe(1)),
    )
    assert result == [("on", "stack"), [MANY - 1], ("on", "stack")]


def test_a_read_keeps_nothing_alive() -> None:
    class Thing:
        pass

    def function() -> weakref.ref[Thing]:
        thing = Thing()
        known = weakref.ref(thing)
        before = sys.getrefcount(thing)
        assert read(sys._getframe(), "thing") is thing
        assert sys.getrefcount(thing) == before
        del thing
        return known

    assert function()() is None


def test_a_program_that_has_an_id_of_its_own_is_read_as_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def function() -> None:
        known = [1]
        assert (
            variable_reader(sys._getframe().f_code, "known", access=FastAccess.SLOT)(
                sys._getframe()
            )
            is known
        )

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "id", lambda thing: 8)
        function()


SOURCE = """\
def work(count, drop):
    for i in range(count):
        x = i * 0.5  # probe: x
        y = drop(i)
        del y
"""


def test_captures_are_the_same_where_no_place_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_reader, "slots_place", lambda: 0)
    dropped: list[int] = []

    class Thing:
        def __init__(self, n: int) -> None:
            self.n = n

        def __del__(self) -> None:
            dropped.append(self.n)

    path = tmp_path / "program.py"
    path.write_text(SOURCE)
    functions: dict[str, object] = {}
    exec(compile(SOURCE, str(path), "exec"), functions)
    work = functions["work"]
    assert callable(work)
    capturer = Capturer()
    capturer.engine.start()
    try:
        for strategy in (ThrottleStrategy.NONE, ThrottleStrategy.SAMPLE_EVERY_N):
            (occurrence,) = marked_occurrences(SOURCE)
            probe = capturer.add(path, occurrence, WatchConfig("x", strategy, 1))
            work(3, Thing)
            assert capturer.drain().entries == [("x", 0.0), ("x", 0.5), ("x", 1.0)]
            capturer.engine.remove(probe)
    finally:
        capturer.engine.stop()
    assert dropped == [0, 1, 2, 0, 1, 2]
    assert not capturer.faults
