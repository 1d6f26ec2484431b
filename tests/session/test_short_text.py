"""Short texts: whatever the room, no number is shown that is not there, but for its last digits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.session.short_text import cut_value, shorten
from pyprobe.session.text_cutting import fewer_digits

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?")


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("complex128 1024", 15, "complex128 1024"),
        ("complex128 1024", 14, "complex128…"),
        ("complex128 1024 [1.5]", 18, "complex128 1024 …"),
        ("12345678", 7, "1.2e+07"),
        ("12345678", 5, ""),
        ("12345678.25", 9, "12345678"),
        ("123456789123.5", 9, "1.235e+11"),
        ("-0.125", 5, "-0.12"),
        ("0.30000000000000004", 8, "0.3"),
        ("{'a': 116, 'b': 7}", 9, "{'a':…"),
        ("[1, 2, 3, 4, 5, 6]", 12, "[1, 2, 3, …"),
        ("P(x=0.3333333333333333)", 15, "P(x=0.333333)"),
        ("{'id': '0.123456789', 'x': 1}", 22, "{'id': '0.123456789'…"),
        ("2026-11-21 12:34:56.123456789", 23, "2026-11-21 12:34:56.123"),
        ("0x7fffffff… (int of 40000 bits)", 20, "int of 40000 bits"),
        ("LockState.SEARCHING", 12, "LockState.S…"),
    ],
)
def test_a_number_loses_digits_and_is_never_cut(text: str, room: int, shown: str) -> None:
    assert cut_value(text, len, room) == shown


def test_a_text_of_the_program_keeps_all_digits() -> None:
    assert shorten("took 0.123456789 s, then slept", 20, is_verbatim=True) == "took 0.123456789 s…"
    assert shorten("took 0.123456789 s", 14) == "took 0.12346 s"


def test_an_int_of_any_length_keeps_its_size() -> None:
    assert shorten(str(10**400 + 1), 32) == "1e+400"
    assert shorten(f"[{10**400 + 1}, 2]", 32) == "[1e+400, 2]"
    assert fewer_digits(str(123456789 * 10**900), 4) == "1.235e+908"


@given(
    st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=40),
    st.integers(5, 80),
)
def test_every_number_shown_is_the_one_at_its_place(numbers: list[float], room: int) -> None:
    shown = shorten(str(numbers), room)
    assert len(shown) <= room
    for number, text in zip(numbers, _NUMBER.findall(shown), strict=False):
        digits = len(re.sub(r"e.*|\D", "", text).lstrip("0")) or 1
        assert abs(float(text) - number) <= abs(number) * 10.0 ** (1 - digits) + 5e-324
