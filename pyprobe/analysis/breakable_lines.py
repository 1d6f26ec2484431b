"""Which lines of a source text can hold a breakpoint, and why the others cannot."""

import ast
import opcode
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from pyprobe.analysis.occurrences import parse
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_lines import split_lines

_RESUME = opcode.opmap["RESUME"]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class BreakableLine:
    """Where a breakpoint for a line can stand: there, at the next line that runs, or nowhere.

    ``line`` is None where it can stand nowhere. ``why`` is ``""`` where it stands where it was
    asked for, else one sentence without a full stop.
    """

    line: int | None
    why: str = ""


class BreakableLines:
    """The lines of one source text at which the interpreter arrives.

    They are those of the Python that runs this; another version may differ in a line or two.

    Raises:
        SyntaxProblem: the source does not compile.
    """

    def __init__(self, source: str, *, filename: str = "") -> None:
        source = source.removeprefix("\ufeff")
        tree = parse(source, filename=filename)
        self._text = split_lines(source)
        self.lines = tuple(sorted(set(_lines_of(_compile(tree, filename)))))
        self._functions = [node for node in ast.walk(tree) if isinstance(node, _Function)]

    def at(self, line: int) -> BreakableLine:
        """Return where a breakpoint that is asked for at ``line`` (from 1) can stand."""
        if not 1 <= line <= len(self._text):
            return BreakableLine(
                None, f"there is no line {line:,}; the last is {len(self._text):,}"
            )
        place = bisect_left(self.lines, line)
        if place < len(self.lines) and self.lines[place] == line:
            return BreakableLine(line)
        why = self._why_not(line)
        function = self._function_around(line)
        following = self.lines[place] if place < len(self.lines) else None
        if following is None:
            return BreakableLine(None, f"{why}, and nothing below it runs")
        if function is not None and following > (function.end_lineno or following):
            return BreakableLine(None, f"{why}, and nothing below it in {function.name} runs")
        return BreakableLine(following, f"{why}; the next that runs is line {following:,}")

    def _why_not(self, line: int) -> str:
        text = self._text[line - 1].strip()
        if not text:
            return f"line {line:,} is blank"
        if text.startswith("#"):
            return f"line {line:,} is a comment"
        return f"line {line:,} has no code of its own"

    def _function_around(self, line: int) -> _Function | None:
        around = [one for one in self._functions if one.lineno < line <= (one.end_lineno or 0)]
        return max(around, key=lambda one: one.lineno, default=None)


def _compile(tree: ast.Module, filename: str) -> CodeType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's program, not for our stderr
            return compile(tree, filename or "<source>", "exec", dont_inherit=True, optimize=0)
    except SyntaxError as error:
        line, col = error.lineno or 1, max((error.offset or 1) - 1, 0)
        raise SyntaxProblem(error.msg, line=line, col=col, filename=filename) from error
    except (RecursionError, MemoryError) as error:
        raise SyntaxProblem("the source is nested too deeply", filename=filename) from error
    except ValueError as error:
        raise SyntaxProblem(str(error), filename=filename) from error


def _lines_of(code: CodeType) -> Iterator[int]:
    """Yield the lines of a code object and of those within, as often as they come."""
    begin = _body_begin(code)
    for start, _end, line in code.co_lines():
        if line and start > begin:
            yield line
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _lines_of(constant)


def _body_begin(code: CodeType) -> int:
    """Return the offset of the instruction with which a call begins; all before it is set-up."""
    raw = code.co_code
    for offset in range(0, len(raw), 2):
        if raw[offset] == _RESUME:
            return offset
    return -1
