"""Programs written at random, of most constructs there are; each line reads and binds a, b and c.

They are filled into the templates below and in ``random_statements.txt``: ``$e`` is an expression,
``$n`` a name, ``$i`` a small number, ``$F`` a new name for a function or class. A line that is a
word with ``$`` becomes a block: ``$loop`` one that may leave a loop, ``$function`` and the like one
of their own.
"""

import random
import re
from enum import Enum
from pathlib import Path

PRELUDE = """
class Box:
    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        self.items = [x, y, 3]
class Entered:
    def __init__(self, value, eats=False): self.value = value; self.eats = eats
    def __enter__(self): return self.value
    def __exit__(self, *failure): return self.eats
    async def __aenter__(self): return self.value
    async def __aexit__(self, *failure): return self.eats
class Awaited:
    def __init__(self, value): self.value = value
    def __await__(self):
        yield
        return self.value
class Counted:
    def __init__(self, count): self.left = count
    def __aiter__(self): return self
    async def __anext__(self):
        self.left -= 1
        if self.left < 0: raise StopAsyncIteration
        return self.left
def same(value, *others, k=0, **named): return value
def unchanged(function): return function
def run(coroutine):
    try:
        while True: coroutine.send(None)
    except StopIteration as stop: return stop.value or 0
"""


class _Around(Enum):
    """What a block stands in, and so what may stand in it."""

    MODULE = "module"
    FUNCTION = "function"
    GENERATOR = "generator"
    COROUTINE = "coroutine"


_LEAVES = ("a", "b", "c", "a", "b", "c", "len(row)", "box.x", "box.y", "row[0]", "row[1]", "d['k']")
_EXPRESSIONS = (
    *("($e + $e) % 97", "($e - $e) % 97", "($e * $e) % 97", "(-$e) % 50", "int(not $e)"),
    *("($e if $e else $e)", "($e and $e)", "($e or $e)", "int($e < $e <= $e)", "($n := $e)"),
    *("same($e, $e, k=$e)", "same(*[$e, $e])", "max($n, $n, $e)", "int($n in [$e, *row])"),
    *("(lambda p, q=$e: (p + q) % 89)($e)", "(lambda: $n)()", "(lambda $n: $n + $e)($e)"),
    *("sum([q * $e for q in (1, $e) if q])", "sum([$n for $n in (1, 2) if $n + $e])"),
    *("sum($n for $n in [$e, 2])", "sum([[$n for q in (1, 2)][0] for $n in ($e, 3)])"),
    *("len({q: $e for q in range(3) if q != $e})", "{'z': $e, **d}['k']"),
    "len({q % 3 for p in range(2) for q in (p, $e)})",
    *("len(f'{$n} {$n!r:>{3}}')", "row[$e % 3]", "len(row[$n % 2:])", "box.items[1]"),
    "($e,\n    $e)[1]",
)
_AWAITING = ("(await Awaited($e))", "sum([v async for v in Counted($i)])")
_SIMPLE = (
    *("$n = $e", "$n = $e", "$n = $e", "$n += $e", "a, b = $e, $e", "c, *rest = $e, $e, $e"),
    *("$n = other = $e", "$n: int = $e", "box.x = $e", "row[1] = $e", "d['k'] = $e", "box.y += $e"),
    *("row[$n % 3] += $e", "$n = $e; $n = $e", "(a, (b, c)) = ($e, ($e, $e))", "$e"),
    *("import math as m, sys", "assert $e is not None, $n", "del a; a = 3"),
)
_LEAVING_LOOPS = ("if $e % 3 == 0: break", "if $e % 3 == 0: continue")
_LEAVING = {
    _Around.MODULE: (),
    _Around.FUNCTION: ("if $e % 5 == 0: return $e",),
    _Around.GENERATOR: ("yield $e", "$n = (yield $e) or 4", "yield", "if $e % 5 == 0: return"),
    _Around.COROUTINE: ("if $e % 5 == 0: return $e", "$n = await Awaited($e)"),
}
_COMPOUND = (Path(__file__).parent / "random_statements.txt").read_text().strip().split("\n\n")
_IN_FUNCTIONS = ("def $F():\n    nonlocal a, b, c\n    $function\n    return a\n$n = $F()",)
_BLOCKS = {
    "$function": _Around.FUNCTION,
    "$generator": _Around.GENERATOR,
    "$coroutine": _Around.COROUTINE,
}
_PLACE = re.compile(r"\$([ein])")


