"""Sample rates found in source: by name, as a plain number, the nearest that holds."""

import pytest

from pyprobe.analysis.sample_rate import nearby_sample_rate


def rate(text: str, line: int = 1) -> float | None:
    found = nearby_sample_rate(text, line)
    return found.rate_hz if found is not None else None


@pytest.mark.parametrize(
    ("text", "rate_hz"),
    [
        ("fs = 48_000", 48_000.0),
        ("Fs = 44.1e3", 44_100.0),
        ("sample_rate: int = 2 * 8000", 16_000.0),
        ("dt = 1e-3", 1000.0),
        ("dt = 1 / 250", 250.0),
        ("self.sample_rate = 10 ** 6", 1e6),
        ("def f(x, fs=100.0): pass", 100.0),
        ("def f(x, *, dt=0.5): pass", 2.0),
        ("a = fs = 9", 9.0),
        ("fs = 0", None),
        ("dt = -1", None),
        ("fs = True", None),
        ("fs = '48000'", None),
        ("fs = rate()", None),
        ("fs = 1 / 0", None),
        ("fs = 10 ** 400", None),
        ("fs = 1e999", None),
        ("frequency = 50", None),
        ("fs = (", None),
        ("", None),
    ],
)
def test_what_counts_as_a_rate(text: str, rate_hz: float | None) -> None:
    assert rate(text) == (None if rate_hz is None else pytest.approx(rate_hz))


TWO = """\
fs = 1000
def first():
    fs = 2000
    return signal
def second():
    fs = 3000
    signal = 1
    return signal
def third():
    return signal
"""


@pytest.mark.parametrize(("line", "rate_hz"), [(4, 2000), (7, 3000), (10, 1000), (1, 1000)])
def test_the_same_function_counts_before_others(line: int, rate_hz: int) -> None:
    assert rate(TWO, line) == rate_hz


def test_it_says_where_it_was_read() -> None:
    found = nearby_sample_rate("x = 1\nfs = 8000\n", 1)
    assert found is not None
    assert (found.name, found.line) == ("fs", 2)


def test_rates_of_other_functions_are_not_guessed_between() -> None:
    text = "def a():\n    fs = 1\ndef b():\n    fs = 2\ndef c():\n    return x\n"
    assert rate(text, 6) is None
