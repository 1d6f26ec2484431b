"""Names with two underscores mean in a class what the compiler makes of them there."""

import _ast
import builtins
from types import CodeType
from typing import Any

import pytest

from pyprobe.conditions.private_names import class_around, make_private, private_name

SOURCE = """\
class _Outer:
    body = lambda: 0
    def method(self):
        def inner():
            return [x for x in (lambda: 0,)]
        class Local:
            def deep(self): pass
        return inner
    class Inner:
        def method(self): pass
def function():
    class __: # none of its names is private
        def method(self): pass
    def inner(): pass
"""
AROUND = {
    "<module>": "",
    "_Outer": "_Outer",
    "_Outer.<lambda>": "_Outer",
    "_Outer.method": "_Outer",
    "_Outer.method.<locals>.inner": "_Outer",
    "_Outer.method.<locals>.inner.<locals>.<lambda>": "_Outer",
    "_Outer.method.<locals>.Local": "Local",
    "_Outer.method.<locals>.Local.deep": "Local",
    "_Outer.Inner": "Inner",
    "_Outer.Inner.method": "Inner",
    "function": "",
    "function.<locals>.__": "__",
    "function.<locals>.__.method": "__",
    "function.<locals>.inner": "",
}


def codes_in(code: CodeType) -> dict[str, CodeType]:
    found = {code.co_qualname: code}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= codes_in(constant)
    return found


def test_the_class_around_each_code_is_told() -> None:
    codes = codes_in(compile(SOURCE, "program.py", "exec"))
    assert {name: class_around(codes[name]) for name in AROUND} == AROUND


@pytest.mark.parametrize(
    ("name", "class_name", "spelt"),
    [
        ("__x", "Motor", "_Motor__x"),
        ("__x", "__Motor", "_Motor__x"),
        ("__x", "", "__x"),
        ("__x", "__", "__x"),
        ("__x__", "Motor", "__x__"),
        ("_x", "Motor", "_x"),
        ("x__", "Motor", "x__"),
    ],
)
def test_names_are_spelt_as_the_compiler_does(name: str, class_name: str, spelt: str) -> None:
    assert private_name(name, class_name) == spelt
    if class_name:
        plain = codes_in(compile(f"class {class_name}:\n {name} = 1", "", "exec"))[class_name]
        assert spelt in plain.co_names


TEXTS = [
    "self.__a.__b + __c",
    "(lambda __p, *__q, k=__d: (__p, k))(1, __e=2)",
    "[__x := __y for __y in self.__z]",
    "global __g; __g = 1",
    "def __f(__a): return __a",
    "class __K(__B):\n  def m(self): return self.__own",
    "try: pass\nexcept E as __e: pass",
    "match v:\n  case {'k': __v, **__rest}: pass\n  case [__first, *__others]: pass",
    "from m import n as __n",
    "del self.__a, __b",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_means_what_it_would_in_the_class(text: str) -> None:
    tree: Any = builtins.compile(text, "", "exec", 0x400, dont_inherit=True)
    assert isinstance(tree, _ast.Module)
    make_private(tree, "_Motor")
    lines = "\n".join(f"  {line}" for line in text.splitlines())
    method = codes_in(compile(f"class _Motor:\n def f(self, v):\n{lines}", "", "exec"))
    there = [names_of(code) for name, code in method.items() if name.startswith("_Motor.f")]
    here = [names_of(code) for code in codes_in(compile(tree, "", "exec")).values()]
    assert set().union(*here) | {"self", "v"} == set().union(*there) | {"self", "v"}


def names_of(code: CodeType) -> set[str]:
    names = {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}
    return {name for name in names if not name.startswith(".") and not name.endswith("__")}
