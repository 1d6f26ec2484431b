"""Values as a front end shows them in short."""

import numpy as np

from pyprobe.session.values import ArrayValue, inline_text


def test_an_array_shows_its_first_values() -> None:
    value = ArrayValue(np.arange(5), "list", (5,))
    assert value.text == "list 5 [0, 1, 2, …]"
    assert inline_text(value) == value.text


def test_of_a_reduced_array_no_element_is_shown_that_stands_elsewhere() -> None:
    value = ArrayValue(np.arange(0, 10, 2), "list", (3_000_000,), "min/max of 8 each")
    assert value.text == "list 3000000 (min/max of 8 each)"
    assert inline_text(value) == value.text
