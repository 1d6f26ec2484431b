"""Messages that a breakpoint logs instead of stopping: their text, cut into its parts.

``gain is {gain} at {i}``: what stands in braces is a name as in a condition, dotted and indexed, or
a Python expression after ``py:``. ``{gain:.2f}`` formats a number or text as Python does, ``{*}``
stands for all variables of the frame, ``{{`` and ``}}`` for the braces themselves.
``Snapshot: LABEL`` takes a snapshot instead.
"""

import re
from dataclasses import dataclass

from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.parser import MAX_LENGTH, PYTHON_PREFIX, parse
from pyprobe.conditions.syntax import PythonExpr, TagRef
from pyprobe.errors import PyProbeError

SNAPSHOT_PREFIX = "snapshot:"
ALL_VARIABLES = "*"
_MAX_LABEL = 200
_SAMPLES = (0.5, 1, "text")  # a format that fits none of these fits nothing
_LARGE_NUMBER = re.compile(r"[0-9]{4}")  # a width of a thousand million would be as much memory


class LogMessageError(PyProbeError):
    """A text is no message; ``position`` counts its characters from 0."""

    def __init__(self, message: str, *, position: int, says_where: bool = False) -> None:
        super().__init__(message if says_where else f"{message} at position {position}")
        self.position = position


@dataclass(frozen=True, slots=True)
class LoggedValue:
    """One pair of braces. ``expr`` is None for all variables; ``form`` is a format or ``""``."""

    expr: TagRef | PythonExpr | None
    text: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class LogMessage:
    """What is logged, piece by piece; ``snapshot`` is a label where a snapshot is taken instead."""

    parts: tuple[str | LoggedValue, ...] = ()
    snapshot: str = ""

    @property
    def runs_program_code(self) -> bool:
        """Whether making the text can run code of the program."""
        return any(
            isinstance(part, LoggedValue) and isinstance(part.expr, PythonExpr)
            for part in self.parts
        )


def parse_log_message(text: str) -> LogMessage | None:
    """Return the parts of a message, None for an empty one: the breakpoint stops.

    Raises:
        LogMessageError: the text is none; the message says where and why.
    """
    if not text.strip():
        return None
    if len(text) > MAX_LENGTH:
        raise LogMessageError(f"a message has at most {MAX_LENGTH:,} characters", position=0)
    begun = text.lstrip()
    if begun[: len(SNAPSHOT_PREFIX)].lower() == SNAPSHOT_PREFIX:
        return LogMessage(snapshot=_label(begun[len(SNAPSHOT_PREFIX) :], len(text)))
    return LogMessage(tuple(LogMessageCutter(text).parts()))


def _label(text: str, end: int) -> str:
    label = text.strip()
    if not label:
        raise LogMessageError("A snapshot needs a label, as in Snapshot: fault", position=end)
    if len(label) > _MAX_LABEL:
        raise LogMessageError(f"A label has at most {_MAX_LABEL} characters", position=end)
    return label


class LogMessageCutter:
    """Cuts a text into its parts, from its beginning on; to be used once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def open_brace(self) -> int | None:
        """Return where the value begins that is not closed at the end of the text, if one is."""
        text = self._text
        while self._place < len(text):
            letter = text[self._place]
            doubled = letter in "{}" and text[self._place + 1 : self._place + 2] == letter
            if letter == "{" and not doubled:
                end = self._end_of(self._place + 1)
                if end is None:
                    return self._place + 1
                self._place = end
            self._place += 2 if doubled else 1
        return None

    def parts(self) -> list[str | LoggedValue]:
        """Return texts and values by turns.

        Raises:
            LogMessageError: the text is none.
        """
        found: list[str | LoggedValue] = []
        literal = ""
        text = self._text
        while self._place < len(text):
            letter = text[self._place]
            if letter in "{}" and text[self._place + 1 : self._place + 2] == letter:
                literal += letter
                self._place += 2
            elif letter == "{":
                found += [literal] if literal else []
                found.append(self._value())
                literal = ""
            elif letter == "}":
                raise LogMessageError(
                    "'}' closes nothing; write }} for the brace", position=self._place
                )
            else:
                literal += letter
                self._place += 1
        return found + ([literal] if literal else [])

    def _value(self) -> LoggedValue:
        start = self._place + 1
        end = self._end_of(start)
        if end is None:
            raise LogMessageError("'{' is never closed; write {{ for the brace", position=start - 1)
        self._place = end + 1
        inner = self._text[start:end]
        stripped = inner.strip()
        position = start + len(inner) - len(inner.lstrip())
        if not stripped:
            raise LogMessageError("Expected a name between the braces", position=start)
        if stripped == ALL_VARIABLES:
            return LoggedValue(None, ALL_VARIABLES)
        if stripped.startswith(PYTHON_PREFIX):
            return LoggedValue(_expr(stripped, position), stripped)
        colon = _outside_quotes(stripped, ":")
        name, form = (stripped, "") if colon < 0 else (stripped[:colon], stripped[colon + 1 :])
        _check_form(form, position + colon + 1)
        return LoggedValue(_expr(name.rstrip(), position), name.rstrip(), form)

    def _end_of(self, start: int) -> int | None:
        """Return where the brace that was opened before ``start`` is closed, None if it is not."""
        depth = 1
        quote = ""
        for place in range(start, len(self._text)):
            letter = self._text[place]
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "'\"":
                quote = letter
            elif letter in "{}":
                depth += 1 if letter == "{" else -1
                if not depth:
                    return place
        return None


def _outside_quotes(text: str, wanted: str) -> int:
    quote = ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == wanted:
            return place
    return -1


def _expr(text: str, position: int) -> TagRef | PythonExpr:
    try:
        expr = parse(text)
    except ConditionSyntaxError as error:
        sentence = f"{{{text}}}: {error}"  # with a position of its own, within the braces
        raise LogMessageError(sentence, position=position, says_where=True) from error
    if not isinstance(expr, TagRef | PythonExpr):
        raise LogMessageError(
            f"Expected a name, as in {{gain}} or {{self.buf[0]}}, got {text!r}; "
            "a Python expression begins with py:",
            position=position,
        )
    return expr


def _check_form(form: str, position: int) -> None:
    if not form:
        return
    for sample in _SAMPLES if not _LARGE_NUMBER.search(form) else ():
        try:
            format(sample, form)
        except (ValueError, OverflowError, MemoryError):
            continue
        return
    raise LogMessageError(f"{form!r} is no format of a number or text", position=position)
