"""Functions that append a capture to the log by themselves, with no tuple made and no call.

An eighth of what a capture takes is the tuple that ``list.extend`` is given. The interpreter has an
instruction that appends to a list, ``LIST_APPEND``; comprehensions are made of it.

An entry is whole with it, too. None of these instructions lets another thread run, or a signal's
handler. And a list has always room for a multiple of four items (``list_resize`` in
Objects/listobject.c), so if there is no memory, it is the first item of an entry that fails.
"""

import sys
from opcode import opmap as _OPMAP
from types import BuiltinMethodType, FunctionType
from typing import TypeVar, cast

from pyprobe.core.capture_log import ITEMS_PER_ENTRY, Extend

F = TypeVar("F")

_IS_KNOWN = (
    sys.version_info[:2] in ((3, 12), (3, 13))
    and sys.implementation.name == "cpython"
    and "t" not in sys.abiflags  # with free threads a list has to be locked
)
_UNIT = 2  # bytes of an instruction, and of each of its caches
_CALL_CACHES = 3


class Push:
    """Appends an entry; its items are given in reverse, as they are taken from the stack then."""

    __slots__ = ("extend",)

    def __init__(self, extend: Extend) -> None:
        self.extend = extend

    def __call__(self, value: object, thread: int, t_ns: int, probe_id: int) -> None:
        """Append what ``capture_log`` says."""
        self.extend((probe_id, t_ns, thread, value))


def with_appends(function: F) -> F:
    """Return a function that does the same without the call of the ``Push`` among its constants.

    Where that cannot be made, the same function.
    """
    plain = cast("FunctionType", function)
    code = plain.__code__
    places = [at for at, one in enumerate(code.co_consts) if type(one) is Push]
    if not _IS_KNOWN or len(places) != 1:
        return function
    extend = code.co_consts[places[0]].extend
    is_plain_list = isinstance(extend, BuiltinMethodType) and type(extend.__self__) is list
    changed = _changed(code.co_code, places[0])
    if changed is None or not is_plain_list:
        return function
    constants = list(code.co_consts)
    constants[places[0]] = extend.__self__
    plain.__code__ = code.replace(co_code=changed, co_consts=tuple(constants))
    return function


def _changed(raw: bytes, constant: int) -> bytes | None:
    """Return the instructions with the call of that constant replaced; None if it is not found."""
    load = bytes((_OPMAP["LOAD_CONST"], constant))
    null, no_operation = bytes((_OPMAP["PUSH_NULL"], 0)), bytes((_OPMAP["NOP"], 0))
    both = (load + null, null + load)
    call = bytes((_OPMAP["CALL"], ITEMS_PER_ENTRY, *bytes(_UNIT * _CALL_CACHES)))
    pop = bytes((_OPMAP["POP_TOP"], 0))
    appends = b"".join(bytes((_OPMAP["LIST_APPEND"], at)) for at in range(ITEMS_PER_ENTRY, 0, -1))
    function = next((one for one in both if raw.count(one) == 1), None)
    if function is None or raw.count(call + pop) != 1:
        return None
    before, _, rest = raw.partition(function)
    between, _, after = rest.partition(call + pop)
    if not _:
        return None
    return before + load + no_operation + between + appends + pop + after
