"""Reading attributes and elements: the program's own answer or a named refusal, no code run."""

import array
import collections
import contextlib
import datetime
import enum
import functools
import gc
import sys
import threading
import types
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from pyprobe.core.plain_access import (
    AbsentError,
    PlainAccessError,
    RunsCodeError,
    plain_dict,
    plain_type_name,
    read_attribute,
    read_attribute_running_code,
    read_item,
    read_item_running_code,
)
from tests.core.hostile import HostileType, Ran, hostile_class, with_attributes


class Descriptor:
    def __get__(self, instance: object, owner: object = None) -> object:
        raise Ran


class Writable(Descriptor):
    def __set__(self, instance: object, value: object) -> None:
        raise Ran


class Base:
    kind = "base"
    late = Descriptor()
    both = Writable()

    def __init__(self) -> None:
        self.gain = 1.5

    @property
    def doubled(self) -> float:
        raise Ran

    @functools.cached_property
    def cached(self) -> float:
        raise Ran

    def method(self) -> str:
        return "called"

    @staticmethod
    def static() -> str:
        return "static"

    @classmethod
    def make(cls) -> str:
        return "made"


class Filter(Base):
    limit = [1]  # noqa: RUF012 - a mutable class attribute is what is read


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self) -> None:
        self.a = 1


class SlottedMore(Slotted):
    __slots__ = ("c",)


class Guarded(Base):
    def __getattribute__(self, name: str) -> Any:
        raise Ran


class Lazy:
    def __init__(self) -> None:
        self.there = 1

    def __getattr__(self, name: str) -> Any:
        raise Ran


class Color(enum.Enum):
    RED = 1


class Flags(enum.IntFlag):
    A = 1


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Plain:
    x: int = 1


class Local(threading.local):
    value = 0

    def __init__(self) -> None:
        self.own = 3


SAME: list[tuple[object, str]] = [
    (Filter(), "gain"),
    (Filter(), "kind"),
    (Filter(), "limit"),
    (Filter(), "__dict__"),
    (Filter(), "__class__"),
    (Filter(), "__module__"),
    (Slotted(), "a"),
    (SlottedMore(), "a"),
    (Lazy(), "there"),
    (Color.RED, "name"),
    (Color.RED, "value"),
    (Color, "RED"),
    (Flags.A, "value"),
    (Point(1, 2), "y"),
    (Point, "_fields"),
    (Plain(), "x"),
    (Plain, "x"),
    (Plain, "__name__"),
    (Base, "kind"),
    (Base, "doubled"),
    (int, "__name__"),
    (sys, "maxsize"),
    (types, "FunctionType"),
    (1j, "imag"),
    (5, "real"),
    (datetime.date(2020, 1, 2), "year"),
    (datetime.timedelta(3), "days"),
    (ValueError("x"), "args"),
    (range(3), "stop"),
    (slice(1, 2), "start"),
    (functools.partial(int, base=2), "keywords"),
    (np.arange(6).reshape(2, 3), "shape"),
    (np.arange(6), "dtype"),
    (np.float32(1.5), "real"),
    (np.dtype("f4"), "itemsize"),
    (Local(), "own"),
    (Local(), "value"),
    (test_function := (lambda: None), "__name__"),
    (test_function, "__code__"),
]


@pytest.mark.parametrize(("obj", "name"), SAME, ids=lambda part: str(part)[:30])
def test_it_is_what_the_program_gets(obj: object, name: str) -> None:
    expected = getattr(obj, name)
    found = read_attribute(obj, name)
    assert found is expected or found == expected


def test_methods_are_bound() -> None:
    instance: Any = Filter()
    for name in ("method", "static", "make"):
        found: Any = read_attribute(instance, name)
        assert found() == getattr(instance, name)()
    found = read_attribute(Filter, "make")
    assert found() == "made"


def test_arrays_views_are_of_the_same_data() -> None:
    parts = np.array([1 + 2j])
    assert read_attribute(parts, "imag") == read_attribute(parts[0], "imag") == 2.0
    matrix = np.arange(6).reshape(2, 3)
    found: Any = read_attribute(matrix, "T")
    assert np.shares_memory(found, matrix)


