"""What is computed of images: levels, colours, pictures, regions, profiles, stacks."""

import numpy as np
import pytest

from pyprobe.plots.color_map import LEVELS, color_table
from pyprobe.plots.image_levels import Levels, around_zero, deciding_rows, percentile_levels
from pyprobe.plots.image_picture import looks_like_picture, picture_colors
from pyprobe.plots.image_plane import colored
from pyprobe.plots.profile import Line, ProfileKind, profile_values
from pyprobe.plots.region import Box
from pyprobe.plots.region_statistics import region_statistics
from pyprobe.plots.stack import Stack

TABLE = color_table("#d0d4da")


def test_percentile_levels_pass_over_a_few_extremes_and_what_is_not_finite() -> None:
    plane = np.linspace(0.0, 100.0, 10_001).reshape(73, 137)
    plane[0, :3] = (1e9, np.nan, -np.inf)
    assert percentile_levels(plane) == pytest.approx((1.0, 99.0), abs=0.1)
    assert percentile_levels(np.full((2, 2), np.nan)) == (0.0, 1.0)
    assert percentile_levels(np.array([[-1.7e308, 1.7e308]])) == pytest.approx(
        (-1.666e308, 1.666e308)
    )


def test_levels_around_zero_reach_equally_far() -> None:
    assert around_zero(Levels(-1.0, 4.0)) == (-4.0, 4.0)


def test_of_a_huge_image_some_rows_decide() -> None:
    image = np.broadcast_to(np.uint8(3), (10_000, 20_000))
    rows, step = deciding_rows(image)
    assert step == 3
    assert rows.shape == (3334, 20_000)
    assert deciding_rows(np.zeros((1080, 1920), np.uint8))[1] == 1


@pytest.mark.parametrize(
    "dtype", ["u1", "i1", "u2", "i2", ">u2", ">i2", "u4", "i4", "i8", "u8", "f2", "f4", "f8"]
)
def test_colours_are_the_same_whatever_the_dtype(dtype: str) -> None:
    numbers = np.array([[0, 25, 50, 99, 100]])
    levels = Levels(0.0, 100.0)
    expected = [int(TABLE[place]) for place in (0, 64, 128, 253, 255)]
    assert colored(numbers.astype(dtype), levels, TABLE)[0].tolist() == expected


def test_short_negative_integers_take_their_place() -> None:
    colors = colored(np.array([[-128, 0, 127]], np.int8), Levels(-128.0, 127.0), TABLE)
    assert colors[0].tolist() == [int(TABLE[0]), int(TABLE[128]), int(TABLE[255])]


def test_missing_numbers_of_short_floats() -> None:
    plane = np.array([[np.nan, 1.0, np.inf]], np.float32)
    colors = colored(plane, Levels(0.0, 1.0), TABLE)
    assert colors[0].tolist() == [int(TABLE[LEVELS]), int(TABLE[255]), int(TABLE[255])]


def test_pictures_are_told_from_stacks() -> None:
    assert looks_like_picture(np.zeros((8, 9, 3), np.uint8))
    assert looks_like_picture(np.zeros((2, 8, 9, 4), np.uint16))
    assert looks_like_picture(np.full((8, 9, 3), 0.5, np.float32))
    assert not looks_like_picture(np.full((8, 9, 3), 2.0))
    assert not looks_like_picture(np.full((8, 9, 3), np.nan))
    assert not looks_like_picture(np.zeros((8, 9, 5), np.uint8))
    assert not looks_like_picture(np.zeros((8, 9, 3), np.int64))
    assert not looks_like_picture(np.zeros((8, 3), np.uint8))


@pytest.mark.parametrize(
    ("picture", "color"),
    [
        (np.array([[[255, 128, 0]]], np.uint8), 0xFFFF8000),
        (np.array([[[65535, 32768, 0]]], np.uint16), 0xFFFF8000),
        (np.array([[[1.0, 0.5, 0.0]]]), 0xFFFF8000),
        (np.array([[[2.0, np.nan, -1.0]]], np.float32), 0xFFFF0000),
        (np.array([[[True, False, True]]]), 0xFFFF00FF),
        (np.array([[[10, 20, 30, 255]]], np.uint8), 0xFF0A141E),
        (np.array([[[10, 20, 30, 0]]], np.uint8), 0x000A141E),
        (np.array([[[0, 0, 0, 51]]], np.uint8), 0x33000000),
        (np.array([[[0.0, 0.0, 0.0, 0.2]]]), 0x33000000),
    ],
)
def test_colours_of_pictures(picture: np.ndarray, color: int) -> None:
    assert picture_colors(picture).tolist() == [[color]]


def test_statistics_of_a_region() -> None:
    image = np.arange(20.0).reshape(4, 5)
    found = region_statistics(image[1:3, 1:4])
    assert found.count == 6
    assert (found.mean, found.minimum, found.maximum) == (9.5, 6.0, 13.0)
    assert found.std == pytest.approx(float(np.std([6, 7, 8, 11, 12, 13])))


