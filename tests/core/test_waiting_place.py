"""Where a loop's thread waits with a site's value at hand, and where it does not."""

import sys

import pytest

from pyprobe.core.code_map import CodeMap
from pyprobe.core.resolver import resolve
from pyprobe.core.waiting_place import waiting_offset
from tests.core.capturing import marked_occurrences

FOUND = {
    "the last statement": "x = i * 2  # probe: x",
    "in the middle": "x = i * 2  # probe: x\n        y = x + 1",
    "the loop's variable, read": "y = x + i  # probe: i",
    "read twice": "y = 1\n        z = y * 2 + y  # probe: y/load#1",
    "behind a branch that comes before": (
        "if i > 2:\n            y = 1\n        x = i  # probe: x\n        y = x"
    ),
}
if sys.version_info >= (3, 12):  # 3.11 jumps back by the condition itself
    FOUND["the condition of while"] = (
        "while i < 5:\n            x = i  # probe: x\n            i = i + 1"
    )
NOT_FOUND = {
    "bound again": "x = i * 2  # probe: x\n        x = -1",
    "deleted": "x = i * 2  # probe: x\n        del x",
    "bound again with another": "x = i * 2  # probe: x\n        y, x = i, -1",
    "bound again as it is read": "x = i * 2  # probe: x\n        x += 1",
    "bound by an inner loop": "x = i  # probe: x\n        for x in (): pass",
    "two branches that meet behind it": (
        "x = i * 2  # probe: x\n        y = 1 if x > 2 else 2\n        z = y"
    ),
    "a call behind it": "x = i * 2  # probe: x\n        print(x)",
    "a yield behind it": "x = i * 2  # probe: x\n        yield x",
    "a cell's variable": "x = i * 2  # probe: x\n        y = lambda: x",
    "the end of the loop": "x = i  # probe: x\n        break",
    "no loop of its own": "pass\n    x = i  # probe: x",
}


def offsets(body: str) -> tuple[CodeMap, list[int | None]]:
    source = f"def f(x=1):\n    for i in range(9):\n        {body}\n"
    module = compile(source, "program.py", "exec")
    (function,) = (one for one in module.co_consts if hasattr(one, "co_code"))
    code_map = CodeMap(function)
    (occurrence,) = marked_occurrences(source)
    sites = resolve(code_map, occurrence)
    assert sites
    return code_map, [waiting_offset(code_map, site, occurrence.path.root) for site in sites]


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_straight_code_up_to_the_jump_back_has_one(body: str) -> None:
    code_map, found = offsets(body)
    jumps = {one.offset for one in code_map.instructions if one.opname == "JUMP_BACKWARD"}
    assert found
    assert jumps.issuperset(found)


@pytest.mark.parametrize("body", NOT_FOUND.values(), ids=NOT_FOUND)
def test_where_the_value_may_be_another_there_is_none(body: str) -> None:
    _code_map, found = offsets(body)
    assert set(found) == {None}
