"""Says in one plain sentence why what stands at a place cannot be probed."""

import ast
import io
import keyword
import tokenize
from collections.abc import Callable, Iterator

from pyprobe.analysis.occurrences import parse
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_lines import SourceLines

_NOTHING = "nothing that has a value stands here"
_CONSTANTS = ("True", "False", "None")
_RESULT = "belongs to a result that has no name; assign that to a variable to probe it"
_ANNOTATION = "an annotation is not evaluated here"

_Reason = tuple[tuple[int, int], str]  # (line, byte column) of a token, and why not


class Refusals:
    """The reasons for one source text; built at the first question, then quick to ask."""

    def __init__(self, source: str) -> None:
        self._source = source.removeprefix("\ufeff")
        self._built = False
        self._problem = ""
        self._tokens: dict[int, list[tokenize.TokenInfo]] = {}
        self._reasons: dict[tuple[int, int], str] = {}

    def why_not(self, line: int, col: int) -> str:
        """Return the reason for a place: line from 1, column from 0 in characters."""
        self._build()
        if self._problem:
            return self._problem
        for token in self._tokens.get(line, ()):
            start = token.start[1] if token.start[0] == line else 0
            if start <= col and (line, col) < token.end:
                return self._reasons.get(token.start) or _token_reason(token)
        return _NOTHING

    def _build(self) -> None:
        if self._built:
            return
        self._built = True
        try:
            tree = parse(self._source)
        except SyntaxProblem as problem:
            self._problem = f"nothing can be probed before this is mended: {problem}"
            return
        lines = SourceLines(self._source)
        for (line, byte_col), why in _all_reasons(tree, lines):
            self._reasons.setdefault((line, lines.char_col(line, byte_col)), why)
        for token in _tokens(lines):
            for line in range(token.start[0], token.end[0] + 1):
                self._tokens.setdefault(line, []).append(token)


def why_not(source: str, line: int, col: int) -> str:
    """Return why nothing can be probed there; to ask often, keep a Refusals."""
    return Refusals(source).why_not(line, col)


def _tokens(lines: SourceLines) -> Iterator[tokenize.TokenInfo]:
    readline = io.StringIO("\n".join(lines.lines)).readline
    try:
        yield from tokenize.generate_tokens(readline)
    except (tokenize.TokenError, SyntaxError):
        return  # the parser knows better; what was not reached is answered in general terms


def _token_reason(token: tokenize.TokenInfo) -> str:
    text = token.string
    if token.type == tokenize.COMMENT:
        return "a comment does not run"
    if token.type == tokenize.NUMBER or text in _CONSTANTS:
        return f"{text} is a constant; its value never changes"
    if token.type == tokenize.STRING or "FSTRING" in tokenize.tok_name[token.type]:
        return "text in quotes is a constant; its value never changes"
    if token.type == tokenize.NAME and keyword.iskeyword(text):
        return f"{text!r} is a keyword and has no value; click a name beside it"
    if token.type == tokenize.NAME:
        return f"{text!r} stands for no value that the program reads or binds here"
    if token.type == tokenize.OP:
        return f"{text!r} has no value of its own; click a name beside it"
    return _NOTHING


def _all_reasons(tree: ast.Module, lines: SourceLines) -> Iterator[_Reason]:
    for node in ast.walk(tree):
        give = _GIVERS.get(type(node))
        if give is not None:
            yield from give(node, lines)


def _deleted(node: ast.Delete, lines: SourceLines) -> Iterator[_Reason]:
    targets: list[ast.expr] = list(node.targets)
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Tuple | ast.List):
            targets.extend(target.elts)
        elif isinstance(target, ast.Name):
            yield _at(target), f"{target.id!r} is deleted here; no value is left to show"
        elif isinstance(target, ast.Attribute):
            yield _name_of(target), f"{target.attr!r} is deleted here; no value is left to show"
        elif isinstance(target, ast.Subscript):
            yield from _bracket(target, lines, "the element is deleted here; no value is left")


def _keyword_argument(node: ast.keyword, lines: SourceLines) -> Iterator[_Reason]:
    if node.arg is not None:
        yield _at(node), f"{node.arg!r} names an argument of the call; click the value behind it"


