"""The text of a log message, made in the frame that has hit, without running its code."""

from collections.abc import Callable
from types import CodeType, FrameType

from pyprobe.conditions import Attribute, PythonExpr, TagRef
from pyprobe.conditions.log_message import LoggedValue, LogMessage
from pyprobe.conditions.plain_values import plain, type_name
from pyprobe.conditions.private_names import private_name
from pyprobe.conditions.python_source import compile_python
from pyprobe.core.plain_access import read_attribute, read_item
from pyprobe.core.snapshot import snapshot_record
from pyprobe.core.trigger_access import FrameAccess
from pyprobe.core.value_text import summarise
from pyprobe.errors import PyProbeError

MAX_VALUE_CHARS = 1000
_MAX_VARIABLES = 40
_PLAIN_KINDS = (int, float, str, bool, complex)

TextOf = Callable[[FrameType], str]


def short_text(value: object) -> str:
    """Return a value in short; it runs no code of the program."""
    text, is_cut = summarise(value)
    if len(text) > MAX_VALUE_CHARS:
        text, is_cut = text[:MAX_VALUE_CHARS], True
    return f"{text}…" if is_cut and not text.endswith("…") else text


class LogText:
    """Makes the texts of one message in the frames of one code object."""

    def __init__(self, message: LogMessage, code: CodeType, *, copies_locals: bool) -> None:
        self._access = FrameAccess(code, copies_locals=copies_locals)
        self._parts = [self._part(part) for part in message.parts]

    def of(self, frame: FrameType) -> str:
        """Return the text; what is not there is said in its place."""
        return "".join([part(frame) for part in self._parts])

    def _part(self, part: str | LoggedValue) -> TextOf:
        if isinstance(part, str):
            return lambda frame: part
        if part.expr is None:
            return self._all_variables
        if isinstance(part.expr, PythonExpr):
            return self._python(part.expr)
        return self._value(part.expr, part.form)

    def _value(self, tag: TagRef, form: str) -> TextOf:
        class_name = self._access.class_name
        read_name = self._access.name_reader(private_name(tag.name, class_name))

        def text(frame: FrameType) -> str:
            try:
                value = read_name(frame)
                for step in tag.steps:
                    if isinstance(step, Attribute):
                        value = read_attribute(value, private_name(step.name, class_name))
                    else:
                        value = read_item(value, step.key)
            except KeyError:
                return f"<there is no {tag}>"
            except PyProbeError as error:
                return f"<{error}>"
            return _formatted(value, form)

        return text

    def _python(self, expr: PythonExpr) -> TextOf:
        code = compile_python(expr.source, class_name=self._access.class_name)
        access = self._access

        def text(frame: FrameType) -> str:
            global_names, local_names = access.namespaces(frame)
            names = {**global_names, **local_names}
            try:
                return access.evaluate(short_text, code, names, names)
            except Exception as error:  # noqa: BLE001 - the program's code may raise anything
                return f"<`{expr.source}` raised {type_name(error)}>"

        return text

    def _all_variables(self, frame: FrameType) -> str:
        variables = snapshot_record(frame, self._access.locals_of(frame))["locals"]
        assert isinstance(variables, dict)
        shown = list(variables.items())[:_MAX_VARIABLES]
        texts = [f"{name} = {short_text(value)}" for name, value in shown]
        left = len(variables) - len(shown)
        return ", ".join(texts + ([f"and {left} more"] if left else []))


def _formatted(value: object, form: str) -> str:
    counts_as = plain(value)
    if type(counts_as) is str:
        return format(counts_as, form) if _fits(counts_as, form) else counts_as[:MAX_VALUE_CHARS]
    if form and type(counts_as) in _PLAIN_KINDS and _fits(counts_as, form):
        return format(counts_as, form)
    return short_text(value)


def _fits(value: object, form: str) -> bool:
    """Whether a format is one for this number or text; types of the program are never asked."""
    try:
        return bool(form) and len(format(value, form)) <= MAX_VALUE_CHARS
    except (ValueError, OverflowError):
        return False