@pytest.mark.parametrize(
    ("obj", "name", "why"),
    [
        (Filter(), "doubled", "`doubled` is a property of Filter: reading it would run its code"),
        (Filter(), "cached", "cached_property"),
        (Filter(), "late", "Descriptor"),
        (Filter(), "both", "Writable"),
        (Filter, "late", "Descriptor"),
    ],
)
def test_what_would_run_code_is_refused(obj: object, name: str, why: str) -> None:
    with pytest.raises(RunsCodeError, match=why) as caught:
        read_attribute(obj, name)
    assert caught.value.runs_code


class Described:
    __doc__ = Descriptor()  # type: ignore[assignment]


class Asked:
    @property
    def __doc__(self) -> str:  # type: ignore[override]
        raise Ran

    def __call__(self) -> None:
        """Be what can be a method."""

    def __bool__(self) -> bool:
        raise Ran

    def __getattr__(self, name: str) -> object:
        raise Ran


class AskedType(type):
    def __getattribute__(cls, name: str) -> object:
        if name == "__qualname__":
            raise Ran
        return type.__getattribute__(cls, name)


class AskedList(list[int], metaclass=AskedType):
    __slots__ = ("__dict__", "own")


def asked(_of: object) -> None:
    """Be a function that a getter may ask whether it is abstract."""


asked.__isabstractmethod__ = Asked()  # type: ignore[attr-defined]
GETTERS_THAT_ASK: list[tuple[Any, str]] = [
    (property(asked), "__isabstractmethod__"),
    (classmethod(asked), "__isabstractmethod__"),
    (staticmethod(asked), "__isabstractmethod__"),
    (types.GenericAlias(list, (Asked(),)), "__parameters__"),
    (AskedList().append, "__qualname__"),
    (vars(AskedList)["own"], "__qualname__"),
    (vars(AskedList)["__dict__"], "__qualname__"),
    (types.MethodType(Asked(), 1), "__doc__"),
    (asked.__code__, "co_lnotab"),
    (np.array([1], dtype=object), "real"),
    (np.array(1, dtype=object), "imag"),
    (Described, "__doc__"),
]
if sys.version_info >= (3, 13):  # where a property has a name, that of its function
    GETTERS_THAT_ASK.append((property(asked), "__name__"))


@pytest.mark.parametrize(
    ("obj", "name"), GETTERS_THAT_ASK, ids=[name for _, name in GETTERS_THAT_ASK]
)
def test_what_the_interpreter_computes_by_asking_the_program_is_refused(
    obj: object, name: str
) -> None:
    with pytest.raises(RunsCodeError, match=name):
        read_attribute(obj, name)


def test_classes_that_answer_for_themselves_are_not_asked() -> None:
    for obj, name, why in (
        (Guarded(), "gain", "__getattribute__"),
        (Lazy(), "absent", "__getattr__"),
        (super(Filter, Filter()), "method", "forwards"),
    ):
        with pytest.raises(RunsCodeError, match=why):
            read_attribute(obj, name)


def _released() -> memoryview:
    view = memoryview(b"bytes")
    view.release()
    return view


@pytest.mark.parametrize(
    ("obj", "name"),
    [
        (Filter(), "absent"),
        (Slotted(), "b"),
        (sys, "absent"),
        (5, "absent"),
        (Base, "absent"),
        (None, "gain"),
        (types.CellType(), "cell_contents"),
        (_released(), "nbytes"),
    ],
)
def test_what_is_not_there_is_said_to_be_absent(obj: object, name: str) -> None:
    with pytest.raises(AbsentError) as caught:
        read_attribute(obj, name)
    assert not caught.value.runs_code
    assert caught.value.__context__ is None or caught.value.__context__.__traceback__ is None


def test_a_cached_property_that_has_run_is_plain() -> None:
    instance = Filter()
    instance.__dict__["cached"] = 7.0
    assert read_attribute(instance, "cached") == 7.0


def test_an_instance_attribute_hides_a_plain_descriptor_but_not_a_writable_one() -> None:
    instance = Filter()
    instance.__dict__.update(late=1, both=2)
    assert read_attribute(instance, "late") == 1
    with pytest.raises(RunsCodeError):
        read_attribute(instance, "both")


