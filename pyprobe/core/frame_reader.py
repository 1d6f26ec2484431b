"""Reading one variable of a frame exactly, and leaving nothing behind in the frame.

On 3.13 the proxy of PEP 667 is clean. Before, ``frame.f_locals`` of a function leaves a snapshot in
the frame that keeps objects alive, so variables are read from the frame's slots, where their place
is known. Elsewhere 3.12 has ``PyFrame_GetVar``; or, in a small function that cannot have put names
of its own into the snapshot, that is taken and emptied. On 3.11 it must not be emptied in a trace
function, as the interpreter writes it back into the frame.

A comprehension that was inlined may bind a name that its function shares with a closure. What the
interpreter then tells of that name is wrong on 3.12, and 3.13 crashes before 3.13.3; so such a name
is read from its slot as well. A class body's free variables are told by no version from 3.12 on:
they are read in the function around it, which is on the stack while the body runs.
"""

import sys
from collections.abc import Callable, Mapping
from enum import Enum
from types import CellType, CodeType, FrameType

from pyprobe.analysis.occurrence import Bounds, Index, Name, Part, Path, Step, StepKind, StepValue
from pyprobe.core import plain_access
from pyprobe.core.code_map import fast_names, inlined_names
from pyprobe.core.frame_namespace import namespace_reader
from pyprobe.core.frame_slots import Slot, slots_of, slots_place
from pyprobe.core.memory_arrays import address_of

Reader = Callable[[FrameType], object]

_OPTIMIZED = 0x01  # CO_OPTIMIZED: variables live in fast slots, not in a namespace
_CLASS_NAMESPACE = "__classdict__"
_FREE_ONLY = ("LOAD_DEREF", "STORE_DEREF")
_SNAPSHOT_NAMES = frozenset({"locals", "exec", "eval", "vars", "dir"})
_UNKNOWN: Mapping[str, str] = {}
_SMALL_FRAME = 12  # up to here a snapshot costs less than one call through ctypes


class NotBoundError(KeyError):
    """The variable has no value at this moment; there is nothing to capture."""


class FastAccess(Enum):
    """How the fast variables of a code object are read."""

    DIRECT = "frame.f_locals is a clean view, or a snapshot that others may keep"
    SLOT = "look into the frame's slots"
    SNAPSHOT = "take the snapshot and empty it"
    GET_VAR = "ask PyFrame_GetVar"
    UNDISTURBED = "ask PyFrame_GetVar, and look for the namespace in the frame's record"


def fast_access(code: CodeType, *, copies_locals: bool) -> FastAccess:
    """Choose how to read fast variables; see EventSource for ``copies_locals``."""
    if sys.version_info >= (3, 13):
        return FastAccess.DIRECT
    if sys.version_info < (3, 12):
        return FastAccess.SLOT if slots_place() else FastAccess.DIRECT
    if not code.co_flags & _OPTIMIZED:
        # A comprehension's variables, inlined into a module or class.
        return FastAccess.UNDISTURBED if copies_locals else FastAccess.GET_VAR
    if copies_locals:
        return FastAccess.GET_VAR
    if slots_place():
        return FastAccess.SLOT
    return FastAccess.SNAPSHOT if _snapshot_is_ours(code) else FastAccess.GET_VAR


def _snapshot_is_ours(code: CodeType) -> bool:
    """Whether nobody else can have put a name into the snapshot of a frame of ``code``."""
    return (
        bool(code.co_flags & _OPTIMIZED)
        and len(fast_names(code)) <= _SMALL_FRAME
        and _SNAPSHOT_NAMES.isdisjoint(code.co_names)
    )


