"""Walks the patterns of ``match`` statements: what they read, and the names they capture."""

import ast
import sys

from pyprobe.analysis.frames import node_span
from pyprobe.analysis.occurrence import OccurrenceKind, Path, Span
from pyprobe.analysis.source_lines import Token
from pyprobe.analysis.walk_expressions import ExpressionWalker

# Up to 3.11 captures are stored at the position of the pattern that was compiled last.
_STORES_AT_LAST_PATTERN = sys.version_info < (3, 12)


class PatternWalker(ExpressionWalker):
    """Visits one case pattern at a time; captures are bound together, when all of it fits."""

    def case_pattern(self, pattern: ast.pattern) -> None:
        """Visit a case's whole pattern."""
        captures: list[tuple[str, Token | None]] = []
        self._pattern(pattern, captures)
        span = node_span(_last_compiled(pattern) if _STORES_AT_LAST_PATTERN else pattern)
        self._captures(captures, span)

    def _captures(self, captures: list[tuple[str, Token | None]], span: Span) -> None:
        kind = OccurrenceKind.STORE
        for name in dict.fromkeys(name for name, _token in captures):
            mangled = self.frame.mangle(name)
            instruction = self.recorder.add_instruction(kind, mangled, span, self.frame)
            for captured, token in captures:  # each alternative of `a | b` names it again
                if captured == name and token is not None:
                    path = Path(mangled)
                    self.recorder.add_occurrence(kind, name, token, path, instruction)

    def _pattern(self, pattern: ast.pattern, captures: list[tuple[str, Token | None]]) -> None:
        if isinstance(pattern, ast.MatchValue):
            self.visit(pattern.value)
        elif isinstance(pattern, ast.MatchSequence | ast.MatchOr):
            self._patterns(pattern.patterns, captures)
        elif isinstance(pattern, ast.MatchMapping):
            self.visit_all(pattern.keys)
            self._patterns(pattern.patterns, captures)
            if pattern.rest is not None:
                captures.append((pattern.rest, self._rest_token(pattern)))
        elif isinstance(pattern, ast.MatchClass):
            self.visit(pattern.cls)
            self._patterns(pattern.patterns, captures)
            self._patterns(pattern.kwd_patterns, captures)
        elif isinstance(pattern, ast.MatchAs | ast.MatchStar):
            if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
                self._pattern(pattern.pattern, captures)
            if pattern.name is not None:
                end = node_span(pattern)
                token = self.identifier_before(end.end_line, end.end_col, pattern.name)
                captures.append((pattern.name, token))

    def _patterns(
        self, patterns: list[ast.pattern], captures: list[tuple[str, Token | None]]
    ) -> None:
        for pattern in patterns:
            self._pattern(pattern, captures)

    def _rest_token(self, pattern: ast.MatchMapping) -> Token | None:
        whole = node_span(pattern)
        if pattern.patterns:
            before = node_span(pattern.patterns[-1])
            line, byte_col = before.end_line, before.end_col
        else:
            line, byte_col = whole.line, whole.col + 1
        return self.source.identifier_after(line, self.source.char_col(line, byte_col), "**")


def _is_wildcard(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None and pattern.name is None


def _last_compiled(pattern: ast.pattern) -> ast.pattern:
    """Return the pattern that 3.11 compiles last; wildcards are often passed over."""
    parts: list[ast.pattern] = []
    if isinstance(pattern, ast.MatchSequence):
        parts = _compiled_elements(pattern.patterns)
    elif isinstance(pattern, ast.MatchMapping | ast.MatchOr):
        parts = pattern.patterns
    elif isinstance(pattern, ast.MatchClass):
        both = [*pattern.patterns, *pattern.kwd_patterns]
        parts = [part for part in both if not _is_wildcard(part)]
    elif isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        parts = [pattern.pattern]
    return _last_compiled(parts[-1]) if parts else pattern


def _compiled_elements(patterns: list[ast.pattern]) -> list[ast.pattern]:
    stars = [part for part in patterns if isinstance(part, ast.MatchStar)]
    drops_star = bool(stars) and stars[0].name is None
    if not drops_star and not all(map(_is_wildcard, patterns)):
        return patterns
    return [part for part in patterns if not _is_wildcard(part) and part not in stars]
