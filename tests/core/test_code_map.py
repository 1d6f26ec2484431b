"""What is read of a code object, also of one that a program has changed."""

from pathlib import Path

from pyprobe.core.code_map import CodeMap
from tests.core.capturing import capture


def doubled(number: int) -> int:
    return 2 * number


def test_without_positions_there_are_the_same_instructions() -> None:
    whole = CodeMap(doubled.__code__).instructions
    bare = CodeMap(doubled.__code__.replace(co_linetable=b"")).instructions
    assert [(ins.offset, ins.opname, ins.names) for ins in bare] == [
        (ins.offset, ins.opname, ins.names) for ins in whole
    ]
    assert any(ins.span is not None for ins in whole)
    assert all(ins.span is None for ins in bare)


def test_code_whose_positions_a_program_cuts_short_is_no_fault(tmp_path: Path) -> None:
    captured = capture(
        "def f(n):\n    x = n + 1  # probe: x\n    y = x  # probe: y\n    return y\nf(1)\n"
        "table = f.__code__.co_linetable\n"
        "for kept in range(len(table)):\n"
        "    f.__code__ = f.__code__.replace(co_linetable=table[:kept])\n"
        "    f(kept)\n",
        tmp_path,
    )
    assert captured.faults == []
    assert captured.values[:2] == [2, 2]