def variable_reader(code: CodeType, name: str, *, access: FastAccess, opname: str = "") -> Reader:
    """Return a reader of the variable as code in ``code`` sees it: local, cell, global, builtin.

    ``opname`` is the instruction that reads or binds it: a comprehension inlined into a module has
    slots for names that its instructions nevertheless bind as globals. The reader raises KeyError
    when the variable has no value.
    """
    name = sys.intern(name)  # found by identity then, as the interpreter's own are
    if opname in ("STORE_GLOBAL", "LOAD_GLOBAL"):
        return _global_reader(name)
    is_fast = name in fast_names(code) and not opname.endswith("_NAME")
    if code.co_flags & _OPTIMIZED:
        read = _fast_reader(code, name, access, opname) if is_fast else _global_reader(name)
        if _asks_class_first(code, name, opname):
            return _first_in(_fast_reader(code, _CLASS_NAMESPACE, access), name, read)
        return read
    if is_fast and (name not in code.co_freevars or "_FAST" in opname):
        fast = _fast_reader(code, name, access, opname)
        return fast if opname else _or_else(fast, _unoptimized_reader(code, name, access))
    if not opname and _is_shared(code, name) and slots_place():
        return _slot_reader(code, name)
    if is_fast and opname in _FREE_ONLY:
        return _free_reader(code, name, access)
    free = _free_reader(code, name, access) if is_fast else None
    return _unoptimized_reader(code, name, access, free)


def _unoptimized_reader(
    code: CodeType, name: str, access: FastAccess, otherwise: Reader | None = None
) -> Reader:
    """Return a reader of what is in a module's or class's namespace, or otherwise a global."""
    undisturbed = access is FastAccess.UNDISTURBED
    namespace_of = namespace_reader(code) if undisturbed else _namespace_of
    return _first_in(namespace_of, name, otherwise or _global_reader(name))


def _or_else(read: Reader, otherwise: Reader) -> Reader:
    """Return a reader of a slot that is empty but while its comprehension runs."""

    def read_either(frame: FrameType) -> object:
        try:
            return read(frame)
        except KeyError:
            return otherwise(frame)

    return read_either


def _asks_class_first(code: CodeType, name: str, opname: str) -> bool:
    """Whether code that evaluates a type parameter looks in the class around it first."""
    is_own = name in code.co_varnames or name in code.co_cellvars or name == _CLASS_NAMESPACE
    return (
        _CLASS_NAMESPACE in code.co_freevars
        and not is_own
        and (not opname or opname.startswith("LOAD_FROM_DICT"))
    )


def is_plain(code: CodeType, name: str) -> bool:
    """Whether a name is a fast variable of which ``f_locals`` tells the truth."""
    is_fast = name in fast_names(code)
    is_around = not code.co_flags & _OPTIMIZED and name in code.co_freevars
    return is_fast and not is_around and not _is_shared(code, name)


def lone_slot(code: CodeType, name: str) -> Slot | None:
    """Return the slot in which a variable is by itself, with no cell around it."""
    return None if _is_cell(code, name) else slots_of(code, name)[0]


def _is_shared(code: CodeType, name: str) -> bool:
    """Whether an inlined comprehension binds a name that a closure shares."""
    return _is_cell(code, name) and name in inlined_names(code)


def _is_cell(code: CodeType, name: str) -> bool:
    return name in code.co_cellvars or name in code.co_freevars


def _free_reader(code: CodeType, name: str, access: FastAccess) -> Reader:
    """Return a reader of a free variable of a class's body."""
    if access is FastAccess.SLOT:
        return _slot_reader(code, name)

    def read(frame: FrameType) -> object:
        inner, outer = code, frame.f_back
        while outer is not None:
            if any(constant is inner for constant in outer.f_code.co_consts):
                inner = outer.f_code
                if inner.co_flags & _OPTIMIZED:
                    return _fast_reader(inner, name, access, "LOAD_DEREF")(outer)
            outer = outer.f_back
        raise NotBoundError(name)

    return read


def _fast_reader(code: CodeType, name: str, access: FastAccess, opname: str = "") -> Reader:
    if _is_shared(code, name) and slots_place():
        return _slot_reader(code, name, opname)
    if access is FastAccess.SNAPSHOT:
        return _snapshot_reader(name)
    if access in (FastAccess.GET_VAR, FastAccess.UNDISTURBED):
        return _get_var_reader(name)
    if access is FastAccess.SLOT:
        return _slot_reader(code, name)

    def read(frame: FrameType) -> object:
        return frame.f_locals[name]

    return read


def _slot_reader(code: CodeType, name: str, opname: str = "") -> Reader:
    slots = slots_of(code, name)
    if opname.endswith("_DEREF"):
        slots.reverse()
    is_cell = _is_cell(code, name)

    def read(frame: FrameType) -> object:
        for records, values in slots:
            try:
                value = values[records[address_of(frame) >> 3] >> 3]
                # A cell's slot holds a plain object before the function's first instructions, and
                # while an inlined comprehension has it.
                return value.cell_contents if is_cell and type(value) is CellType else value
            except ValueError:  # nothing is in the slot, or in the cell
                continue
        raise NotBoundError(name)

    return read


