"""Loops with a hot line, most of which binds a value of one kind; ``run_kind.py`` times them."""


def never(x: float) -> float:
    rest = x + 1.0
    return rest  # noqa: RET504


def floats(steps: int) -> None:
    x = 0.0
    for i in range(steps):
        x = x * 0.5 + i


def integers(steps: int) -> None:
    y = 0
    for i in range(steps):
        y = (y * 3 + i) & 0xFFFF


def arrays(steps: int) -> None:
    import numpy as np

    z = np.zeros(16)
    for i in range(steps):
        z = z * 0.5 + i


def branches(steps: int) -> float:
    total = 0.0
    for i in range(steps):
        x = i * 0.5
        if x < 0.0:
            total = -1.0  # cold
        total += x  # hot
    return total


LOOPS = {"float": floats, "int": integers, "array": arrays, "branches": branches}
