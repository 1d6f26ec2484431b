"""Messages that breakpoints log: their parts, and what is wrong with those that are none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.conditions import PythonExpr, parse
from pyprobe.conditions.log_message import (
    LoggedValue,
    LogMessage,
    LogMessageError,
    parse_log_message,
)
from pyprobe.errors import PyProbeError


def value(text: str, form: str = "") -> LoggedValue:
    expr = parse(text)
    assert not isinstance(expr, type(None))
    return LoggedValue(expr, text, form)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", ("plain",)),
        ("gain is {gain} at {i}", ("gain is ", value("gain"), " at ", value("i"))),
        ("{gain}{i}", (value("gain"), value("i"))),
        ("{ self.buf[-1] }!", (value("self.buf[-1]"), "!")),
        ('{cfg["a}b"]}', (value('cfg["a}b"]'),)),
        ("{gain:.2f} V", (value("gain", ".2f"), " V")),
        ("{name:>10}", (value("name", ">10"),)),
        ("{{literal}}", ("{literal}",)),
        ("{py: {1: x}[1]}", (LoggedValue(PythonExpr("{1: x}[1]"), "py: {1: x}[1]"),)),
        ("all: {*}", ("all: ", LoggedValue(None, "*"))),
    ],
)
def test_is_cut_into_its_parts(text: str, parts: tuple[object, ...]) -> None:
    message = parse_log_message(text)
    assert message is not None
    assert message.parts == parts
    assert not message.snapshot


@pytest.mark.parametrize("text", ["Snapshot: late", "  snapshot:late  ", "SNAPSHOT:   late"])
def test_a_snapshot_has_a_label(text: str) -> None:
    assert parse_log_message(text) == LogMessage(snapshot="late")


@pytest.mark.parametrize("text", ["", " \n"])
def test_no_text_is_no_message(text: str) -> None:
    assert parse_log_message(text) is None


def test_says_whether_code_of_the_program_runs() -> None:
    plain, python = parse_log_message("{x}"), parse_log_message("{py: x + 1}")
    assert plain is not None
    assert python is not None
    assert (plain.runs_program_code, python.runs_program_code) == (False, True)


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("{", "'{' is never closed; write {{ for the brace", 0),
        ("x {gain", "'{' is never closed", 2),
        ("x }", "'}' closes nothing; write }} for the brace", 2),
        ("{}", "Expected a name between the braces", 1),
        ("{ }", "Expected a name between the braces", 1),
        ("{x + 1}", "{x + 1}: Expected operator or end of expression", 1),
        ("{x > 1}", "Expected a name, as in {gain} or {self.buf[0]}, got 'x > 1'", 1),
        ("at {a b}", "{a b}: Expected operator or end of expression, got 'b' at position 2", 4),
        ("{py: 1 +}", "Expected a Python expression", 1),
        ("{x:Q}", "'Q' is no format of a number or text", 3),
        ("{x:99999999999}", "'99999999999' is no format", 3),
        ("Snapshot: ", "A snapshot needs a label, as in Snapshot: fault", 10),
        ("Snapshot: " + "x" * 300, "A label has at most 200 characters", 310),
        ("x" * 20_000, "a message has at most 10,000 characters", 0),
    ],
)
def test_refuses_with_a_place_and_a_reason(text: str, said: str, position: int) -> None:
    with pytest.raises(LogMessageError) as caught:
        parse_log_message(text)
    assert said in str(caught.value)
    assert caught.value.position == position


@given(st.text(alphabet="{}:'\"py xyz[]0.*\\$", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_message_or_has_an_error(text: str) -> None:
    with suppress(PyProbeError):
        message = parse_log_message(text)
        assert message is None or message.snapshot or message.parts
