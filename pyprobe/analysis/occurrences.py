"""Which occurrences a source text holds: everything in it that can be probed."""

import ast
import gc
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from pyprobe.analysis.frames import Frame, FrameKind
from pyprobe.analysis.occurrence import Occurrence, Scope, Span
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_lines import SourceLines
from pyprobe.analysis.walk_statements import StatementWalker


def find_occurrences(
    source: str, *, filename: str = "", near_lines: Collection[int] | None = None
) -> list[Occurrence]:
    """Return every occurrence of a module's source, in evaluation order within each scope.

    Ranges are those that ``co_positions()`` gives on the interpreter that runs this. With
    ``near_lines`` (from 1) only those in the module's statements that hold one of these lines,
    which in a large source is much sooner done.

    Raises:
        SyntaxProblem: the source does not compile, or is nested too deeply.
    """
    source = source.removeprefix("\ufeff")
    with _collector_at_rest():
        tree = parse(source, filename=filename)
        lines = SourceLines(source)
        try:
            walker = StatementWalker(lines, _module_frame(lines), tree)
            walker.body(_holding(tree.body, near_lines))
        except RecursionError as error:
            raise SyntaxProblem("the source is nested too deeply", filename=filename) from error
        return walker.recorder.finish()


def _holding(statements: list[ast.stmt], lines: Collection[int] | None) -> list[ast.stmt]:
    if lines is None:
        return statements
    return [one for one in statements if any(line in _lines_of(one) for line in lines)]


def _lines_of(statement: ast.stmt) -> range:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return range(first, (statement.end_lineno or statement.lineno) + 1)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Let the garbage collector not look, again and again, through millions of live nodes.

    In a file of 100,000 lines that took three quarters of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def parse(source: str, *, filename: str = "") -> ast.Module:
    """Return the syntax tree of a module.

    Raises:
        SyntaxProblem: the source does not parse.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's program, not for our stderr
            return ast.parse(source, filename=filename or "<source>")
    except SyntaxError as error:
        line, col = error.lineno or 1, max((error.offset or 1) - 1, 0)
        raise SyntaxProblem(error.msg, line=line, col=col, filename=filename) from error
    except (RecursionError, MemoryError) as error:
        raise SyntaxProblem("the source is nested too deeply", filename=filename) from error
    except ValueError as error:  # null bytes, lone surrogates
        raise SyntaxProblem(str(error), filename=filename) from error


def _module_frame(lines: SourceLines) -> Frame:
    last = len(lines.lines)
    span = Span(1, 0, last, len(lines.lines[-1].encode(errors="replace")))
    scope = Scope("<module>", 1, span)
    return Frame(FrameKind.MODULE, key=0, code_key=0, scope=scope, func="", private="")
