"""Everyday code, as a program runs it before it comes to its hot loop.

Where any Python code has run on a processor, a tight loop of the same process is 1 to 3 % slower on
it from then on, for seconds: presumably since the processor has seen the interpreter's jumps go to
more than one place. A process that has waited while another ran there begins 2 to 5 % faster. So
whoever waits or not before a stretch would decide what is measured, plain Python or PyProbe; with
this before each stretch, both begin as a program does.
"""

import statistics


class Thing:
    def __init__(self, name: str, size: float) -> None:
        self.name = name
        self.size = size

    def __lt__(self, other: "Thing") -> bool:
        return self.size < other.size

    def text(self) -> str:
        return f"{self.name:>8} {self.size:8.3f}"


def run_everyday_code() -> object:
    """Sort, format, look up, fail and count, for about a fifth of a millisecond."""
    things = sorted(Thing(f"n{i}", i * 7919 % 101 / 101) for i in range(100))
    table: dict[str, object] = {thing.name: thing for thing in things if thing.size > 0.5}
    for word in "\n".join(thing.text() for thing in things).split():
        try:
            table[word] = float(word)
        except ValueError:
            table[word] = word.upper()
    names = set(table) | {"one", "two"}
    return statistics.median(thing.size for thing in things), sorted(names, key=lambda one: one[-1])
