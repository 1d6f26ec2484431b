"""Persistence: what each mode draws on each lens of curves, in numbers that are known.

Those of histograms, whose heights are counts, are in test_persistence_modes.py.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.curves import Curve
from pyprobe.plots.image import ImageLens
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence
from pyprobe.plots.profile import Line, ProfileKind
from pyprobe.plots.reached_area import reached_area
from pyprobe.plots.rows import RowsLens
from pyprobe.plots.run_curves import RunCurves
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.spectra import Window, power_density
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.probe import Probe
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, make_probe, make_probe_values
from tests.plots.tree_samples import capture

LEVELS = (1.0, 3.0, 8.0)  # of the captures, or of the runs, oldest first
SINE = np.sin(2 * np.pi * 8 * np.arange(64) / 64)
Peak = Callable[[Curve], float]
Made = tuple[Probe, list[Probe]]  # and those laid over it


def of_arrays(array: NDArray[Any]) -> Callable[[], Made]:
    def make() -> Made:
        probe = make_probe()
        for level in LEVELS:
            append_array(probe, array * level)
        return probe, []

    return make


def of_samples() -> Made:
    probe = make_probe()
    for level in LEVELS:
        capture(probe, SimpleNamespace(samples=SINE * level, dt=0.5))
    return probe, []


def of_runs() -> Made:
    probe = make_probe_values(np.full(50, LEVELS[-1]))
    probe.earlier.extend(make_probe_values(np.full(50, one)).history for one in LEVELS[:-1])
    return probe, []


def of_pairs() -> Made:
    across, up = of_runs()[0], of_runs()[0]
    up.id = 2
    return across, [up]


def top(curve: Curve) -> float:
    return float(np.nanmax(curve.y))


def amplitude(curve: Curve) -> float:
    return float(10 ** (np.nanmax(curve.y) / 20))


def power(curve: Curve) -> float:
    """The root of the power density at its peak, of a sine of the amplitude 1 taken as 1."""
    return float(10 ** (np.nanmax(curve.y) / 20)) / power_of_one()


def power_of_one() -> float:
    return float(np.sqrt(np.max(power_density(SINE, 1.0, Window.HANN).values)))


def density_of_samples(curve: Curve) -> float:
    one = np.sqrt(np.max(power_density(SINE, 2.0, Window.HANN).values))
    return float(10 ** (np.nanmax(curve.y) / 20) / one)


def far(curve: Curve) -> float:
    """The greatest distance from the middle of a plane along one axis."""
    return float(np.nanmax(np.abs(curve.x)))


COMPLEX = np.array([1.0 + 0j, -1.0 + 0j] * 4)
CASES: dict[str, tuple[Callable[[], Made], Peak]] = {
    "scalar history": (of_runs, top),
    "one against another": (of_pairs, top),
    "waveform": (of_arrays(SINE), top),
    "spectrum": (of_arrays(SINE), amplitude),
    "power density": (of_arrays(SINE), power),
    "magnitude and phase": (of_arrays(COMPLEX), top),
    "constellation": (of_arrays(COMPLEX), far),
    "eye diagram": (of_arrays(SINE), top),
    "rows as curves": (of_arrays(np.ones((2, 8))), top),
    "samples": (of_samples, top),
    "spectrum of samples": (of_samples, amplitude),
    "power density of samples": (of_samples, density_of_samples),
}
_MEANS = {"power density": np.sqrt(np.mean(np.square(LEVELS)))}
_MEANS["power density of samples"] = _MEANS["power density"]


def panel_of(make_panel: MakePanel, name: str) -> TracePanel:
    probe, others = CASES[name][0]()
    panel = make_panel(probe)
    panel.refresh()
    last = probe.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), name)
    for other in others:
        panel.overlay(other)
    assert panel.lens_name == name
    return panel


def choose(lens: object, mode: Persistence) -> CurveCanvas:
    assert isinstance(lens, CurveCanvas)
    if isinstance(lens, SeriesLens):
        lens.set_persistence(mode)
    elif isinstance(lens, RunCurves):
        lens.runs_menu.choose(mode)
    else:
        assert isinstance(lens, RowsLens)
        lens.persistence_menu.choose(mode)
    if isinstance(lens, SpectrumLens):
        lens.window_menu.choose(Window.RECTANGULAR)
    return lens


def drawn(lens: CurveCanvas) -> list[Curve]:
    """Return the curves of the first part or row: the first with a name, and those behind it."""
    named = [place for place, curve in enumerate(lens.curves) if curve.name]
    end = named[1] if len(named) > 1 else len(lens.curves)
    return lens.curves[:end]


@pytest.mark.parametrize("name", CASES)
def test_the_last_only(make_panel: MakePanel, name: str) -> None:
    curves = drawn(choose(panel_of(make_panel, name).lens, Persistence.LAST))
    assert [CASES[name][1](one) for one in curves] == pytest.approx([8.0])


@pytest.mark.parametrize("name", CASES)
def test_the_last_ones_fading(make_panel: MakePanel, name: str) -> None:
    curves = drawn(choose(panel_of(make_panel, name).lens, Persistence.FADING))
    assert [CASES[name][1](one) for one in curves] == pytest.approx([8.0, 3.0, 1.0])
    opacities = [one.opacity for one in curves]
    assert opacities == sorted(set(opacities), reverse=True)


@pytest.mark.parametrize("name", CASES)
def test_the_running_mean(make_panel: MakePanel, name: str) -> None:
    curves = drawn(choose(panel_of(make_panel, name).lens, Persistence.MEAN))
    mean = _MEANS.get(name, np.mean(LEVELS))
    assert [CASES[name][1](one) for one in curves] == pytest.approx([mean])


@pytest.mark.parametrize("name", CASES)
def test_the_envelope(make_panel: MakePanel, name: str) -> None:
    lens = choose(panel_of(make_panel, name).lens, Persistence.ENVELOPE)
    curves, peak = drawn(lens), CASES[name][1]
    assert len(curves) == 2
    newest, band = curves
    assert peak(newest) == pytest.approx(8.0)
    assert peak(band) == pytest.approx(8.0)
    assert band.floor is not None
    if band.bare:  # of points: at the places of all captures, and nowhere else
        assert_holds(band, list(LEVELS), lens)
        return
    place = int(np.nanargmax(band.y))
    lower = Curve("", "", band.x[place : place + 1], band.floor[place : place + 1])
    expected = 1.0 if name != "eye diagram" else -8.0  # its pieces begin at any symbol
    if name != "eye diagram":
        assert peak(lower) == pytest.approx(expected)
    else:
        assert float(np.nanmin(band.floor)) == pytest.approx(expected)


def assert_holds(band: Curve, levels: list[float], lens: CurveCanvas) -> None:
    assert band.floor is not None
    is_pairs = not isinstance(lens, SeriesLens)
    points = [(one, one) for one in levels] if is_pairs else [(one, 0.0) for one in levels]
    boxes = rectangles(band)
    for x, y in points:
        assert any(holds(box, x, y) for box in boxes), (x, y)
    assert not any(holds(box, 5.5, 5.5 if is_pairs else 0.0) for box in boxes)


def rectangles(curve: Curve) -> list[tuple[float, float, float, float]]:
    assert curve.floor is not None
    starts = range(0, len(curve.x), 3)
    return [
        (
            float(curve.x[place]),
            float(curve.x[place + 1]),
            float(curve.floor[place]),
            float(curve.y[place]),
        )
        for place in starts
    ]


def holds(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    left, right, low, high = box
    slack = 1e-9
    return left - slack <= x <= right + slack and low - slack <= y <= high + slack


@pytest.mark.parametrize("name", CASES)
def test_the_header_says_at_once_what_is_drawn(make_panel: MakePanel, name: str) -> None:
    panel = panel_of(make_panel, name)
    for mode in (Persistence.FADING, Persistence.MEAN, Persistence.ENVELOPE):
        choose(panel.lens, mode)
        content = panel.header.content
        assert content is not None
        assert any(fact.startswith(f"{mode.value} of 3") for fact in content.facts), content.facts
    assert not panel._failed


# The line profile of an image.


@pytest.mark.parametrize("kind", [ProfileKind.ROW, ProfileKind.COLUMN, ProfileKind.LINE])
def test_a_profile_of_an_image(make_panel: MakePanel, kind: ProfileKind) -> None:
    probe = make_probe()
    image = np.arange(400.0).reshape(20, 20)
    for level in LEVELS:
        append_array(probe, image * level)
    append_array(probe, np.ones((3, 3)))  # of another shape: not compared
    append_array(probe, image * LEVELS[-1])
    panel = make_panel(probe)
    panel.refresh()
    lens = panel.lens
    assert isinstance(lens, ImageLens)
    lens.instruments.put_profile(kind, Line(4.0, 4.0, 4.0, 14.0))
    row = {
        ProfileKind.ROW: image[4],
        ProfileKind.COLUMN: image[:, 4],
        ProfileKind.LINE: image[4:15, 4],
    }[kind]
    menu: OptionMenu[Persistence] = lens.strip.persistence_menu
    menu.choose(Persistence.FADING)
    found = [curve.y.tolist() for curve in lens.strip.curves]
    assert found == [(row * level).tolist() for level in (8.0, 8.0, 3.0, 1.0)]
    assert "profile: fading of 4" in lens.notes()
    menu.choose(Persistence.LAST)
    assert [curve.y.tolist() for curve in lens.strip.curves] == [(row * 8.0).tolist()]
    menu.choose(Persistence.MEAN)
    assert lens.strip.curves[0].y == pytest.approx(row * 5.0)
    menu.choose(Persistence.ENVELOPE)
    newest, band = lens.strip.curves
    assert newest.y.tolist() == (row * 8.0).tolist()
    assert band.floor is not None
    assert (band.y.tolist(), band.floor.tolist()) == ((row * 8.0).tolist(), row.tolist())
    assert lens.state()["profile_persistence"] == "min/max envelope"


# Areas of a plane.


def test_an_area_has_each_point_and_no_empty_cell() -> None:
    random = np.random.default_rng(3)
    captures = [(random.normal(size=300), random.normal(size=300) ** 3) for _ in range(5)]
    area = reached_area(captures)
    boxes = rectangles(Curve("", "", area.x, area.top, floor=area.floor))
    x, y = (np.concatenate([one[part] for one in captures]) for part in (0, 1))
    for at, up in zip(x.tolist(), y.tolist(), strict=True):
        assert any(holds(box, at, up) for box in boxes)
    for left, right, low, high in boxes:
        inside = (x >= left - 1e-9) & (x <= right + 1e-9)
        assert bool((inside & (y >= low - 1e-9) & (y <= high + 1e-9)).any())


@pytest.mark.filterwarnings("error")
def test_areas_of_hard_numbers() -> None:
    nothing = (np.empty(0), np.empty(0))
    assert len(reached_area([]).x) == len(reached_area([nothing]).x) == 0
    missing = (np.array([np.nan, np.inf]), np.array([1.0, 2.0]))
    assert len(reached_area([missing]).x) == 0
    largest = (np.array([-1.7e308, 1.7e308]), np.array([0.0, 0.0]))
    area = reached_area([largest], square=True)
    assert bool(np.isfinite(area.x).all())
    one = reached_area([(np.array([2.0]), np.array([0.0]))])
    assert one.x[0] <= 2.0 <= one.x[1]
