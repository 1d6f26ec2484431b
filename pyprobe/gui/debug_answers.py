"""Debug answers: what a stopped program has answered, as records; what is malformed is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Step = list[object]
Path = tuple[object, ...]
Answered = Callable[[dict[str, object]], None]
Failed = Callable[[str], None]
Ask = Callable[[dict[str, object], Answered, Failed], None]
"""Asks of the thread that is looked at; the answer comes later."""


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One frame of a call stack. ``task``: of which asynchronous task, ``""`` for none."""

    index: int
    file: str
    line: int
    function: str
    is_awaiting: bool
    task: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread of the program."""

    ident: int
    name: str
    file: str
    line: int
    function: str
    stands: bool


@dataclass(frozen=True, slots=True)
class VariableRow:
    """One variable, attribute or element. ``parts``: how much is inside, -1 for nothing at all."""

    name: str
    step: Step
    text: str
    type: str
    parts: int
    number: bool


@dataclass(frozen=True, slots=True)
class VariablePage:
    """Some of the ``total`` parts of something."""

    total: int
    rows: tuple[VariableRow, ...]


def read_frames(answer: Mapping[str, object]) -> list[FrameRow]:
    """Return the frames of a stack, innermost first."""
    found = []
    for one in _dicts(answer.get("frames")):
        found.append(
            FrameRow(
                _int(one, "index"),
                _text(one, "file"),
                _int(one, "line"),
                _text(one, "function"),
                one.get("kind") == "awaiting",
                _text(one, "task"),
                one.get("is_mine") is not False,
            )
        )
    return found


def read_threads(answer: Mapping[str, object]) -> list[ThreadRow]:
    """Return the program's threads."""
    found, threads = [], answer.get("threads")
    for one in threads if isinstance(threads, list) else ():
        match one:
            case [int(ident), str(name), str(file), int(line), str(function), stands]:
                found.append(ThreadRow(ident, name, file, line, function, bool(stands)))
    return found


def read_page(answer: Mapping[str, object]) -> VariablePage:
    """Return some rows of variables."""
    rows = tuple(read_row(one) for one in _dicts(answer.get("rows")))
    return VariablePage(_int(answer, "total"), rows)


def read_row(one: Mapping[str, object]) -> VariableRow:
    """Return one variable."""
    step = one.get("step")
    return VariableRow(
        _text(one, "name"),
        step if isinstance(step, list) else [],
        _text(one, "text"),
        _text(one, "type"),
        _int(one, "parts", -1),
        one.get("number") is True,
    )


def error_of(answer: Mapping[str, object]) -> str:
    """Return what an answer says went wrong; ``""`` if nothing did."""
    return _text(answer, "error")


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(one: Mapping[str, object], key: str) -> str:
    value = one.get(key, "")
    return value if isinstance(value, str) else ""


def _int(one: Mapping[str, object], key: str, default: int = 0) -> int:
    value = one.get(key, default)
    return value if isinstance(value, int) else default
