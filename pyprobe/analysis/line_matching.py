"""Which lines of two texts are the same, found soon also in texts of many thousand lines."""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Comparing every line with every other takes a second for about this many pairs of lines.
_MOST_PAIRS = 1 << 20


class Block(NamedTuple):
    """Lines of the old text, and those of the new one in their place; indexes from 0."""

    old: range
    new: range
    is_same: bool


def match_lines(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Cut two texts into blocks that are the same and blocks that took each other's place."""
    blocks: list[Block] = []
    for block in _blocks(old, new, range(len(old)), range(len(new))):
        previous = blocks[-1] if blocks else None
        if previous is not None and previous.is_same == block.is_same:
            old_lines = range(previous.old.start, block.old.stop)
            blocks[-1] = Block(old_lines, range(previous.new.start, block.new.stop), block.is_same)
        elif block.old or block.new:
            blocks.append(block)
    return blocks


def _blocks(old: Sequence[str], new: Sequence[str], olds: range, news: range) -> Iterator[Block]:
    """Equal beginnings and ends first, since most edits are small."""
    head = _common_length(old, new, olds, news)
    tail = _common_length(old, new, olds[head:][::-1], news[head:][::-1])
    yield Block(olds[:head], news[:head], True)
    inner_old, inner_new = olds[head : len(olds) - tail], news[head : len(news) - tail]
    yield from _inner_blocks(old, new, inner_old, inner_new)
    yield Block(olds[len(olds) - tail :], news[len(news) - tail :], True)


def _common_length(old: Sequence[str], new: Sequence[str], olds: range, news: range) -> int:
    for index, (before, after) in enumerate(zip(olds, news, strict=False)):
        if old[before] != new[after]:
            return index
    return min(len(olds), len(news))


def _inner_blocks(
    old: Sequence[str], new: Sequence[str], olds: range, news: range
) -> Iterator[Block]:
    if not olds or not news:
        yield Block(olds, news, False)
    elif len(olds) * len(news) <= _MOST_PAIRS:
        yield from _compared(old, new, olds, news)
    else:
        yield from _between_landmarks(old, new, olds, news)


def _compared(old: Sequence[str], new: Sequence[str], olds: range, news: range) -> Iterator[Block]:
    before, after = old[olds.start : olds.stop], new[news.start : news.stop]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        yield Block(olds[old_start:old_end], news[new_start:new_end], tag == "equal")


def _between_landmarks(
    old: Sequence[str], new: Sequence[str], olds: range, news: range
) -> Iterator[Block]:
    """Lines that each text has once keep their order; what lies between two is compared."""
    landmarks = _landmarks(old, new, olds, news)
    if not landmarks:
        yield Block(olds, news, False)
        return
    old_at, new_at = olds.start, news.start
    for before, after in landmarks:
        yield from _blocks(old, new, range(old_at, before), range(new_at, after))
        yield Block(range(before, before + 1), range(after, after + 1), True)
        old_at, new_at = before + 1, after + 1
    yield from _blocks(old, new, range(old_at, olds.stop), range(new_at, news.stop))


def _landmarks(
    old: Sequence[str], new: Sequence[str], olds: range, news: range
) -> list[tuple[int, int]]:
    """Return the places of lines that are alone in both texts, as many as keep their order."""
    once_old = _once(old, olds)
    places = {line: index for line, index in _once(new, news).items() if line in once_old}
    pairs = sorted((once_old[line], index) for line, index in places.items())
    # The longest ascending row of new places, each with the one before it.
    ends: list[int] = []
    rows: list[int] = []
    before: list[int] = []
    for number, (_old, index) in enumerate(pairs):
        at = bisect_left(ends, index)
        ends[at : at + 1] = [index]
        rows[at : at + 1] = [number]
        before.append(rows[at - 1] if at else -1)
    found: list[tuple[int, int]] = []
    number = rows[-1] if rows else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _once(lines: Sequence[str], among: range) -> dict[str, int]:
    counts = Counter(lines[index] for index in among)
    return {lines[index]: index for index in among if counts[lines[index]] == 1}
