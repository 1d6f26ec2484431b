"""Our light typing against the standard module: what our modules make with it is the same."""

import ast
import typing
from pathlib import Path
from typing import Any

import pytest

import pyprobe
from pyprobe.core import light_typing

BOTH = pytest.mark.parametrize("made_by", [typing, light_typing], ids=["standard", "light"])


def run(made_by: Any, source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {**vars(made_by), "__name__": __name__}
    exec(source, namespace)
    return namespace


@BOTH
def test_a_named_tuple_has_its_fields_defaults_and_methods(made_by: Any) -> None:
    source = '''
class Point(NamedTuple):
    """A point."""

    x: int
    y: "float | None" = 1.5

    @property
    def double(self):
        return 2 * self.x
'''
    point_class = run(made_by, source)["Point"]
    one = point_class(1)
    assert one == (1, 1.5) == point_class(x=1, y=1.5)
    assert (one.x, one.y, one.double) == (1, 1.5, 2)
    assert (type(one), isinstance(one, tuple)) == (point_class, True)
    assert (point_class.__doc__, point_class.__module__) == ("A point.", __name__)
    assert point_class.__qualname__ == "Point"
    assert point_class._fields == ("x", "y")
    assert one._replace(y=2.0) == (1, 2.0)
    assert repr(one) == "Point(x=1, y=1.5)"
    with pytest.raises(TypeError):
        point_class()


@BOTH
def test_a_typed_dict_is_a_plain_dict(made_by: Any) -> None:
    row_class = run(made_by, "class Row(TypedDict):\n    n: int\n")["Row"]
    row = row_class(n=1)
    assert (row, type(row)) == ({"n": 1}, dict)


@BOTH
def test_generic_classes_protocols_and_unions_can_be_written(made_by: Any) -> None:
    source = """
T = TypeVar("T", bound=int)
T_contra = TypeVar("T_contra", contravariant=True)

class Box(Generic[T]):
    def __init__(self, value: T | None, other: "int | Any" = 0) -> None:
        self.value = cast(T, value)

class Opener(Protocol[T_contra]):
    def open(self, what: T_contra) -> NoReturn: ...

class Closer(Protocol):
    def close(self, what: Any | None) -> dict[str, Any]: ...

class Hand(Closer):
    pass

Number: TypeAlias = "int | float"
"""
    made = run(made_by, source)
    assert made["Box"](3).value == 3
    assert made["Box"][int](4).value == 4
    assert made["Closer"] in made["Hand"].__mro__


def test_a_class_variable_is_no_field() -> None:
    source = "class Record:\n    kind: ClassVar[str] = 'r'\n    other: ClassVar = 1\n    x: int\n"
    named = vars(light_typing)["ClassVar"]
    record_class = run(light_typing, source)["Record"]
    assert record_class.__annotations__["other"] is named
    assert record_class.__annotations__["kind"].__origin__ is named


def test_all_that_the_target_s_modules_import_is_there() -> None:
    package = Path(pyprobe.__file__).parent
    wanted = {
        alias.name
        for part in ("core", "ipc", "conditions", "analysis")
        for path in (package / part).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "typing"
        for alias in node.names
    }
    assert {"Any", "NamedTuple"} <= wanted <= vars(light_typing).keys()
