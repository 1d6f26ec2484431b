"""Functions that have what they are made with as constants, and no cells.

A closure's cells are copied into each of its calls, counted up and down again: with a dozen of them
that is an eighth of what a capture takes. A constant is there.
"""

import sys
from opcode import opmap as _OPMAP
from types import CodeType, FunctionType
from typing import TypeVar, cast

F = TypeVar("F")

_IS_KNOWN = sys.version_info[:2] in ((3, 12), (3, 13)) and sys.implementation.name == "cpython"
# A function that is made inside is handed cells by instructions that have no name of their own.
_OTHER_USES = ("STORE_DEREF", "DELETE_DEREF", "LOAD_FROM_DICT_OR_DEREF", "MAKE_FUNCTION")


def with_constants(function: F) -> F:
    """Return a function that does the same; where that cannot be made, the same function.

    What it takes from around itself must not be bound again later. And no reference may lead from
    there back to the function for longer than it is used: the garbage collector does not look into
    constants.
    """
    plain = cast("FunctionType", function)
    code, cells = plain.__code__, plain.__closure__
    if not _IS_KNOWN or cells is None or code.co_cellvars:
        return function
    changed = _changed(code, tuple(cell.cell_contents for cell in cells))
    if changed is None:
        return function
    made = FunctionType(changed, plain.__globals__, plain.__name__, plain.__defaults__)
    made.__kwdefaults__ = plain.__kwdefaults__
    made.__qualname__, made.__doc__ = plain.__qualname__, plain.__doc__
    return cast("F", made)


def _changed(code: CodeType, values: tuple[object, ...]) -> CodeType | None:
    """Return the code with its free variables as constants; None where it does more with them."""
    raw = bytearray(code.co_code)
    opcodes = raw[::2]
    own, extended = len(code.co_varnames), _OPMAP["EXTENDED_ARG"]
    if any(_OPMAP[name] in opcodes for name in _OTHER_USES):
        return None
    first_constant = len(code.co_consts)
    if first_constant + len(values) > 256:
        return None
    for index, opcode in enumerate(opcodes):
        if opcode == _OPMAP["LOAD_DEREF"]:
            if index and opcodes[index - 1] == extended:
                return None
            raw[2 * index] = _OPMAP["LOAD_CONST"]
            raw[2 * index + 1] += first_constant - own
        elif opcode == _OPMAP["COPY_FREE_VARS"]:
            raw[2 * index : 2 * index + 2] = bytes((_OPMAP["NOP"], 0))
    constants = (*code.co_consts, *values)
    return code.replace(co_code=bytes(raw), co_consts=constants, co_freevars=())
