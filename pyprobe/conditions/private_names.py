"""Private names: what ``self.__x`` means in a condition or line that stands in a class."""

import _ast
from types import CodeType
from typing import Any

_OPTIMIZED = 0x01
_INSIDE = "<locals>"
_NAME_FIELDS = ("id", "attr", "name", "asname", "rest", "arg")
_LIST_FIELDS = ("names",)  # of global and nonlocal


def class_around(code: CodeType) -> str:
    """Return the name of the class that code stands in, ``""`` for none."""
    if not code.co_flags & _OPTIMIZED and code.co_name != "<module>":
        return code.co_name  # the class's own body
    parts = code.co_qualname.split(".")
    place = len(parts) - 2
    while place >= 0:
        if parts[place] != _INSIDE:
            return parts[place]
        place -= 2  # a function
    return ""


def private_name(name: str, class_name: str) -> str:
    """Return how a name is spelt in a class, where that is another one; ``""`` for no class."""
    bare = class_name.lstrip("_")
    return f"_{bare}{name}" if bare and _is_private(name) else name


def has_private(text: str, class_name: str) -> bool:
    """Whether any name in a text may be another one in a class."""
    return "__" in text and bool(class_name.strip("_"))


def make_private(node: Any, class_name: str) -> None:
    """Give the names in a syntax tree the form that the compiler gives them in a class."""
    inside = node.name if isinstance(node, _ast.ClassDef) else class_name
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, str):
            if field in _NAME_FIELDS and not isinstance(node, _ast.keyword):
                setattr(node, field, private_name(value, class_name))
        elif field in _LIST_FIELDS and isinstance(value, list) and _are_names(value):
            value[:] = [private_name(name, class_name) for name in value]
        else:
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, _ast.AST):
                    make_private(child, inside if field == "body" else class_name)


def _are_names(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__") and "." not in name
