"""Where the thread of a loop waits for its turn with the value of a site still at hand.

From the site on up to the loop's jump back there has to be no way in from elsewhere (a way out, as
the condition of a ``while``, does no harm), and nothing that may bind the variable. Then who waits
at that jump has come by the site in this very round, and the variable is bound to what it was.
"""

from pyprobe.core.code_map import CodeMap, Instruction
from pyprobe.core.resolver import Phase, Site

_ONLY_READ = ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_LOAD_FAST")
# In a call the same code may run again, deeper; and a loop with calls seldom waits at its jump.
_MAY_LEAVE = ("CALL", "YIELD_", "SEND", "PRECALL")


def waiting_offset(code_map: CodeMap, site: Site, name: str) -> int | None:
    """Return the offset of that jump for a local variable, None where there is no such place."""
    if site.phase not in (Phase.BEFORE, Phase.AFTER) or _is_of_a_cell(code_map, name):
        return None  # the variable of a cell can be bound anew by another thread
    instructions = code_map.instructions
    if instructions[site.position].names.count(name) != 1:
        return None  # fused: read and bound, or twice the same
    for index in range(site.position + 1, len(instructions)):
        ins = instructions[index]
        if ins.offset in code_map.jump_targets:
            return None
        if ins.opname == "JUMP_BACKWARD":
            return ins.offset if ins.offset == ins.op_offset else None
        is_dangerous = ins.opname.startswith(_MAY_LEAVE) or _may_bind(ins, name)
        if is_dangerous or code_map.always_jumps(index):
            return None
    return None


def _may_bind(ins: Instruction, name: str) -> bool:
    return name in ins.names and ins.opname not in _ONLY_READ


def _is_of_a_cell(code_map: CodeMap, name: str) -> bool:
    return name in code_map.code.co_cellvars or name in code_map.code.co_freevars