def random_program(seed: int) -> str:
    """Return a program that can be compiled and ends; the same for the same seed."""
    writer = _Writer(random.Random(seed))
    while True:
        source = writer.program()
        try:
            compile(source, "program", "exec")
        except SyntaxError:  # such as of a walrus in a comprehension's iterable
            continue
        return source


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._named = 0

    def program(self) -> str:
        lines = ["def main(a, b, c, box, row, d):", "    rest = other = 0"]
        for _ in range(self._chance.randint(2, 5)):
            lines += _indented(self._statement(3, _Around.FUNCTION, in_loop=False), "    ")
        lines += ["    return a, b, c", "a, b, c = 1, 2, 3"]
        lines += ["box, row, d = Box(4, 5), [1, 2, 3], {'k': 6}"]
        lines += ["try:", "    rest = 0"]
        for _ in range(self._chance.randint(0, 2)):
            lines += _indented(self._statement(2, _Around.MODULE, in_loop=False), "    ")
        lines += ["except Exception: pass"]
        for arguments in ("1, 2, 3", "0, 5, 2"):
            call = f"main({arguments}, Box(4, 5), [1, 2, 3], {{'k': 6}})"
            lines += ["try:", f"    result = {call}"]
            lines += ["except Exception as failure: result = type(failure).__name__"]
        return PRELUDE + "\n".join(lines) + "\n"

    def _statement(self, depth: int, around: _Around, *, in_loop: bool) -> list[str]:
        choices = [*_SIMPLE, *_LEAVING[around], *(_LEAVING_LOOPS if in_loop else ())]
        if depth > 0:
            choices += _COMPOUND
            choices += _IN_FUNCTIONS if around is _Around.FUNCTION else ()
        template = self._chance.choice(choices)
        if "$F" in template:
            self._named += 1
            template = template.replace("$F", f"f{self._named}")
        lines: list[str] = []
        for line in template.split("\n"):
            text = line.lstrip()
            indent = line[: len(line) - len(text)]
            if text in _BLOCKS:
                block = self._block(depth - 1, _BLOCKS[text], in_loop=False)
            elif text in ("$block", "$loop"):
                block = self._block(depth - 1, around, in_loop=in_loop or text == "$loop")
            else:
                block = [self._filled(text, 2, around)]
            lines += _indented(block, indent)
        return lines

    def _block(self, depth: int, around: _Around, *, in_loop: bool) -> list[str]:
        statements = self._chance.randint(1, 3)
        return [
            line
            for _ in range(statements)
            for line in self._statement(depth, around, in_loop=in_loop)
        ]

    def _filled(self, template: str, depth: int, around: _Around) -> str:
        def filling(place: re.Match[str]) -> str:
            if place[1] == "n":
                return self._chance.choice("abc")
            if place[1] == "i":
                return str(self._chance.randrange(4))
            return self._expression(depth, around)

        return _PLACE.sub(filling, template)

    def _expression(self, depth: int, around: _Around) -> str:
        if depth == 0 or self._chance.random() < 0.2:
            return self._chance.choice(_LEAVES)
        choices = _EXPRESSIONS + (_AWAITING if around is _Around.COROUTINE else ())
        return self._filled(self._chance.choice(choices), depth - 1, around)


def _indented(lines: list[str], indent: str) -> list[str]:
    return [indent + line for line in lines]