def _attribute(node: ast.Attribute, lines: SourceLines) -> Iterator[_Reason]:
    yield _name_of(node), f"{node.attr!r} {_RESULT}"


def _subscript(node: ast.Subscript, lines: SourceLines) -> Iterator[_Reason]:
    why = (
        "an element can be probed when its base and its index are plain names and constants; "
        "assign the rest to variables"
    )
    yield from _bracket(node, lines, why)


def _annotated(node: ast.AnnAssign, lines: SourceLines) -> Iterator[_Reason]:
    if node.value is None and isinstance(node.target, ast.Name):
        name = node.target.id
        yield _at(node.target), f"{name!r} is only declared here; nothing is bound to it"
    yield from _inside(node.annotation, _ANNOTATION)


def _parameter(node: ast.arg, lines: SourceLines) -> Iterator[_Reason]:
    if node.annotation is not None:
        yield from _inside(node.annotation, _ANNOTATION)


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: SourceLines) -> Iterator[_Reason]:
    if node.returns is not None:
        yield from _inside(node.returns, _ANNOTATION)


def _declared(node: ast.Global | ast.Nonlocal, lines: SourceLines) -> Iterator[_Reason]:
    word = "global" if isinstance(node, ast.Global) else "nonlocal"
    line, col = node.lineno, lines.char_col(node.lineno, node.col_offset) + len(word)
    for name in node.names:
        token = lines.identifier_after(line, col, "")
        if token is None:
            return
        byte_col = len(lines.lines[token.line - 1][: token.col].encode())
        yield (token.line, byte_col), f"{name!r} is only declared {word} here"
        line, col = token.line, token.end_col


def _imported(node: ast.alias, lines: SourceLines) -> Iterator[_Reason]:
    if node.asname is not None:
        why = f"{node.name!r} is what is imported; click {node.asname!r}, the name it gets here"
        yield _at(node), why


def _class_pattern(node: ast.MatchClass, lines: SourceLines) -> Iterator[_Reason]:
    for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
        text = lines.lines[pattern.lineno - 1]
        before = text[: lines.char_col(pattern.lineno, pattern.col_offset)]
        col = before.rfind(name)
        if col >= 0:
            why = f"{name!r} names an attribute to match; click the name behind it"
            yield (pattern.lineno, len(before[:col].encode())), why


def _wildcard(node: ast.MatchAs, lines: SourceLines) -> Iterator[_Reason]:
    if node.name is None and node.pattern is None:
        yield _at(node), "'_' in a pattern matches anything and keeps nothing"


def _inside(node: ast.expr, why: str) -> Iterator[_Reason]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield _at(part), why
        elif isinstance(part, ast.Attribute):
            yield _name_of(part), why


def _bracket(node: ast.Subscript, lines: SourceLines, why: str) -> Iterator[_Reason]:
    line, byte_col = node.value.end_lineno or 0, node.value.end_col_offset or 0
    found = lines.find_after(line, lines.char_col(line, byte_col), "[")
    if found is not None:
        opening = len(lines.lines[found[0] - 1][: found[1]].encode())
        yield (found[0], opening), why
        yield (node.end_lineno or 0, (node.end_col_offset or 1) - 1), why


def _at(
    node: ast.expr | ast.keyword | ast.alias | ast.pattern,
) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _name_of(node: ast.Attribute) -> tuple[int, int]:
    """The place of an attribute's own name (written as it was parsed, which all but a few are)."""
    return node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode())


_GIVERS: dict[type[ast.AST], Callable[..., Iterator[_Reason]]] = {
    ast.Delete: _deleted,
    ast.keyword: _keyword_argument,
    ast.AnnAssign: _annotated,
    ast.arg: _parameter,
    ast.FunctionDef: _returns,
    ast.AsyncFunctionDef: _returns,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Global: _declared,
    ast.Nonlocal: _declared,
    ast.alias: _imported,
    ast.MatchClass: _class_pattern,
    ast.MatchAs: _wildcard,
}