def test_a_module_with_getattr_is_not_asked() -> None:
    module = types.ModuleType("lazy")

    def getter(name: str) -> Any:
        raise Ran

    module.__dict__["__getattr__"] = getter
    with pytest.raises(RunsCodeError):
        read_attribute(module, "absent")


def test_a_weak_proxy_is_not_followed() -> None:
    import weakref

    instance = Filter()
    with pytest.raises(RunsCodeError):
        read_attribute(weakref.proxy(instance), "gain")


def test_hostile_classes_are_never_asked() -> None:
    cls = hostile_class()
    instance = with_attributes(cls(), own=5)
    assert plain_type_name(instance) == "Hostile"
    assert plain_dict(instance) == {"own": 5}
    with pytest.raises(RunsCodeError):
        read_attribute(instance, "own")
    with pytest.raises(RunsCodeError):
        read_attribute(cls, "anything")
    with pytest.raises(RunsCodeError):
        read_item(instance, 0)
    with pytest.raises(RunsCodeError):
        read_item({1: 2}, instance)
    with pytest.raises(RunsCodeError):
        read_item([1], instance)


def test_a_hostile_metaclass_alone_does_not_hide_attributes() -> None:
    namespace = {"kind": 3, "__init__": lambda self: None}
    cls: Any = HostileType("Quiet", (), namespace)
    instance = with_attributes(cls(), own=5)
    assert read_attribute(instance, "own") == 5
    assert read_attribute(instance, "kind") == 3


def test_a_lying_dict_property_is_passed_over() -> None:
    class Honest:
        pass

    class Liar(Honest):
        @property
        def __dict__(self) -> dict[str, object]:  # type: ignore[override]
            raise Ran

    instance = with_attributes(Liar(), own=5)
    assert read_attribute(instance, "own") == 5
    assert plain_dict(instance) == {"own": 5}


