"""Sample rate: a plain number near a probe whose name says that it is one. Pure.

Only what stands in the source as a number is taken: ``fs = 48_000``, ``dt = 1e-3``,
``self.sample_rate = 2 * 44_100``. Nothing is run.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

_RATES = frozenset(
    [
        "fs",
        "f_s",
        "fs_hz",
        "sr",
        "samplerate",
        "sample_rate",
        "sample_rate_hz",
        "samp_rate",
        "sampling_rate",
        "sampling_rate_hz",
        "sampling_frequency",
        "sample_frequency",
        "framerate",
        "frame_rate",
    ]
)
_STEPS = frozenset(
    [
        "dt",
        "dt_s",
        "ts",
        "t_s",
        "sample_time",
        "sampling_time",
        "sample_period",
        "sampling_period",
        "time_step",
        "timestep",
        "sampling_interval",
        "sample_interval",
    ]
)
_LONGEST_SOURCE = 1 << 20  # characters; parsing more would be felt
_OTHER_SCOPE_LINES = 100_000  # farther than anything in the same function


@dataclass(frozen=True, slots=True)
class SampleRate:
    """A rate in Hz, and the name and line (from 1) it was read from."""

    rate_hz: float
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class SampleRates:
    """All sample rates of one text; ``scopes`` are the first and last lines of its functions."""

    rates: tuple[SampleRate, ...]
    scopes: tuple[tuple[int, int], ...]

    def nearest(self, line: int) -> SampleRate | None:
        """Return the rate nearest to a line, the same function's before any other's."""
        if not self.rates:
            return None
        own = _innermost(self.scopes, line)

        def distance(rate: SampleRate) -> int:
            scope = _innermost(self.scopes, rate.line)
            is_near = scope in (own, None)
            return abs(rate.line - line) + (0 if is_near else _OTHER_SCOPE_LINES)

        best = min(self.rates, key=distance)
        is_only = len(self.rates) == 1
        return best if is_only or distance(best) < _OTHER_SCOPE_LINES else None


def nearby_sample_rate(text: str, line: int) -> SampleRate | None:
    """Return the sample rate nearest to a line, the same function's before any other's."""
    return find_sample_rates(text).nearest(line)


@lru_cache(maxsize=16)
def find_sample_rates(text: str) -> SampleRates:
    """Return the sample rates of a text; none where it does not parse or is very long."""
    module = _parsed(text)
    if module is None:
        return SampleRates((), ())
    return SampleRates(tuple(_rates_in(module)), _scopes(module))


def _parsed(text: str) -> ast.Module | None:
    if len(text) > _LONGEST_SOURCE:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _rates_in(module: ast.Module) -> Iterator[SampleRate]:
    for node in ast.walk(module):
        for target, value in _bindings(node):
            name = _name_of(target)
            number = _number(value)
            if number is None or not number > 0 or not isfinite(number):
                continue
            if name.lower() in _RATES:
                yield SampleRate(number, name, node_line(target))
            elif name.lower() in _STEPS and isfinite(1.0 / number):
                yield SampleRate(1.0 / number, name, node_line(target))


def node_line(node: ast.AST) -> int:
    """Return the line a node begins in, from 1."""
    return int(getattr(node, "lineno", 0))


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.arguments):
        named = [*node.posonlyargs, *node.args]
        yield from zip(named[len(named) - len(node.defaults) :], node.defaults, strict=True)
        for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            if default is not None:
                yield argument, default


def _name_of(target: ast.AST) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.arg if isinstance(target, ast.arg) else ""


def _number(node: ast.expr) -> float | None:
    """Return the value of a number written out, also as a product, quotient, sum or power."""
    if isinstance(node, ast.Constant):
        value = node.value
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return float(value)
    if not isinstance(node, ast.BinOp):
        return None
    left, right = _number(node.left), _number(node.right)
    if left is None or right is None:
        return None
    try:
        match node.op:
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Pow():
                return float(left**right)
    except (ArithmeticError, TypeError):
        return None
    return None


def _scopes(module: ast.Module) -> tuple[tuple[int, int], ...]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tuple(
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(module)
        if isinstance(node, kinds)
    )


def _innermost(scopes: tuple[tuple[int, int], ...], line: int) -> tuple[int, int] | None:
    around = [scope for scope in scopes if scope[0] <= line <= scope[1]]
    return min(around, key=lambda scope: scope[1] - scope[0], default=None)
