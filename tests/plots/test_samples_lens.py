"""Samples in values with parts: drawn in seconds or along an index; sparse matrices as images."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
import scipy.sparse
import xarray as xr

from pyprobe.plots.inner_array import inner_array
from pyprobe.plots.samples import InnerImageLens, SamplesLens, SamplesSpectrumLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.values import ArrayValue
from tests.plots.conftest import MakePanel
from tests.plots.samples import make_probe
from tests.plots.tree_samples import capture


def open_panel(make_panel: MakePanel, *values: Any, lens: str = "") -> TracePanel:
    probe = make_probe("wave")
    capture(probe, *values)
    panel = make_panel(probe)
    last = probe.history.last
    if lens and last is not None:
        panel.choose_lens(traits_of(last), lens)
    return panel


def test_samples_and_a_step_are_a_waveform_in_seconds(make_panel: MakePanel) -> None:
    wave = SimpleNamespace(samples=np.array([1.0, 4.0, 2.0]), dt=0.5, t0=10.0)
    lens = open_panel(make_panel, wave).lens
    assert isinstance(lens, SamplesLens)
    data = lens.data()
    assert [column.tolist() for column in data.values()] == [[10.0, 10.5, 11.0], [1.0, 4.0, 2.0]]
    assert lens.x_kind() == "s"
    lens.time_action.trigger()
    assert next(iter(lens.data().values())).tolist() == [0.0, 1.0, 2.0]
    assert lens.x_kind() == "sample"


def test_their_spectrum_is_over_hz(make_panel: MakePanel) -> None:
    t_s = np.arange(1000) / 1000
    wave = {"signal": np.sin(2 * np.pi * 100 * t_s), "fs": 1000}
    lens = open_panel(make_panel, wave, lens="spectrum of samples").lens
    assert isinstance(lens, SamplesSpectrumLens)
    assert lens.x_title() == "Hz"
    frequency, magnitude = lens.data().values()
    assert frequency[np.argmax(magnitude)] == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("value", "start", "step", "unit"),
    [
        (pd.Series([1.0, 2.0, 3.0], index=[10, 20, 30]), 10.0, 10.0, "index"),
        (pd.Series([1.0, 2.0, 3.0], index=[1, 2, 30]), 0.0, 1.0, "sample"),
        (pd.Series([1.0, 2.0], index=["a", "b"]), 0.0, 1.0, "sample"),
        (
            pd.Series([1.0, 2.0], index=pd.date_range("2024", periods=2, freq="250ms")),
            *(0.0, 0.25, "s"),
        ),
        (xr.DataArray([1.0, 2.0], dims="x", coords={"x": [0.5, 0.75]}), 0.5, 0.25, "index"),
    ],
    ids=["even", "uneven", "text", "dates", "labelled"],
)
def test_series_lie_along_their_index(
    make_panel: MakePanel, value: Any, start: float, step: float, unit: str
) -> None:
    panel = open_panel(make_panel, value, lens="samples")
    last = panel.trace.history.last
    assert last is not None
    inner = inner_array(last)
    assert inner is not None
    assert (inner.start, inner.unit) == (start, unit)
    assert inner.step == pytest.approx(step)
    lens = panel.lens
    assert isinstance(lens, SamplesLens)
    x = next(iter(lens.data().values()))
    assert x[1] == pytest.approx(start + step)
    panel.grab()


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok", "dia", "bsr"])
def test_a_sparse_matrix_is_an_image(make_panel: MakePanel, form: str) -> None:
    dense = np.array([[0, 2, 0], [1, 0, 0]])
    panel = open_panel(make_panel, scipy.sparse.coo_matrix(dense).asformat(form))
    assert isinstance(panel.lens, InnerImageLens)
    assert panel.lens.image.tolist() == dense.tolist()
    assert panel.lens.readout(1.0, 0.0).endswith(": 2")


def test_a_huge_sparse_matrix_is_a_tree(make_panel: MakePanel) -> None:
    matrix = scipy.sparse.coo_matrix(([1.0], ([5], [7])), shape=(10**6, 10**6))
    panel = open_panel(make_panel, matrix)
    assert panel.lens_name == "tree"


def test_a_labelled_plane_can_be_an_image(make_panel: MakePanel) -> None:
    plane = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("y", "x"))
    lens = open_panel(make_panel, plane, lens="image of its numbers").lens
    assert isinstance(lens, InnerImageLens)
    assert lens.image.shape == (2, 3)


def test_pictures_and_plain_series_are_arrays(make_panel: MakePanel) -> None:
    from PIL import Image

    assert open_panel(make_panel, Image.new("L", (4, 3))).lens_name == "image"
    panel = open_panel(make_panel, pd.Series([1.0, 2.0]))
    assert isinstance(panel.trace.history.last, ArrayValue)
    assert panel.lens_name == "waveform"


def test_captures_change_from_hit_to_hit(make_panel: MakePanel) -> None:
    panel = open_panel(make_panel, SimpleNamespace(samples=[1.0, 2.0], dt=1.0))
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    assert isinstance(panel.lens, SamplesLens)
    panel.lens.restore({"persistence": "last ones fading"})
    probe = panel.trace
    for value in (
        SimpleNamespace(samples=np.empty(0), dt=1.0),
        SimpleNamespace(samples=np.array(["x"]), dt=1.0),
        {"a": 1},
        SimpleNamespace(samples=np.full(5, np.nan), dt=0.1),
        np.arange(3),
        SimpleNamespace(samples=np.arange(9), dt=0.2),
    ):
        capture(probe, value)  # type: ignore[arg-type]
        panel.refresh()
        panel.grab()
    assert failures == []
    assert panel.lens_name == "samples"
