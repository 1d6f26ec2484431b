"""Code marks: what stands behind a line when there is little room."""

from pyprobe.gui.code_marks import fitting_texts

TEXTS = ["x = 0.25", "gain = 0.333333", "state = SEARCHING"]


def test_values_that_have_room_are_whole() -> None:
    assert fitting_texts(TEXTS, len, 40.0) == TEXTS


def test_the_longest_give_way_and_no_number_is_cut() -> None:
    assert fitting_texts(TEXTS, len, 35.0) == ["x = 0.25", "gain = 0.3333", "state = SEARC…"]
    assert fitting_texts(TEXTS, len, 20.0) == ["x =…", "gain =…", "state =…"]
