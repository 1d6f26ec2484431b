"""Sizes in bytes are said in three digits at most, with the unit that fits."""

import pytest

from pyprobe.session.sizes import size_text


@pytest.mark.parametrize(
    ("nbytes", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 KB"),
        (35_400_000, "35.4 MB"),
        (999_800, "1 MB"),
        (8 << 30, "8.59 GB"),
        (150_000_000, "150 MB"),
        (1_500_000_000_000, "1500 GB"),
    ],
)
def test_sizes_in_words(nbytes: int, text: str) -> None:
    assert size_text(nbytes) == text
