"""Cells as text: short, exact, as TSV, and as Python source that makes the same array."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pyprobe.plots.cell_text import NumberFormat, cell_text, exact_text, python_array, tsv


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (np.float64(1 / 3), NumberFormat.SHORT, "0.333333333"),
        (np.float64(1 / 3), NumberFormat.FULL, "0.3333333333333333"),
        (np.float32(0.1), NumberFormat.FULL, "0.1"),
        (np.float64(12345.678), NumberFormat.SCIENTIFIC, "1.23456780e+04"),
        (np.int64(255), NumberFormat.HEX, "0xff"),
        (np.int64(255), NumberFormat.SCIENTIFIC, "255"),
        (np.float64(0.5), NumberFormat.HEX, "0x1.0000000000000p-1"),
        (np.complex128(1 - 2j), NumberFormat.SHORT, "1-2j"),
        (np.float64("nan"), NumberFormat.SHORT, "nan"),
        (np.bool_(True), NumberFormat.HEX, "True"),
        (np.str_("a\nb"), NumberFormat.SHORT, "a b"),
        (np.datetime64("2020-01-02", "ns"), NumberFormat.SHORT, "2020-01-02T00:00:00"),
    ],
)
def test_cells(value: Any, form: NumberFormat, expected: str) -> None:
    assert cell_text(value, form) == expected


def test_tsv_keeps_every_digit_and_its_own_separators() -> None:
    rows: list[list[Any]] = [[np.float64(0.1), np.int8(3)], [None, np.str_("a\tb")]]
    assert tsv(rows) == "0.1\t3\n\ta b"
    assert exact_text(np.complex128(1 + 2j)) == "1+2j"


@given(
    hnp.arrays(
        st.one_of(
            hnp.floating_dtypes(endianness="="),
            hnp.integer_dtypes(endianness="="),
            hnp.complex_number_dtypes(endianness="=", sizes=(64, 128)),
            st.just(np.dtype(bool)),
            hnp.unicode_string_dtypes(endianness="=", max_len=4),
        ),
        hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=4),
    )
)
def test_the_source_makes_the_same_array(array: Any) -> None:
    if array.size == 0:
        array = array.reshape(0)  # other empty shapes cannot be written as a list
    made = eval(python_array(array), {"np": np})
    assert made.dtype == array.dtype
    np.testing.assert_array_equal(made, array)
