"""match_lines: both texts are covered in order, and large ones are matched soon."""

from hypothesis import given
from hypothesis import strategies as st

from pyprobe.analysis import line_matching
from pyprobe.analysis.line_matching import Block, match_lines

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=30)


def assert_covers(old: list[str], new: list[str], blocks: list[Block]) -> None:
    old_at = new_at = 0
    for block in blocks:
        assert (block.old.start, block.new.start) == (old_at, new_at)
        old_at, new_at = block.old.stop, block.new.stop
        if block.is_same:
            assert [old[index] for index in block.old] == [new[index] for index in block.new]
        assert block.old or block.new
    assert (old_at, new_at) == (len(old), len(new))


@given(LINES, LINES)
def test_every_line_is_in_one_block(old: list[str], new: list[str]) -> None:
    assert_covers(old, new, match_lines(old, new))


@given(st.lists(st.integers(0, 40), max_size=60), st.lists(st.integers(0, 40), max_size=60))
def test_also_between_landmarks(old_numbers: list[int], new_numbers: list[int]) -> None:
    old, new = [str(n) for n in old_numbers], [str(n) for n in new_numbers]
    olds, news = range(len(old)), range(len(new))
    blocks = list(line_matching._between_landmarks(old, new, olds, news))
    assert_covers(old, new, [block for block in blocks if block.old or block.new])


def test_lines_that_were_put_in() -> None:
    assert match_lines(list("abcd"), list("xabycdz")) == [
        Block(range(0), range(1), False),
        Block(range(2), range(1, 3), True),
        Block(range(2, 2), range(3, 4), False),
        Block(range(2, 4), range(4, 6), True),
        Block(range(4, 4), range(6, 7), False),
    ]


def test_many_lines_with_edits_all_over() -> None:
    """Compared line by line this would be 25 thousand million pairs."""
    old = [line for n in range(40_000) for line in (f"x{n} = {n}", "", "pass", "")]
    new = [
        line
        for n, line in enumerate(old)
        for line in ((line, "# new") if n % 999 == 0 else (line,))
    ]
    blocks = match_lines(old, new)
    assert_covers(old, new, blocks)
    assert sum(len(block.old) for block in blocks if block.is_same) == len(old)


def test_many_lines_that_share_none() -> None:
    old, new = [f"a{n}" for n in range(5000)], [f"b{n}" for n in range(5000)]
    assert match_lines(old, new) == [Block(range(5000), range(5000), False)]
