"""Strews objects over the memory, so that those of a loop lie elsewhere in each process.

Where they lie makes two processes of the same program differ by 5 %. It would always be the same
place in plain Python, and another one, but always the same, beside PyProbe: then many processes
tell no more than one. (As in Mytkowicz et al., "Producing wrong data without doing anything
obviously wrong!", 2009.) By the hash of a text, which PYTHONHASHSEED fixes where it must not vary.
"""

import random
from collections.abc import Callable

chance = random.Random(hash("strewn"))
_LEVELS = chance.randrange(40)


def strew() -> list[object]:
    """Return objects to hold, between which others were and are no more."""
    kept: list[object] = []
    for _ in range(chance.randrange(400)):
        kept.append(bytearray(chance.randrange(16, 2000)))
        kept.append([chance.random() for _ in range(chance.randrange(1, 60))])
        kept.append([chance.randrange(1000, 10**9) for _ in range(chance.randrange(1, 60))])
    chance.shuffle(kept)
    del kept[: len(kept) // 2]
    return kept


def call_deep(work: Callable[[int], object], steps: int, levels: int = _LEVELS) -> None:
    """Call it at a depth that is another one in each process, where its variables lie elsewhere."""
    if levels:
        call_deep(work, steps, levels - 1)
    else:
        work(steps)