def test_a_dict_subclass_as_instance_dict_is_not_asked() -> None:
    class Odd(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            raise Ran

        def get(self, *arguments: object) -> Any:
            raise Ran

        def __contains__(self, key: object) -> bool:
            raise Ran

    instance = Filter()
    instance.__dict__ = Odd(gain=2.5, cached=3)
    assert read_attribute(instance, "gain") == 2.5
    assert read_attribute(instance, "cached") == 3


def test_reading_leaves_nothing_behind() -> None:
    instance = Filter()
    before = sys.getrefcount(instance)
    for name in ("gain", "doubled", "absent"):
        with contextlib.suppress(PlainAccessError):
            read_attribute(instance, name)
    gc.collect()
    assert sys.getrefcount(instance) == before


def test_with_permission_the_programs_code_runs() -> None:
    class Working:
        @property
        def doubled(self) -> float:
            return 2.0

        @property
        def failing(self) -> float:
            raise KeyError("x")

        def __getitem__(self, key: int) -> int:
            return {1: 10}[key]

    assert read_attribute_running_code(Working(), "doubled") == 2.0
    with pytest.raises(PlainAccessError, match="reading `failing` of Working raised KeyError"):
        read_attribute_running_code(Working(), "failing")
    assert read_item_running_code(Working(), 1) == 10
    with pytest.raises(PlainAccessError, match="reading 2 of Working raised KeyError"):
        read_item_running_code(Working(), 2)


class OwnList(list[int]):
    pass


class OwnDict(dict[Any, Any]):
    pass


MATRIX = np.arange(12).reshape(3, 4)
ITEMS: list[tuple[Any, Any]] = [
    ([1, 2, 3], -1),
    ([1, 2, 3], slice(0, 2)),
    ([1, 2, 3], True),
    ((1, 2), 0),
    ("text", slice(1, None)),
    (b"abc", 0),
    (bytearray(b"abc"), 1),
    (range(10), slice(2, 8, 2)),
    ({"a": 1}, "a"),
    ({(1, "x"): 2}, (1, "x")),
    ({None: 3}, None),
    ({1.5: 3}, 1.5),
    ({Color.RED: 4}, Color.RED),
    ({frozenset((1,)): 4}, frozenset((1,))),
    ({int: 4}, int),
    (OwnList([5]), 0),
    (OwnDict(a=5), "a"),
    (Point(1, 2), 1),
    (collections.OrderedDict(a=1), "a"),
    (collections.Counter("aab"), "a"),
    (collections.Counter("aab"), "z"),
    (collections.defaultdict(list, a=[1]), "a"),
    (collections.deque([1, 2]), 1),
    (array.array("d", [1.5]), 0),
    (memoryview(b"abc"), 1),
    (types.MappingProxyType({"a": 1}), "a"),
    (MATRIX, 1),
    (MATRIX, (1, 2)),
    (MATRIX, (slice(None), 1)),
    (MATRIX, (Ellipsis, 0)),
    (MATRIX, (None, 0)),
    (np.zeros(2, [("a", "f8")]), "a"),
    ([1, 2, 3], np.int64(1)),
    (MATRIX, np.int32(1)),
]


@pytest.mark.parametrize(("obj", "key"), ITEMS, ids=str)
def test_elements_are_what_the_program_gets(obj: Any, key: Any) -> None:
    found, expected = read_item(obj, key), obj[key]
    assert np.array_equal(found, expected) if isinstance(obj, np.ndarray) else found == expected


@pytest.mark.parametrize(
    ("obj", "key"),
    [
        ([1], 5),
        ([1], "x"),
        ({"a": 1}, "b"),
        ({"a": 1}, []),
        (collections.defaultdict(list), "a"),
        (5, 0),
        (None, 0),
        (object(), 0),
        (MATRIX, 7),
        (MATRIX, (0, 0, 0)),
        ({}, ([],)),
    ],
    ids=str,
)
def test_elements_that_are_not_there(obj: object, key: object) -> None:
    with pytest.raises(AbsentError):
        read_item(obj, key)


def test_a_defaultdict_is_not_filled_by_looking() -> None:
    counts: dict[str, list[int]] = collections.defaultdict(list)
    with pytest.raises(AbsentError):
        read_item(counts, "a")
    assert dict(counts) == {}


def test_elements_that_would_run_code_are_refused() -> None:
    class Missing(dict[str, int]):
        def __missing__(self, key: str) -> int:
            raise Ran

    class Getter(list[int]):
        def __getitem__(self, key: Any) -> Any:
            raise Ran

    class Key:
        def __hash__(self) -> int:
            raise Ran

        def __eq__(self, other: object) -> bool:
            raise Ran

    class Index:
        def __index__(self) -> int:
            raise Ran

    assert read_item(Missing(a=1), "a") == 1
    for obj, key in (
        (Missing(), "a"),
        (Getter([1]), 0),
        ({}, Key()),
        ({}, (1, Key())),
        ([1], Index()),
        ([1], slice(Index(), None)),
        (MATRIX, (0, Index())),
        (MATRIX, [0]),
        (types.MappingProxyType(Missing()), "a"),
        (collections.UserDict(a=1), "a"),
    ):
        with pytest.raises(RunsCodeError):
            read_item(obj, key)


def test_a_subclass_of_an_array_is_read_as_its_base() -> None:
    class Told(np.ndarray):
        def __array_finalize__(self, obj: object) -> None:
            if armed:
                raise Ran

    armed = False
    told = np.arange(6).view(Told)
    armed = True
    assert read_item(told, 2) == 2
    found: Any = read_item(told, slice(1, 3))
    assert type(found) is np.ndarray
    assert found.tolist() == [1, 2]
    assert read_attribute(told, "shape") == (6,)
    with pytest.raises(RunsCodeError):
        read_attribute(told, "T")
    armed = False


def test_hostile_containers_are_read_by_their_own_data() -> None:
    cls = hostile_class(list)
    instance = cls()
    list.append(instance, 5)
    with pytest.raises(RunsCodeError):
        read_item(instance, 0)


@pytest.mark.parametrize("thing", [KeyError("k"), functools.partial(print, "a")])
def test_looking_for_attributes_makes_no_dict_that_was_not_there(thing: object) -> None:
    before = thing.__reduce__()
    assert plain_dict(thing) is None
    assert thing.__reduce__() == before
    vars(thing)["own"] = 5
    assert plain_dict(thing) is vars(thing)
