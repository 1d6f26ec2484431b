"""What of a text is not as it was in the text before: found by tokens, within bounds. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

# Words and numbers whole (``-1.5e-3``), any other character by itself.
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*(?:(?<=[eE])[+-]?\d+)?|\s+|.", re.DOTALL)
_MOST_TOKENS = 4000  # of the part that differs
_MOST_WORK = 1 << 20  # tokens before times tokens after: beyond it the part is marked whole

Span = tuple[int, int]


def changed_spans(before: str, after: str) -> list[Span]:
    """Return where ``after`` differs from ``before``, as starts and ends of characters in it.

    What was taken out without anything in its place is the character that now stands there.
    """
    if before == after:
        return []
    start, end_before, end_after = _bounds(before, after)
    old = _TOKEN.findall(before[start:end_before])
    new = _TOKEN.findall(after[start:end_after])
    is_long = max(len(old), len(new)) > _MOST_TOKENS or len(old) * len(new) > _MOST_WORK
    if is_long or not old or not new:
        return _visible(start, max(end_after, start), len(after))
    return list(_merged(_token_spans(old, new, start, len(after))))


def _bounds(before: str, after: str) -> tuple[int, int, int]:
    """Return where the texts begin to differ, and where in each they are alike again."""
    shorter = min(len(before), len(after))
    start = _alike(before, after, shorter)
    start = _token_start(after, start)
    most = shorter - start
    tail = _alike(before[::-1][:most], after[::-1][:most], most)
    while tail and (after[len(after) - tail].isalnum() or after[len(after) - tail] in "._"):
        tail -= 1  # a token is changed as a whole
    return start, len(before) - tail, len(after) - tail


def _alike(one: str, other: str, most: int) -> int:
    """Return how many characters from the start are the same, by halves."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _token_start(text: str, at: int) -> int:
    while at and (text[at - 1].isalnum() or text[at - 1] in "._+-"):
        at -= 1
    return at


def _token_spans(old: list[str], new: list[str], start: int, length: int) -> Iterator[Span]:
    ends = [start]
    for token in new:
        ends.append(ends[-1] + len(token))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield from _visible(ends[first], ends[last], length)


def _visible(start: int, end: int, length: int) -> list[Span]:
    if end == start:
        end = min(start + 1, length)
    return [(start, end)] if end > start else []


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    found = sorted(spans)
    if not found:
        return
    start, end = found[0]
    for (_, _), (next_start, next_end) in pairwise(found):
        if next_start > end:
            yield start, end
            start = next_start
        end = max(end, next_end)
    yield start, end
