"""ProbeAnchor: an immutable place in source."""

import dataclasses

import pytest

from pyprobe.core.anchor import ProbeAnchor

ANCHOR = ProbeAnchor("/work/script.py", 10, 4, "x", "foo")


def test_is_frozen_and_hashable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ANCHOR.line = 11  # type: ignore[misc]
    same = ProbeAnchor("/work/script.py", 10, 4, "x", "foo")
    assert {ANCHOR, same} == {ANCHOR}
    assert dataclasses.replace(ANCHOR, col=5) != ANCHOR


def test_the_function_may_be_left_out() -> None:
    assert ProbeAnchor("a.py", 1, 0, "x").func == ""


def test_travels_as_plain_data() -> None:
    plain = ANCHOR.to_dict()
    assert plain == {
        "file": "/work/script.py",
        "line": 10,
        "col": 4,
        "symbol": "x",
        "func": "foo",
    }
    assert ProbeAnchor.from_dict(plain) == ANCHOR


def test_plain_data_may_leave_the_function_out_and_hold_more() -> None:
    plain = {"file": "a.py", "line": 1, "col": 0, "symbol": "x", "colour": 3}
    assert ProbeAnchor.from_dict(plain) == ProbeAnchor("a.py", 1, 0, "x")


@pytest.mark.parametrize(
    ("key", "value"),
    [("file", None), ("line", "10"), ("line", True), ("col", 4.0), ("symbol", b"x"), ("func", 1)],
)
def test_malformed_plain_data_is_a_value_error(key: str, value: object) -> None:
    with pytest.raises(ValueError, match="anchor needs"):
        ProbeAnchor.from_dict({**ANCHOR.to_dict(), key: value})


@pytest.mark.parametrize("key", ["file", "line", "col", "symbol"])
def test_a_missing_field_is_a_value_error(key: str) -> None:
    plain = ANCHOR.to_dict()
    del plain[key]
    with pytest.raises(ValueError, match="anchor needs"):
        ProbeAnchor.from_dict(plain)


@pytest.mark.parametrize(
    ("file", "symbol", "label"),
    [
        ("/work/script.py", "x", "x @ script.py:10"),
        ("script.py", "a.b[i]", "a.b[i] @ script.py:10"),
        ("/work/größe.py", "return", "return @ größe.py:10"),
    ],
)
def test_the_label_is_short(file: str, symbol: str, label: str) -> None:
    assert ProbeAnchor(file, 10, 4, symbol).identity_label() == label