def _snapshot_reader(name: str) -> Reader:
    def read(frame: FrameType) -> object:
        snapshot = frame.f_locals
        try:
            return snapshot[name]
        finally:
            snapshot.clear()

    return read


def _get_var_reader(name: str) -> Reader:
    import ctypes

    prototype = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.py_object)
    get_var = prototype(("PyFrame_GetVar", ctypes.pythonapi))

    def read(frame: FrameType) -> object:
        try:
            return get_var(frame, name)
        except NameError:
            raise NotBoundError(name) from None

    return read


def _global_reader(name: str) -> Reader:
    def read(frame: FrameType) -> object:
        namespace = frame.f_globals
        if name in namespace:
            return namespace[name]
        return frame.f_builtins[name]

    return read


def _namespace_of(frame: FrameType) -> object:
    return frame.f_locals


def _first_in(namespace_of: Reader, name: str, otherwise: Reader) -> Reader:
    """Return a reader that looks in a namespace of the program's first."""

    def read(frame: FrameType) -> object:
        namespace = namespace_of(frame)
        if isinstance(namespace, dict) and dict.__contains__(namespace, name):
            return dict.__getitem__(namespace, name)
        return otherwise(frame)

    return read


def path_reader(
    code: CodeType,
    path: Path,
    *,
    access: FastAccess,
    run_code: bool = False,
    opname: str = "",
    opnames: Mapping[str, str] = _UNKNOWN,
) -> Reader:
    """Return a reader of a name, chain or element by plain data access.

    ``opname`` is the instruction that reads or binds a name alone; ``opnames``, where they are
    known, those that read the names of a chain. See ``variable_reader``.

    The reader raises KeyError when a name in the path has no value, and PlainAccessError when a
    step would run the program's code (unless ``run_code``) or leads nowhere.
    """
    root_opname = opnames.get(path.root, "") if path.steps else opname
    root = variable_reader(code, path.root, access=access, opname=root_opname)
    if not path.steps:
        return root
    builder = _StepBuilder(code, access, run_code, opnames)
    steps = tuple(builder.reader(step) for step in path.steps)
    if len(steps) == 1:
        only = steps[0]
        return lambda frame: only(frame, root(frame))

    def read(frame: FrameType) -> object:
        value = root(frame)
        for step in steps:
            value = step(frame, value)
        return value

    return read


StepReader = Callable[[FrameType, object], object]


class _StepBuilder:
    """Builds the readers of the steps of a path, as code in ``code`` would take them."""

    def __init__(
        self, code: CodeType, access: FastAccess, run_code: bool, opnames: Mapping[str, str]
    ) -> None:
        self._code = code
        self._access = access
        self._opnames = opnames
        if run_code:
            self._read_attribute = plain_access.read_attribute_running_code
            self._read_item = plain_access.read_item_running_code
        else:
            self._read_attribute = plain_access.read_attribute
            self._read_item = plain_access.read_item

    def reader(self, step: Step) -> StepReader:
        read_item = self._read_item
        if step.kind is StepKind.ATTRIBUTE:
            read_attribute, name = self._read_attribute, str(step.value)
            return lambda frame, value: read_attribute(value, name)
        key = self._key(step.value)
        return lambda frame, value: read_item(value, key(frame))

    def _key(self, value: StepValue) -> Reader:
        if isinstance(value, tuple) and not isinstance(value, Name | Bounds):
            parts = [self._part(part) for part in value]
            return lambda frame: tuple([part(frame) for part in parts])
        return self._part(value)

    def _part(self, part: Part) -> Reader:
        if isinstance(part, Bounds):
            start, stop, step = (self._index(bound) for bound in part)
            return lambda frame: slice(start(frame), stop(frame), step(frame))
        return self._index(part)

    def _index(self, index: Index) -> Reader:
        if isinstance(index, Name):
            opname = self._opnames.get(index.name, "")
            return variable_reader(self._code, index.name, access=self._access, opname=opname)
        return lambda frame: index
