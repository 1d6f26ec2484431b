"""The SPEC that names a probe on the command line: ``FILE:LINE:SYMBOL[@COL][=THROTTLE]``."""

import ast
import difflib
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from os.path import basename, splitext

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.problems import SpecProblem
from pyprobe.analysis.source_lines import split_lines

_KEYWORDS = {"return": OccurrenceKind.RETURN, "yield": OccurrenceKind.YIELD}
_STORES = (OccurrenceKind.STORE, OccurrenceKind.MEMBER_STORE, OccurrenceKind.PARAMETER)
_LINE_NUMBER = re.compile(r":(\d+):")
_OPTIONS = re.compile(r"(?:@(?P<col>\d+))?(?:=(?P<throttle>.+))?\Z", re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SHOWN = 3
_LIKE = 0.6  # how alike two file names must be to be offered


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """A parsed SPEC: ``line`` from 1, ``col`` from 0 in characters, ``throttle`` as written."""

    file: str
    line: int
    symbol: str
    col: int | None = None
    throttle: str = ""


def parse_spec(text: str, *, check_throttle: Callable[[str], object] | None = None) -> ProbeSpec:
    """Take a SPEC apart.

    File names may hold ``:`` and ``=``, subscripts also ``@``. ``check_throttle`` is called with
    the throttle's text, when there is one, and may raise.

    Raises:
        SpecProblem: the text is no SPEC.
    """
    for match in _LINE_NUMBER.finditer(text):
        spec = _with_symbol(text[: match.start()], int(match.group(1)), text[match.end() :])
        if spec is not None and spec.file:
            if spec.throttle and check_throttle is not None:
                check_throttle(spec.throttle)
            return spec
    raise SpecProblem(
        f"{text!r} is no probe; write FILE:LINE:SYMBOL[@COL][=THROTTLE], "
        "for example main.py:12:x or main.py:30:self.gain=50ms"
    )


def _with_symbol(file: str, line: int, rest: str) -> ProbeSpec | None:
    end = _symbol_end(rest)
    options = _OPTIONS.match(rest, end)
    symbol = rest[:end].strip()
    if options is None or not _is_symbol(symbol):
        return None
    col = options["col"]
    return ProbeSpec(
        file, line, symbol, None if col is None else int(col), (options["throttle"] or "").strip()
    )


def _symbol_end(text: str) -> int:
    """Return where the first ``@`` or ``=`` outside brackets and quotes stands."""
    closing: list[str] = []
    quote = ""
    place = 0
    while place < len(text):
        character = text[place]
        if quote:
            place += character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _CLOSING:
            closing.append(_CLOSING[character])
        elif closing and character == closing[-1]:
            closing.pop()
        elif not closing and character in "@=":
            return place
        place += 1
    return len(text)


def _is_symbol(text: str) -> bool:
    return text in _KEYWORDS or _normal_form(text) is not None


def _normal_form(text: str) -> str | None:
    """Return how a name, chain or element is written plainly; None when it is none of these."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd escapes in a subscript
            node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    return ast.unparse(node) if isinstance(inner, ast.Name) else None


def resolve_spec(spec: ProbeSpec, occurrences: Sequence[Occurrence], source: str) -> Occurrence:
    """Return the occurrence a SPEC means, of those of its file.

    Without a column this is the line's store or parameter of that name, else its first load.

    Raises:
        SpecProblem: there is none; the message names the nearest that exist.
    """
    lines = split_lines(source)
    last = len(lines) - (not lines[-1])
    if not 1 <= spec.line <= last:
        ends = f"it ends with line {last}" if last else "it is empty"
        raise SpecProblem(
            f"{spec.file} has no line {spec.line}; {ends}{_nearest_lines(spec, occurrences)}"
        )
    on_line = [occurrence for occurrence in occurrences if occurrence.line == spec.line]
    found = _of_symbol(on_line, spec.symbol)
    if not found:
        raise SpecProblem(
            f"{spec.file}:{spec.line} has no {spec.symbol!r} that can be probed"
            + _nearest_symbols(spec, on_line)
            + _nearest_lines(spec, occurrences)
        )
    if spec.col is None:
        return min(found, key=_rank)
    for occurrence in sorted(found, key=lambda one: one.col, reverse=True):
        if occurrence.col <= spec.col < occurrence.end_col:
            return occurrence
    columns = _one_of([f"@{col}" for col in sorted({one.col for one in found})], "and")
    where = f"{spec.file}:{spec.line}"
    raise SpecProblem(
        f"{where} has no {spec.symbol!r} at column {spec.col}; it stands at {columns}"
    )


def file_problem(spec: ProbeSpec, candidates: Iterable[str]) -> SpecProblem:
    """Return the error for a SPEC whose file is not there, naming the nearest of ``candidates``."""
    by_stem: dict[str, list[str]] = {}
    for file in dict.fromkeys(candidates):
        by_stem.setdefault(_stem(file), []).append(file)
    stems = difflib.get_close_matches(_stem(spec.file), by_stem, n=_SHOWN, cutoff=_LIKE)
    near = [file for stem in stems for file in by_stem[stem]][:_SHOWN]
    hint = f"; the nearest is {_one_of(near)}" if near else ""
    return SpecProblem(f"no file {spec.file!r} belongs to the program{hint}")


def _stem(file: str) -> str:
    return splitext(basename(file))[0]


def _of_symbol(occurrences: Iterable[Occurrence], symbol: str) -> list[Occurrence]:
    if symbol in _KEYWORDS:
        return [one for one in occurrences if one.kind is _KEYWORDS[symbol]]
    exact = [one for one in occurrences if one.symbol == symbol]
    if exact:
        return exact
    if symbol.isidentifier():
        return []
    normal = _normal_form(symbol)
    return [one for one in occurrences if normal and _normal_form_of(one) == normal]


def _normal_form_of(occurrence: Occurrence) -> str | None:
    return _normal_form(occurrence.symbol) if occurrence.path.steps else None


def _rank(occurrence: Occurrence) -> tuple[int, int]:
    if occurrence.kind in _STORES:
        return 0, occurrence.col
    return (1 if occurrence.kind is OccurrenceKind.BASE_STORE else 2), occurrence.col


def _nearest_symbols(spec: ProbeSpec, on_line: list[Occurrence]) -> str:
    symbols = list(dict.fromkeys(one.symbol for one in sorted(on_line, key=lambda one: one.col)))
    if not symbols:
        return "; nothing on that line can be probed"
    near = difflib.get_close_matches(spec.symbol, symbols, n=len(symbols), cutoff=0.0)
    return f"; it has {_one_of(near[: 2 * _SHOWN], 'and')}"


def _nearest_lines(spec: ProbeSpec, occurrences: Iterable[Occurrence]) -> str:
    lines = sorted({one.line for one in _of_symbol(occurrences, spec.symbol)})
    near = sorted(lines, key=lambda line: abs(line - spec.line))[:_SHOWN]
    if not near:
        return ""
    shown = _one_of([str(line) for line in sorted(near)], "and")
    return f"; {spec.symbol!r} stands on line{'s' if len(near) > 1 else ''} {shown}"


def _one_of(words: Sequence[str], conjunction: str = "or") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
