"""EntityFrames: tells whether a frame is one of those that a step or a breakpoint is limited to.

A function or class is told by its qualified name. A class also has the methods that it inherits,
where they run for one of its objects, or of a class derived from it: the first argument says so.
"""

from types import CodeType, FrameType, FunctionType

from pyprobe.conditions.entity import parse_entity
from pyprobe.core.frame_reader import Reader, fast_access, variable_reader
from pyprobe.core.plain_types import (
    FLAG_TYPE,
    MISSING,
    class_qualname,
    find_in_class,
    flags_of,
    mro_of,
)
from pyprobe.core.trigger_condition import CodeConditions

_MOST_KNOWN = 2000


class EntityFrames:
    """``text`` is an entity, see ``pyprobe.conditions.entity``.

    Raises:
        PyProbeError: it is none.
    """

    def __init__(self, text: str, *, copies_locals: bool) -> None:
        self._entity = parse_entity(text)
        self._copies_locals = copies_locals
        self._readers: dict[int, tuple[CodeType, Reader | None]] = {}
        condition = self._entity.condition
        self.conditions = CodeConditions(condition) if condition else None

    def has(self, frame: FrameType) -> bool:
        """Whether a frame is meant.

        Raises:
            ConditionError: its condition cannot be decided.
        """
        if not self.has_scope(frame):
            return False
        if self.conditions is None:
            return True
        evaluator = self.conditions.evaluator_for(frame.f_code, copies_locals=self._copies_locals)
        return evaluator.test(frame)

    def has_scope(self, frame: FrameType) -> bool:
        """Whether a frame is of the function or class that is meant, if one is."""
        code = frame.f_code
        if self._entity.has_scope(code.co_qualname):
            return True
        reader = self._reader_of_first(code)
        if reader is None:
            return False
        try:
            first = reader(frame)
        except KeyError:
            return False
        return self._inherits(first if flags_of(type(first)) & FLAG_TYPE else type(first), code)

    def _inherits(self, kind: object, code: CodeType) -> bool:
        """Whether a class has ``code`` as a method of the class that is meant, or of its bases."""
        classes = mro_of(kind)  # type: ignore[arg-type]
        owner = code.co_qualname.rpartition(".")[0]
        if all(class_qualname(one) != owner for one in classes):
            return False
        scope, name = self._entity.scope, code.co_name
        for one in classes:
            qualname = class_qualname(one)
            if qualname == scope:
                return True
            if f"{qualname}.{name}" == scope:
                # A method that it overrides is another one, though it may call it.
                found = find_in_class(one, name)
                is_other = type(found) is FunctionType and found.__code__ is not code
                return found is not MISSING and not is_other
        return False

    def _reader_of_first(self, code: CodeType) -> Reader | None:
        """Return what reads the first argument of a method; None where there is none."""
        known = self._readers.get(id(code))
        if known is not None:
            return known[1]
        reader = None
        if code.co_argcount and "." in code.co_qualname:
            access = fast_access(code, copies_locals=self._copies_locals)
            reader = variable_reader(code, code.co_varnames[0], access=access)
        if len(self._readers) >= _MOST_KNOWN:
            self._readers.clear()
        self._readers[id(code)] = code, reader
        return reader
