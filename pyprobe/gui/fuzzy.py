"""Fuzzy search: how well the letters of a query fit a text, and which letters fit. Pure."""

from dataclasses import dataclass

_MATCH = 2
_CONSECUTIVE = 8
_WORD_START = 7
_TEXT_START = 3
_MOST_GAP = 4


@dataclass(frozen=True, slots=True)
class Match:
    """``score`` is greater for the better fit; ``places`` are the letters of the text that fit."""

    score: int
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Fit each word of a query into a text, letters in order; None where one does not fit.

    Words may come in any order. The start of a word and letters in a row count most.
    """
    score = 0
    places: set[int] = set()
    lower = text.lower()
    for word in query.lower().split():
        found = _match_word(word, lower)
        if found is None:
            return None
        score += found.score
        places.update(found.places)
    return Match(score, tuple(sorted(places)))


def _match_word(word: str, text: str) -> Match | None:
    # For each place of the text: the best way to have fitted the letters so far and end there.
    ways: dict[int, Match] = {}
    for position, letter in enumerate(word):
        next_ways: dict[int, Match] = {}
        for place, here in enumerate(text):
            if here == letter:
                way = _best_way(ways, place, text) if position else Match(0, ())
                if way is not None:
                    score = way.score + _MATCH + _start_bonus(text, place)
                    next_ways[place] = Match(score, (*way.places, place))
        ways = next_ways
        if not ways:
            return None
    return max(ways.values(), key=lambda way: way.score, default=None)


def _best_way(ways: dict[int, Match], place: int, text: str) -> Match | None:
    best: Match | None = None
    for end, way in ways.items():
        if end >= place:
            continue
        gap = place - end - 1
        score = way.score + (_CONSECUTIVE if not gap else -min(gap, _MOST_GAP))
        if best is None or score > best.score:
            best = Match(score, way.places)
    return best


def _start_bonus(text: str, place: int) -> int:
    if place == 0:
        return _WORD_START + _TEXT_START
    return _WORD_START if not text[place - 1].isalnum() else 0
