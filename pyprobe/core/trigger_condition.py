"""CodeConditions: one condition at work in the frames of any number of code objects."""

from types import CodeType, FrameType

from pyprobe.conditions import And, Edge, Evaluator, Expr, Or, compile, parse
from pyprobe.core.trigger_access import FrameAccess

_MAX_REASONS = 20

# Part of the condition: how often it was false for want of a value, and why.
Undecided = dict[str, tuple[int, str]]


class CodeConditions:
    """Each code object has an evaluator, which keeps its edges' memories while sites are rebuilt.

    Raises:
        ConditionSyntaxError: the text is no condition.
    """

    __slots__ = ("_codes", "_evaluators", "expr")

    def __init__(self, source: str) -> None:
        self.expr = parse(source)
        self._evaluators: dict[int, Evaluator[FrameType]] = {}
        self._codes: dict[int, CodeType] = {}  # held, so that an id stays its own

    def evaluator_for(
        self, code: CodeType, *, copies_locals: bool, access: FrameAccess | None = None
    ) -> Evaluator[FrameType]:
        """Return the condition for frames of ``code``; ``access`` where names mean more there."""
        evaluator = self._evaluators.get(id(code))
        if evaluator is None:
            access = access or FrameAccess(code, copies_locals=copies_locals)
            evaluator = self._evaluators[id(code)] = compile(self.expr, access=access)
            self._codes[id(code)] = code
        return evaluator

    def undecided(self) -> Undecided:
        """Return what could not be decided, of all code objects together."""
        found: Undecided = {}
        for evaluator in list(self._evaluators.values()):
            tally = evaluator.tally
            for counts in (dict(tally.missing), dict(tally.not_comparable)):
                for part, count in counts.items():
                    if part in found or len(found) < _MAX_REASONS:
                        before = found.get(part, (0, ""))[0]
                        found[part] = before + count, tally.reasons.get(part, "")
        return found


def has_edge(expr: Expr) -> bool:
    """Whether a condition is true only in the moment of a change."""
    if isinstance(expr, And | Or):
        return any(map(has_edge, expr.terms))
    return isinstance(expr, Edge)
