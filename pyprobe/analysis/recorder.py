"""Recorder: gathers instructions and the tokens clicked for them, and numbers them in the end."""

from pyprobe.analysis.frames import Frame
from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Span
from pyprobe.analysis.source_lines import Token

_FUSIBLE = (OccurrenceKind.LOAD, OccurrenceKind.STORE)


class Instruction:
    """One instruction as the compiler will make it, whether or not it can be probed."""

    __slots__ = ("before", "frame", "group", "kind", "name", "ordinal", "row", "span", "statement")

    def __init__(
        self,
        kind: OccurrenceKind,
        name: str,
        span: Span,
        frame: Frame,
        statement: Span,
    ) -> None:
        self.kind = kind
        self.name = name
        self.span = span
        self.frame = frame
        self.statement = statement
        self.ordinal = 0
        self.group: list[Instruction] = []  # those with which it shares the count
        self.row: list[Span] = []  # of names: the same on this line
        self.before: tuple[Span, ...] = ()  # of names: those that may come right before


class Recorder:
    """Keeps instructions in evaluation order, and the occurrences that stand for them."""

    def __init__(self) -> None:
        self.statement = Span(1, 0, 1, 0)
        self.statement_key = 0
        self._groups: dict[tuple[int, int, OccurrenceKind, str], list[Instruction]] = {}
        self._rows: dict[tuple[int, int, OccurrenceKind, str], list[Span]] = {}
        self._drafts: list[tuple[OccurrenceKind, str, Token, Path, Instruction]] = []
        self._last: dict[int, tuple[Span, ...]] = {}  # names that may have come last, by code_key

    def begin_statement(self, span: Span) -> None:
        """Let what follows belong to this statement."""
        self.statement = span
        self.statement_key += 1

    def add_instruction(
        self, kind: OccurrenceKind, name: str, span: Span, frame: Frame
    ) -> Instruction:
        """Note an instruction; ``kind`` is never BASE_STORE, which shares the MEMBER_STORE's."""
        instruction = Instruction(kind, name, span, frame, self.statement)
        group = self._groups.setdefault((self.statement_key, frame.key, kind, name), [])
        instruction.ordinal = len(group)
        instruction.group = group
        group.append(instruction)
        if kind in _FUSIBLE:
            row = self._rows.setdefault((frame.code_key, span.line, kind, name), [])
            row.append(span)
            instruction.row = row
            instruction.before = self.last(frame)
            self.go_on_after(frame, (span,))
        return instruction

    def last(self, frame: Frame) -> tuple[Span, ...]:
        """Return the names that may have been read or bound last."""
        return self._last.get(frame.code_key, ())

    def go_on_after(self, frame: Frame, names: tuple[Span, ...]) -> None:
        """Let what follows come after one of these: control flow has parted, or joins."""
        self._last[frame.code_key] = names

    def add_occurrence(
        self,
        kind: OccurrenceKind,
        symbol: str,
        token: Token,
        path: Path,
        instruction: Instruction,
    ) -> None:
        """Note that ``token`` can be clicked for ``instruction``."""
        self._drafts.append((kind, symbol, token, path, instruction))

    def finish(self) -> list[Occurrence]:
        """Return all occurrences, numbered."""
        return [self._occurrence(*draft) for draft in self._drafts]

    def _occurrence(
        self,
        kind: OccurrenceKind,
        symbol: str,
        token: Token,
        path: Path,
        instruction: Instruction,
    ) -> Occurrence:
        return Occurrence(
            kind=kind,
            symbol=symbol,
            line=token.line,
            col=token.col,
            end_col=token.end_col,
            func=instruction.frame.func,
            span=instruction.span,
            name=instruction.name,
            path=path,
            scope=instruction.frame.scope,
            statement=instruction.statement,
            ordinal=instruction.ordinal,
            count=len(instruction.group),
            siblings=tuple(instruction.row),
            before=tuple(one for one in instruction.before if one.line == instruction.span.line),
        )