def test_statistics_pass_over_what_is_not_finite_and_take_magnitudes() -> None:
    found = region_statistics(np.array([[np.nan, 1.0], [np.inf, 3.0]]))
    assert (found.count, found.mean, found.std) == (2, 2.0, 1.0)
    assert region_statistics(np.array([[3 + 4j]])).mean == 5.0
    assert region_statistics(np.array([[True, False]])).mean == 0.5
    assert region_statistics(np.full((2, 2), np.nan)).count == 0
    assert np.isnan(region_statistics(np.empty((0, 3))).mean)


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1.0, 1e170, 1.7e308])
def test_statistics_of_a_region_hold_for_all_floats(scale: float) -> None:
    found = region_statistics(np.array([[-scale, scale], [scale, scale]]))
    assert found.mean == pytest.approx(scale / 2)
    assert found.std == pytest.approx(scale * np.sqrt(0.75))
    assert (found.minimum, found.maximum) == (-scale, scale)


def test_statistics_of_many_pixels_are_taken_in_pieces() -> None:
    image = np.arange(3_000_000, dtype=np.int32).reshape(1500, 2000)
    found = region_statistics(image)
    assert found.count == 3_000_000
    assert found.mean == pytest.approx(1_499_999.5)
    assert found.std == pytest.approx(float(image.std()))
    huge = region_statistics(np.broadcast_to(np.uint8(7), (6000, 3000)))
    assert (huge.step, huge.count, huge.mean, huge.std) == (3, 6_000_000, 7.0, 0.0)


def test_profiles_along_a_row_a_column_and_a_free_line() -> None:
    image = np.arange(12).reshape(3, 4)
    row, dx = profile_values(image, ProfileKind.ROW, Line(2, 1, 2, 1))
    assert (row.tolist(), dx) == ([4, 5, 6, 7], 1.0)
    column, _ = profile_values(image, ProfileKind.COLUMN, Line(2, 1, 2, 1))
    assert column.tolist() == [2, 6, 10]
    diagonal, dx = profile_values(image, ProfileKind.LINE, Line(0, 0, 2, 2))
    assert diagonal.tolist() == [0.0, 5.0, 5.0, 10.0] or diagonal.tolist() == [0.0, 5.0, 10.0, 10.0]
    assert dx == pytest.approx(np.sqrt(8) / 3)
    along, dx = profile_values(image, ProfileKind.LINE, Line(3, 2, 0, 2))
    assert (along.tolist(), dx) == ([11.0, 10.0, 9.0, 8.0], 1.0)


def test_profiles_off_the_image_are_missing() -> None:
    image = np.arange(4).reshape(2, 2)
    outside, _ = profile_values(image, ProfileKind.ROW, Line(0, 9, 0, 9))
    assert np.isnan(outside).all()
    half, _ = profile_values(image, ProfileKind.LINE, Line(0, 0, 3, 0))
    assert half[:2].tolist() == [0.0, 1.0]
    assert np.isnan(half[2:]).all()
    point, dx = profile_values(image, ProfileKind.LINE, Line(1, 1, 1, 1))
    assert (point.tolist(), dx) == ([3.0], 1.0)


def test_profiles_of_pictures_have_a_value_for_each_channel() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    values, _ = profile_values(picture, ProfileKind.ROW, Line(0, 1, 0, 1))
    assert values.tolist() == [[6, 7, 8], [9, 10, 11]]
    values, _ = profile_values(picture, ProfileKind.LINE, Line(0, 0, 1, 0))
    assert values.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_boxes_stay_on_the_image_and_keep_a_pixel() -> None:
    assert Box(-3, 2, 5, 99).within(4, 10) == Box(0, 2, 4, 10)
    assert Box(1, 1, 3, 3).grown(-9, 1) == Box(1, 1, 2, 4)
    assert Box(1, 2, 3, 4).text() == "[1:3, 2:4]"


def test_a_stack_keeps_its_places_while_shapes_allow() -> None:
    stack = Stack()
    array = np.arange(120).reshape(5, 4, 3, 2)
    stack.fit(array.shape[:2])
    stack.move(0, 4)
    stack.move(1, 2)
    assert stack.image_of(array).tolist() == array[4, 2].tolist()
    stack.fit((3, 4))
    assert stack.places == (2, 2)
    stack.fit((5, 4))
    assert stack.places == (4, 2)
    stack.move(0, 99)
    assert stack.places == (4, 2)
    assert stack.text() == "[4 of 5, 2 of 4]"
    stack.fit((4,))
    assert stack.state() == [2]


def test_a_stack_with_an_empty_axis_has_an_empty_image() -> None:
    stack = Stack()
    stack.fit((0,))
    assert stack.image_of(np.empty((0, 3, 4))).shape == (0, 4)


def test_a_stack_remembers() -> None:
    stack = Stack()
    stack.restore([3, 1])
    stack.fit((5, 2))
    assert stack.places == (3, 1)
    stack.restore("nonsense")
    assert stack.state() == [3, 1]
