"""Which lens draws what: the whole table, and what a user's pick does."""

import pytest

from pyprobe.errors import LensError
from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.builtin_lenses import forms, registry
from pyprobe.plots.lens_choice import LensChoice
from pyprobe.plots.lens_registry import BEST, LensEntry, LensRegistry
from pyprobe.plots.value_traits import ValueForm, ValueTraits
from tests.plots.samples import array_traits, make_traits

TABLE = [
    (make_traits(ValueKind.FLOAT), "scalar history"),
    (make_traits(ValueKind.INT), "scalar history"),
    (make_traits(ValueKind.BOOL), "scalar history"),
    (make_traits(ValueKind.COMPLEX), "scalar history"),
    (array_traits("float64", (0,)), "waveform"),
    (array_traits("float64", (1,)), "waveform"),
    (array_traits("int64", (8,)), "waveform"),
    (array_traits("uint8", (8,)), "waveform"),
    (array_traits("bool", (8,)), "waveform"),
    (array_traits("complex128", (8,)), "waveform"),
    (array_traits("float64", (4, 5)), "image"),
    (array_traits("float64", (0, 5)), "image"),
    (array_traits("bool", (4, 5)), "image"),
    (array_traits("complex128", (4, 5)), "image"),
    (array_traits("float64", ()), "text"),
    (array_traits("float64", (2, 3, 4)), "image"),
    (array_traits("U4", (3,)), "text"),
    (array_traits("S4", (3, 3)), "text"),
    (array_traits("V4", (3,)), "text"),
    (array_traits("M8[s]", (3,)), "text"),
    (array_traits("O", (3,)), "text"),
    (make_traits(ValueKind.TEXT), "text"),
]
SERIES = array_traits("float64", (8,))
PLANE = array_traits("float64", (4, 5))


@pytest.mark.parametrize(("traits", "lens"), TABLE)
def test_the_usual_lens(traits: ValueTraits, lens: str) -> None:
    assert LensChoice(registry()).lens_for(traits).name == lens


def test_a_pick_holds_for_its_family_and_comes_back() -> None:
    choice = LensChoice(registry())
    choice.pick(SERIES, "text")
    assert choice.lens_for(SERIES).name == "text"
    assert choice.lens_for(PLANE).name == "image"
    assert choice.lens_for(array_traits("complex128", (8,))).name == "waveform"
    assert choice.lens_for(SERIES).name == "text"


def test_a_lens_that_cannot_draw_it_is_refused() -> None:
    with pytest.raises(LensError, match="image cannot draw scalar values"):
        LensChoice(registry()).pick(make_traits(ValueKind.FLOAT), "image")


def test_a_lens_that_is_missing_is_refused_and_a_remembered_one_waits() -> None:
    with pytest.raises(LensError, match="no lens named 'polar'"):
        LensChoice(registry()).pick(SERIES, "polar")
    assert LensChoice(registry(), {"series": "polar"}).lens_for(SERIES).name == "waveform"


def test_everything_can_be_read_as_text() -> None:
    for traits, _lens in TABLE:
        assert "text" in [entry.name for entry in registry().lenses_for(traits)]


def test_the_best_fit_is_first_and_the_oldest_of_equals() -> None:
    made = LensRegistry()
    build = registry().lenses_for(SERIES)[0].build
    for name, fit in (("never", 0), ("fair", 10), ("best", BEST), ("as good", BEST)):
        made.add(LensEntry(name, forms(fit, ValueForm.SERIES), build))
    assert [entry.name for entry in made.lenses_for(SERIES)] == ["best", "as good", "fair"]
    with pytest.raises(LensError, match="there is a lens named 'fair' already"):
        made.add(LensEntry("fair", forms(1, ValueForm.SERIES), build))


def test_forms_cover_every_dimension() -> None:
    shapes = {(): "other", (3,): "series", (3, 3): "plane", (3, 3, 3): "stack", (1,) * 5: "stack"}
    for shape, form in shapes.items():
        assert array_traits("float64", shape).form is ValueForm(form)


def test_a_pick_of_a_package_that_was_switched_off_is_missing() -> None:
    registry = LensRegistry()
    registry.add(LensEntry("stems", lambda _traits: 1, lambda *_: None, "pack"))  # type: ignore[arg-type]
    choice = LensChoice(registry)
    choice.pick(array_traits("float64", (8,)), "stems")
    assert choice.missing(array_traits("float64", (8,))) == ""
    registry.switch_off("pack")
    assert choice.missing(array_traits("float64", (8,))) == "stems"
