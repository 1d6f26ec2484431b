"""Our own lenses: what each draws, and the module that is loaded when it is first wanted."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.lens_registry import BEST, GOOD, LAST, Fit, LensEntry, LensRegistry
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import ValueForm, ValueTraits

if TYPE_CHECKING:
    from pyprobe.plots.lens import LensWidget


def forms(fit: int, *accepted: ValueForm) -> Fit:
    """Return the fit of a lens that draws all values of these forms alike well."""

    def fit_of(traits: ValueTraits) -> int:
        return fit if traits.form in accepted else 0

    return fit_of


def complex_forms(fit: int, *accepted: ValueForm) -> Fit:
    """Return the fit of a lens that draws complex values of these forms alike well."""

    def fit_of(traits: ValueTraits) -> int:
        return fit if traits.is_complex and traits.form in accepted else 0

    return fit_of


def fit_states(traits: ValueTraits) -> int:
    """Return the fit of a lens for what is one of a few states."""
    if traits.dtype == "enum":
        return BEST
    if traits.kind is ValueKind.BOOL:
        return GOOD
    return LAST if traits.dtype in ("str", "none") else 0


def fit_table(traits: ValueTraits) -> int:
    """Return the fit of the table: best for tables, able where there are arrays of equal rank."""
    if traits.form is ValueForm.TABLE:
        return BEST
    return GOOD if traits.has_columns else 0


def fit_tree(traits: ValueTraits) -> int:
    """Return the fit of the tree, which shows whatever has parts."""
    if traits.form is ValueForm.TREE:
        return BEST
    return GOOD if traits.kind is ValueKind.TREE else 0


def fit_grid(traits: ValueTraits) -> int:
    """Return the fit of the grid: any array, even one without numbers, in the last place."""
    if traits.kind is not ValueKind.ARRAY or traits.form is ValueForm.TABLE:
        return 0
    return GOOD if traits.form in (ValueForm.SERIES, ValueForm.PLANE) else LAST


def fit_samples(traits: ValueTraits) -> int:
    """Return the fit of the waveform of the samples in a value."""
    return BEST if traits.form is ValueForm.SAMPLES else fit_inner_series(traits)


def fit_inner_series(traits: ValueTraits) -> int:
    """Return the fit of a lens for the 1-D array in a value."""
    return GOOD if traits.inner is ValueForm.SERIES else 0


def fit_inner_image(traits: ValueTraits) -> int:
    """Return the fit of the image of the array in a value, best for a sparse matrix."""
    if traits.inner not in (ValueForm.PLANE, ValueForm.STACK):
        return 0
    return BEST if traits.form is ValueForm.SPARSE else GOOD


def lazily(place: str) -> "Callable[[PlotTheme, str], LensWidget]":
    """Return a builder that loads ``module:Class`` when it is first called."""
    module, _, name = place.partition(":")

    def build(theme: PlotTheme, color: str) -> "LensWidget":
        lens_class = getattr(import_module(f"pyprobe.plots.{module}"), name)
        return cast("LensWidget", lens_class(theme, color))

    return build


_ENTRIES: tuple[LensEntry, ...] = (
    LensEntry(
        "scalar history", forms(BEST, ValueForm.SCALAR), lazily("scalar_history:ScalarHistoryLens")
    ),
    LensEntry("big number", forms(GOOD, ValueForm.SCALAR), lazily("big_number:BigNumberLens")),
    LensEntry(
        "value histogram",
        forms(GOOD, ValueForm.SCALAR),
        lazily("scalar_histogram:ScalarHistogramLens"),
    ),
    LensEntry("one against another", forms(GOOD, ValueForm.SCALAR), lazily("xy:XyLens")),
    LensEntry("waveform", forms(BEST, ValueForm.SERIES), lazily("waveform:WaveformLens")),
    LensEntry("spectrum", forms(GOOD, ValueForm.SERIES), lazily("spectrum:SpectrumLens")),
    LensEntry(
        "power density", forms(GOOD, ValueForm.SERIES), lazily("power_density:PowerDensityLens")
    ),
    LensEntry(
        "histogram", forms(GOOD, ValueForm.SERIES), lazily("series_histogram:SeriesHistogramLens")
    ),
    LensEntry(
        "magnitude and phase", complex_forms(GOOD, ValueForm.SERIES), lazily("polar:PolarLens")
    ),
    LensEntry(
        "constellation",
        complex_forms(GOOD, ValueForm.SERIES),
        lazily("constellation:ConstellationLens"),
    ),
    LensEntry("eye diagram", forms(GOOD, ValueForm.SERIES), lazily("eye:EyeLens")),
    LensEntry("image", forms(BEST, ValueForm.PLANE, ValueForm.STACK), lazily("image:ImageLens")),
    LensEntry(
        "heat map", forms(GOOD, ValueForm.PLANE, ValueForm.STACK), lazily("heat_map:HeatMapLens")
    ),
    LensEntry("rows as curves", forms(GOOD, ValueForm.PLANE), lazily("rows:RowsLens")),
    LensEntry("waterfall", forms(GOOD, ValueForm.SERIES), lazily("waterfall:WaterfallLens")),
    LensEntry("table", fit_table, lazily("table:TableLens")),
    LensEntry("tree", fit_tree, lazily("tree:TreeLens")),
    LensEntry("text", forms(LAST, *ValueForm), lazily("text:TextLens")),
    LensEntry("grid", fit_grid, lazily("grid:GridLens")),
    LensEntry(
        "list of captures",
        forms(LAST, ValueForm.SCALAR),
        lazily("scalar_list:ScalarListLens"),
    ),
    LensEntry("samples", fit_samples, lazily("samples:SamplesLens")),
    LensEntry("spectrum of samples", fit_inner_series, lazily("samples:SamplesSpectrumLens")),
    LensEntry("power density of samples", fit_inner_series, lazily("samples:SamplesDensityLens")),
    LensEntry("image of its numbers", fit_inner_image, lazily("samples:InnerImageLens")),
    LensEntry("state timeline", fit_states, lazily("state_timeline:StateTimelineLens")),
)


@cache
def registry() -> LensRegistry:
    """Return the process's registry."""
    made = LensRegistry()
    for entry in _ENTRIES:
        made.add(entry)
    return made
