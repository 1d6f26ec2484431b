"""A function with constants for cells does what it did; where it can have none it is left as is."""

import gc
import sys
import weakref
from collections.abc import Callable

import pytest

from pyprobe.core.events.constants import with_constants

IS_DONE = sys.version_info[:2] in ((3, 12), (3, 13))


def multiply_by(amount: int) -> Callable[..., int]:
    def multiply(number: int, other: int = 1, /, *, factor: int = 2) -> int:
        """Multiply."""
        return amount * number * other * factor

    return multiply


def add_each(amount: int) -> Callable[[list[int]], int]:
    def add(numbers: list[int]) -> int:
        return sum(number + amount for number in numbers)

    return add


def divide_by(amount: int, failed: list[int]) -> Callable[[int], float]:
    def divide(number: int) -> float:
        try:
            return number / amount
        except ZeroDivisionError:
            failed.append(number)
            return float(amount)
        finally:
            failed.append(-number)

    return divide


def counter() -> Callable[[], int]:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return count

    return step


@pytest.mark.parametrize("amount", [3, 0])
def test_what_is_computed_raised_and_caught_is_the_same(amount: int) -> None:
    logs: tuple[list[int], list[int]] = ([], [])
    plain, made = divide_by(amount, logs[0]), with_constants(divide_by(amount, logs[1]))
    assert [made(number) for number in (1, 2)] == [plain(number) for number in (1, 2)]
    assert logs[0] == logs[1]
    assert (made.__code__.co_freevars == ()) is IS_DONE
    with pytest.raises(TypeError, match="bad operand"):
        made("text")  # type: ignore[arg-type]


def test_arguments_defaults_and_names_stay() -> None:
    plain = multiply_by(5)
    made = with_constants(plain)
    assert (made.__name__, made.__doc__) == ("multiply", "Multiply.")
    assert made(2) == plain(2) == 20
    assert made(2, 3, factor=1) == plain(2, 3, factor=1) == 30


def test_one_that_binds_its_cell_or_hands_it_on_is_left_alone() -> None:
    step = counter()
    assert with_constants(step) is step
    add = add_each(1)  # its generator is handed the cell of the amount
    assert with_constants(add) is add


def test_one_without_cells_is_left_alone() -> None:
    assert with_constants(test_one_without_cells_is_left_alone) is (
        test_one_without_cells_is_left_alone
    )


def test_more_values_than_an_instruction_can_name_leave_it_alone() -> None:
    names = [f"name_{number}" for number in range(300)]
    lines = [f"def outer({', '.join(names)}):", f"    def inner(): return [{', '.join(names)}]"]
    namespace: dict[str, Callable[..., Callable[[], list[int]]]] = {}
    exec("\n".join([*lines, "    return inner"]), namespace)
    inner = namespace["outer"](*range(300))
    assert with_constants(inner) is inner
    assert inner() == list(range(300))


def test_what_it_has_goes_with_it() -> None:
    class Thing:
        pass

    thing = Thing()
    reference = weakref.ref(thing)

    def make(held: Thing) -> Callable[[], bool]:
        return with_constants(lambda: held is not None)

    made = make(thing)
    assert made()
    del thing, made
    gc.collect()
    assert reference() is None
