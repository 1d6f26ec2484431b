"""The image lens in hands: levels, region, profile, pictures, stacks, and what it remembers."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.color_map import ColorMap, color_table
from pyprobe.plots.image import Channels, ImageLens
from pyprobe.plots.image_levels import LevelsMode
from pyprobe.plots.profile import Line, ProfileKind
from pyprobe.plots.range_editor import RangeEditor
from pyprobe.plots.region import Box, box_area
from pyprobe.plots.theme import LIGHT_THEME
from pyprobe.plots.trace_panel import TracePanel
from tests.plots.conftest import MakePanel
from tests.plots.hands import double_click, drag, hover, press
from tests.plots.samples import append_array, array_traits, make_probe, probe_of

TABLE = color_table(LIGHT_THEME.missing)


def shown(make_panel: MakePanel, image: NDArray[Any], *size: int) -> tuple[TracePanel, ImageLens]:
    probe = make_probe()
    append_array(probe, image)
    panel = make_panel(probe, *size)
    panel.refresh()
    assert isinstance(panel.lens, ImageLens)
    return panel, panel.lens


def place(lens: ImageLens, row: float, column: float) -> QPointF:
    x = lens.frame.x_pixels(np.array([column]))[0]
    y = lens.frame.y_pixels(np.array([row]))[0]
    return QPointF(float(x), float(y))


def color_at(lens: ImageLens, row: float, column: float) -> int:
    at = place(lens, row, column)
    return int(lens.grab().toImage().pixel(int(at.x()), int(at.y())))


RAMP = np.linspace(0.0, 100.0, 400).reshape(20, 20)


def test_dragging_the_upper_end_of_the_bar_sets_the_upper_level(make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, RAMP)
    changes: list[tuple[object, ...]] = []
    panel.done.connect(lambda *change: changes.append(change))
    lens.grab()
    bar = lens.bar.area
    drag(lens, QPointF(bar.center().x(), bar.top() + 2), QPointF(0, bar.height() / 2))
    assert lens.levels == pytest.approx((0.0, 50.0))
    assert lens.levels_menu.choice is LevelsMode.FIXED
    append_array(probe_of(panel), RAMP * 3)
    panel.refresh()
    assert lens.levels == pytest.approx((0.0, 50.0))
    (change,) = changes
    undo: Any = change[2]
    undo()
    assert lens.levels == (0.0, 300.0)
    assert lens.state()["levels"] == LevelsMode.AUTO.value


def test_a_double_click_types_a_level_or_goes_back_to_auto(make_panel: MakePanel) -> None:
    _panel, lens = shown(make_panel, RAMP)
    lens.grab()
    bar = lens.bar.area
    double_click(lens, QPointF(bar.center().x(), bar.bottom() - 2))
    editor = lens.findChild(QLineEdit)
    assert editor is not None
    editor.setText("25")
    press(editor, Qt.Key.Key_Return)
    assert lens.levels == (25.0, 100.0)
    assert "levels fixed" in lens.notes()
    double_click(lens, bar.center())
    assert lens.levels == (0.0, 100.0)


def test_percentile_levels_and_another_map(make_panel: MakePanel) -> None:
    image = np.zeros((100, 100))
    image[:50] = 1.0
    image[0, 0] = 1e6
    _panel, lens = shown(make_panel, image)
    lens.levels_menu.choose(LevelsMode.PERCENTILE)
    assert lens.levels == (0.0, 1.0)
    lens.map_menu.choose(ColorMap.GREY)
    assert color_at(lens, 75, 50) == 0xFF000000
    assert color_at(lens, 25, 50) == 0xFFFFFFFF


def test_the_diverging_map_has_zero_in_its_middle(make_panel: MakePanel) -> None:
    _panel, lens = shown(make_panel, np.array([[-1.0, 0.0, 3.0]]))
    lens.map_menu.choose(ColorMap.DIVERGING)
    assert lens.levels == (-3.0, 3.0)
    assert color_at(lens, 0, 1) == int(color_table("#000000", ColorMap.DIVERGING)[128])


def test_a_region_tells_its_statistics_live(make_panel: MakePanel) -> None:
    image = np.arange(900.0).reshape(30, 30)
    panel, lens = shown(make_panel, image)
    lens.instruments.region_action.trigger()
    box = lens.instruments.region.box
    assert box is not None
    assert (box.bottom - box.top, box.top) == (10, 10)
    (row,) = panel.strip.rows
    part = image[box.top : box.bottom, box.left : box.right]
    values = dict(row.values)
    assert row.title == f"region {box.text()}"
    assert values["n"] == str(part.size)
    assert float(values["mean"]) == pytest.approx(part.mean(), rel=1e-4)
    assert float(values["std"]) == pytest.approx(part.std(), rel=1e-4)
    append_array(probe_of(panel), np.full((30, 30), 7, np.uint8))
    panel.refresh()
    values = dict(panel.strip.rows[0].values)
    assert (values["mean"], values["std"], values["min"]) == ("7", "0", "7")
    lens.instruments.region_action.trigger()
    assert panel.strip.rows == ()


def test_a_region_is_moved_and_sized_by_mouse_and_keys(make_panel: MakePanel) -> None:
    _panel, lens = shown(make_panel, np.zeros((30, 30)))
    lens.instruments.put_region(Box(5, 5, 15, 15))
    pixel = lens.frame.width / (lens.frame.x_high - lens.frame.x_low)
    drag(lens, place(lens, 10, 10), QPointF(3 * pixel, 2 * pixel))
    assert lens.instruments.region.box == Box(7, 8, 17, 18)
    corner = box_area(Box(7, 8, 17, 18), lens.frame).bottomRight()
    drag(lens, corner, QPointF(-4 * pixel, pixel))
    assert lens.instruments.region.box == Box(7, 8, 18, 14)
    press(lens, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    both = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    press(lens, Qt.Key.Key_Down, both)
    assert lens.instruments.region.box == Box(7, 7, 19, 13)


def test_keys_show_region_profile_and_square_pixels(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel, lens = shown(make_panel, np.zeros((30, 40)))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    lens.setFocus()
    press(lens, Qt.Key.Key_R)
    assert lens.instruments.region.box is not None
    press(lens, Qt.Key.Key_P)
    assert lens.state()["profile"] == "row"
    press(lens, Qt.Key.Key_P)
    assert lens.state()["profile"] == "column"
    press(lens, Qt.Key.Key_S)
    assert not lens.square_action.isChecked()


def test_a_row_profile_follows_mouse_and_data(make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, np.arange(400.0).reshape(20, 20))
    lens.instruments.show_profile(ProfileKind.ROW)
    assert lens.strip.isVisible()
    assert lens.strip.y() >= lens.frame.bottom
    line = lens.instruments.profile.line
    assert line is not None
    drag(lens, place(lens, line.y1, 2), place(lens, 3, 2) - place(lens, line.y1, 2))
    assert lens.strip.curves[0].y.tolist() == list(range(60, 80))
    append_array(probe_of(panel), np.arange(400.0).reshape(20, 20) * 2)
    panel.refresh()
    assert lens.strip.curves[0].y.tolist() == list(range(120, 160, 2))
    assert lens.strip.x_title() == "column, in row 3"


def test_a_free_line_is_drawn_by_the_mouse(make_panel: MakePanel) -> None:
    _panel, lens = shown(make_panel, np.arange(400.0).reshape(20, 20))
    lens.instruments.show_profile(ProfileKind.LINE)
    assert lens.strip.empty_sentence == "drag over the image to draw the line"
    start, end = place(lens, 4, 2), place(lens, 4, 12)
    drag(lens, start, end - start)
    assert lens.instruments.profile.line == Line(2, 4, 12, 4)
    assert lens.strip.curves[0].y.tolist() == list(range(82, 93))


def test_a_small_panel_gives_its_room_to_the_image(make_panel: MakePanel) -> None:
    _panel, lens = shown(make_panel, np.zeros((4, 20, 20)), 300, 150)
    lens.instruments.show_profile(ProfileKind.COLUMN)
    assert not lens.strip.isVisible()
    assert "no room for the profile" in lens.notes()


def test_a_picture_has_its_own_colours_and_no_bar(make_panel: MakePanel) -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    picture[:5] = (255, 128, 0)
    panel, lens = shown(make_panel, picture)
    assert color_at(lens, 2, 5) == 0xFFFF8000
    assert color_at(lens, 8, 5) == 0xFF000000
    assert not lens.has_bar
    hover(lens, place(lens, 2, 5))
    assert panel.header.readout == "[2, 5]: (255, 128, 0)"
    lens.instruments.region_action.trigger()
    assert [row.title.split()[-1] for row in panel.strip.rows] == ["red", "green", "blue"]


def test_the_ground_shines_through_a_picture_with_opacity(make_panel: MakePanel) -> None:
    picture = np.zeros((10, 10, 4))
    picture[..., 3] = 0.2
    _panel, lens = shown(make_panel, picture)
    assert color_at(lens, 5, 5) == 0xFFCCCCCC


def test_a_picture_can_be_looked_at_as_numbers(make_panel: MakePanel) -> None:
    picture = np.zeros((5, 10, 3), np.uint8)
    _panel, lens = shown(make_panel, picture)
    lens.channels_menu.choose(Channels.NUMBERS)
    assert lens.image.shape == (10, 3)
    assert list(lens.stack_bar.sliders) == [0]


def test_sliders_choose_the_image_of_a_stack(make_panel: MakePanel) -> None:
    stack = np.arange(4 * 3 * 20 * 30.0).reshape(4, 3, 20, 30)
    panel, lens = shown(make_panel, stack)
    assert lens.stack_bar.isVisible()
    assert lens.stack_bar.y() >= lens.frame.bottom
    lens.stack_bar.sliders[0].setValue(2)
    lens.stack_bar.sliders[1].setValue(1)
    assert (lens.image == stack[2, 1]).all()
    hover(lens, place(lens, 5, 6))
    assert panel.header.readout == f"[2, 1, 5, 6]: {stack[2, 1, 5, 6]:.6g}"
    press(lens.stack_bar.sliders[0], Qt.Key.Key_Right)
    assert lens.stack.places == (3, 1)
    press(lens, Qt.Key.Key_PageDown)
    assert lens.stack.places == (2, 1)
    append_array(probe_of(panel), stack[:2] + 1)
    panel.refresh()
    assert (lens.image == stack[1, 1] + 1).all()
    append_array(probe_of(panel), stack)
    panel.refresh()
    assert (lens.image == stack[2, 1]).all()


def test_what_is_exported(make_panel: MakePanel) -> None:
    stack = np.arange(60.0).reshape(3, 4, 5)
    _panel, lens = shown(make_panel, stack)
    lens.stack_bar.sliders[0].setValue(1)
    lens.instruments.put_profile(ProfileKind.ROW, Line(0, 2, 0, 2))
    data = lens.data()
    assert data["image"].tolist() == stack[1].tolist()
    assert data["profile"].ravel().tolist() == stack[1, 2].tolist()


def test_what_the_user_chose_is_remembered(make_panel: MakePanel, qtbot: QtBot) -> None:
    _panel, lens = shown(make_panel, np.zeros((4, 20, 30)))
    lens.map_menu.choose(ColorMap.CIVIDIS)
    lens.set_levels(lens.levels._replace(high=9.0))
    lens.stack.move(0, 3)
    lens.instruments.put_region(Box(1, 2, 3, 4))
    lens.instruments.put_profile(ProfileKind.LINE, Line(1, 2, 3, 4))
    lens.square_action.trigger()
    again = ImageLens(LIGHT_THEME, "#0072b2")
    qtbot.addWidget(again)
    again.restore(lens.state())
    assert again.state() == lens.state()
    again.restore({"fixed": ["x", None], "region": [5, 5, 1, 1], "line": "?", "places": -1})


@pytest.mark.parametrize(
    "array",
    [
        np.empty((0, 5)),
        np.empty((3, 0, 4)),
        np.empty((0, 0, 0, 3), np.uint8),
        np.full((3, 4), np.nan),
        np.full((2, 5, 5, 3), np.nan),
        np.array([[5.0]]),
        np.array([[True, False]]),
        np.full((5, 6), 1 + 1j, np.complex64),
        np.full((5, 6, 3), 1 + 1j),
        np.array([[1e308, -1e308], [np.inf, -np.inf]]),
        np.array([[2**63 - 1, -(2**63)]]),
        np.zeros((1,) * 12),
        np.broadcast_to(np.uint8(3), (10_000, 10_000)),
        np.zeros((9, 9), np.float16),
        np.zeros((7, 5), ">f8"),
        np.asfortranarray(np.arange(20.0).reshape(4, 5)),
        np.arange(3),
        np.array([["a", "b"]]),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_no_array_breaks_it(array: NDArray[Any], make_panel: MakePanel) -> None:
    panel, lens = shown(make_panel, np.arange(400.0).reshape(20, 20))
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    lens.instruments.put_region(Box(1, 2, 30, 40))
    for kind in ProfileKind:
        lens.instruments.show_profile(kind)
        for levels in LevelsMode:
            lens.levels_menu.choose(levels)
            append_array(probe_of(panel), array)
            lens.show_history(probe_of(panel).history)
            lens.readings()
            lens.grab()
    lens.map_menu.choose(ColorMap.DIVERGING)
    hover(lens, QPointF(200, 100))
    assert failures == []


def test_it_is_offered_for_images_and_stacks() -> None:
    for shape in ((3, 4), (2, 3, 4), (2, 2, 3, 4)):
        assert registry().lenses_for(array_traits("float64", shape))[0].name == "image"


def test_levels_are_typed_by_the_menu(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_array(probe, np.arange(400.0).reshape(20, 20))
    panel = make_panel(probe)
    panel.refresh()
    lens = panel.lens
    assert isinstance(lens, ImageLens)
    for text, value in (("Type the lower level…", "100"), ("Type the upper level…", "250")):
        action = next(one for one in lens.levels_menu.menu.actions() if one.text() == text)
        action.trigger()
        editor = lens.findChildren(RangeEditor)[-1]
        editor.setText(value)
        editor.returnPressed.emit()
    assert tuple(lens.levels) == (100.0, 250.0)
    assert lens.state()["fixed"] == [100.0, 250.0]
