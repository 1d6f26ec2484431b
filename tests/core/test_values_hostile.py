"""Values that raise, lie and come back to life: packed without running code of the program."""

import gc
import signal
import sys
import weakref
from dataclasses import dataclass
from typing import Any

import pytest

from pyprobe.core.data_classifier import classify_data
from pyprobe.core.plain_types import has_base
from pyprobe.core.values import pack
from pyprobe.ipc.packed import PackedArray, PackedScalar, PackedText, PackedTree
from tests.core.hostile import Ran, hostile_class, with_attributes
from tests.core.numpy_presence import numpy_or_not
from tests.ipc.wire import packed, text_of

__all__ = ["numpy_or_not"]


@dataclass
class Node:
    name: str
    inside: list[Any]


@pytest.mark.parametrize(
    "base", [object, list, tuple, dict, set, str, bytes, float, int, complex, Exception]
)
def test_a_class_that_raises_on_everything_gives_its_name(base: type) -> None:
    cls = hostile_class(base)
    instance = vars(base)["__new__"](cls)
    result = packed(instance)
    if isinstance(result, PackedText | PackedTree):
        assert text_of(instance)["type"] == "Hostile"
        classify_data(instance)
    else:
        assert isinstance(result, PackedScalar)
        assert result.dtype == "Hostile"
    for container in ([instance], {"x": instance}, (instance, 1), Node("n", [instance])):
        text_of(container)
        classify_data(container)
    assert text_of(cls)["kind"] == "type"


def test_a_class_that_is_being_made_has_no_bases_yet() -> None:
    told: list[str] = []

    class Meta(type):
        def mro(cls) -> list[type]:
            instance = Holder()
            instance.held = cls
            told.extend(text_of(thing)["text"] for thing in (cls, [cls], instance))
            assert has_base(cls, object) is False
            return super().mro()

    class Holder:
        held: type

    class Made(metaclass=Meta):
        pass

    assert told == ["<class Made>", "[<class Made>]", "Holder(held=<class Made>)"]
    assert has_base(Made, object)


def test_a_hostile_objects_plain_attributes_are_shown() -> None:
    class Quiet:
        pass

    instance = with_attributes(hostile_class(Quiet)(), own=5)
    assert text_of(instance)["text"] == "Hostile(own=5)"


def test_containers_of_the_program_are_read_by_their_own_data() -> None:
    class Odd(dict[str, int]):
        def items(self) -> Any:
            raise Ran

        def __iter__(self) -> Any:
            raise Ran

        def __len__(self) -> int:
            raise Ran

    assert text_of(Odd(a=1))["text"] == "Odd({'a': 1})"


def test_a_lying_named_tuple() -> None:
    class Liar(tuple[int, ...]):
        _fields = ("only",)

    assert text_of(Liar((1, 2)))["text"] == "Liar(1, 2)"


def test_no_reference_outlives_the_packing() -> None:
    class Kept:
        pass

    for wrap in (
        lambda kept: kept,
        lambda kept: [kept],
        lambda kept: {"x": kept},
        lambda kept: {kept: 1},
        lambda kept: ValueError(kept),
        lambda kept: Node("n", [kept]),
    ):
        kept = Kept()
        reference = weakref.ref(kept)
        value = wrap(kept)
        result = pack(value, reduce_above=0, ring=None)
        classify_data(value)
        del kept, value
        assert reference() is None
        assert result is not None
    gc.collect()


def test_a_failure_of_ours_is_known_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(value: object) -> Any:
        raise ZeroDivisionError("because")

    monkeypatch.setattr("pyprobe.core.value_leaves.summarise", fail)
    monkeypatch.setattr("pyprobe.core.value_failures._OWN_FOLDER", "/")
    result = pack(object(), reduce_above=0, ring=None)
    assert isinstance(result, PackedText)
    assert result.record["kind"] == "error"
    assert result.failure == "this object could not be copied: ZeroDivisionError: because"


def test_what_a_signal_handler_of_the_program_raises_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class AlarmError(Exception):
        pass

    def handler(number: int, frame: object) -> None:
        raise AlarmError

    def interrupted(value: object) -> Any:
        signal.raise_signal(signal.SIGUSR1)

    previous = signal.signal(signal.SIGUSR1, handler)
    monkeypatch.setattr("pyprobe.core.value_leaves.summarise", interrupted)
    try:
        with pytest.raises(AlarmError):
            pack(object(), reduce_above=0, ring=None)
    finally:
        signal.signal(signal.SIGUSR1, previous)


def test_interrupts_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(value: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("pyprobe.core.value_leaves.summarise", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pack(object(), reduce_above=0, ring=None)


def test_packing_near_the_recursion_limit_does_not_raise() -> None:
    def descend(left: int) -> object:
        if left:
            return descend(left - 1)
        return pack([["a"], {"b": [1]}], reduce_above=0, ring=None)

    for spare in range(3, 60, 3):
        depth = sys.getrecursionlimit() - len(_stack()) - spare
        try:
            result = descend(depth)
        except RecursionError:
            continue  # there was no room even for the call
        assert isinstance(result, PackedText | PackedArray | PackedTree)


def _stack() -> list[Any]:
    frames = []
    frame = sys._getframe()
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return frames
