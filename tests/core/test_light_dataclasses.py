"""Our light dataclasses against the standard ones: the same records come out of both."""

import dataclasses
from typing import Any, ClassVar

import pytest

from pyprobe.core import light_dataclasses

BOTH = pytest.mark.parametrize(
    "made_by", [dataclasses, light_dataclasses], ids=["standard", "light"]
)


class Base:
    __slots__ = ()
    kind: ClassVar[str] = "base"


def point(made_by: Any, **options: bool) -> Any:
    @made_by.dataclass(**options)
    class Point(Base):
        """A point."""

        kind: ClassVar[str] = "point"
        x: int
        y: float = 1.5
        tags: list[str] = made_by.field(default_factory=list)

    return Point


@BOTH
@pytest.mark.parametrize("slots", [False, True])
@pytest.mark.parametrize("frozen", [False, True])
def test_fields_are_given_by_place_by_name_or_by_default(
    made_by: Any, frozen: bool, slots: bool
) -> None:
    point_class = point(made_by, frozen=frozen, slots=slots)
    one = point_class(1)
    assert (one.x, one.y, one.tags, one.kind) == (1, 1.5, [], "point")
    assert point_class(1).tags is not one.tags
    other = point_class(x=2, y=3.0, tags=["a"])
    assert (other.x, other.y, other.tags) == (2, 3.0, ["a"])
    no_fields: tuple[Any, ...] = ()
    for wrong in (no_fields, (1, 2.0, [], 4)):
        with pytest.raises(TypeError):
            point_class(*wrong)
    with pytest.raises(TypeError):
        point_class(1, z=2)


@BOTH
def test_equality_hash_and_text(made_by: Any) -> None:
    class Single:
        name: str

    single: Any = made_by.dataclass(frozen=True)(Single)
    assert single("a") == single("a") != single("b")
    assert hash(single("a")) == hash(single("a"))
    assert len({single("a"), single("a")}) == 1
    assert repr(single("a")).endswith("Single(name='a')")
    assert single("a") != ("a",)
    open_class = point(made_by)
    assert open_class(1) == open_class(1)
    assert open_class.__hash__ is None
    by_identity = point(made_by, frozen=True, eq=False)
    assert by_identity(1) != by_identity(1)
    assert hash(by_identity(1)) is not None


@BOTH
@pytest.mark.parametrize("slots", [False, True])
def test_a_frozen_record_keeps_its_fields(made_by: Any, slots: bool) -> None:
    one = point(made_by, frozen=True, slots=slots)(1)
    with pytest.raises(AttributeError, match="cannot assign to field 'x'"):
        one.x = 2
    with pytest.raises(AttributeError, match="cannot delete field 'x'"):
        del one.x
    assert one.x == 1


@BOTH
def test_slots_leave_no_dict(made_by: Any) -> None:
    one = point(made_by, slots=True)(1)
    assert not hasattr(one, "__dict__")
    one.x = 5
    assert one.x == 5
    with pytest.raises(AttributeError):
        one.other = 1


@BOTH
def test_records_inherit_fields_and_own_methods(made_by: Any) -> None:
    @made_by.dataclass(frozen=True, slots=True)
    class Command:
        number: int

        def label(self) -> str:
            return f"{type(self).__name__} {self.number}"

    @made_by.dataclass(frozen=True, slots=True)
    class Add(Command):
        what: str = ""

        def __repr__(self) -> str:
            return "add"

    add: Any = Add
    one = add(3, "x")
    assert (one.number, one.what, one.label(), repr(one)) == (3, "x", "Add 3", "add")
    assert [(field.name, field.type) for field in made_by.fields(add)] == [
        ("number", int),
        ("what", str),
    ]
    assert add.__match_args__ == ("number", "what")
    assert add.__qualname__.endswith("<locals>.Add")


@BOTH
def test_what_follows_the_fields_is_run(made_by: Any) -> None:
    class Positive:
        value: int

        def __post_init__(self) -> None:
            if self.value <= 0:
                raise ValueError("not positive")

    positive: Any = made_by.dataclass(frozen=True, slots=True)(Positive)
    assert positive(1).value == 1
    with pytest.raises(ValueError, match="not positive"):
        positive(0)
