"""Values captured in running programs, drawn by the lenses that suit them."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.image import ImageLens
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.table import TableLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.tree import TreeLens
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.probe import Probe
from pyprobe.session.session import Session
from tests.plots.conftest import MakePanel
from tests.session.running import occurrence_of, program_of, until_end

RunProgram = Callable[[str, str], Probe]

TORCH_STAND_IN = """
import numpy as np
from types import ModuleType
import sys

class DisableTorchFunction:
    def __enter__(self): return self
    def __exit__(self, *error): return None

class Device:
    type = "cpu"
    def __str__(self): return "cpu"

class TensorBase:
    is_quantized = property(lambda self: False)
    layout = property(lambda self: "torch.strided")
    device = property(lambda self: Device())
    shape = property(lambda self: self._array.shape)
    dtype = property(lambda self: f"torch.{self._array.dtype.name}")

    def stride(self): return tuple(step // self._array.itemsize for step in self._array.strides)
    def storage_offset(self): return 0
    def data_ptr(self): return self._array.ctypes.data
    def untyped_storage(self): return self
    def nbytes(self): return self._array.nbytes
    def is_conj(self): return False
    def is_neg(self): return False

class Tensor(TensorBase):
    def __init__(self, array): self._array = np.array(array)
    def __repr__(self): raise SystemExit("repr was asked of a tensor")
    def __array__(self, *options): raise SystemExit("an array was asked of a tensor")

_C = ModuleType("torch._C")
_C.DisableTorchFunction = DisableTorchFunction
_C.TensorBase = TensorBase
sys.modules["torch._C"] = _C

def tensor(array): return Tensor(array)
"""


@pytest.fixture
def run_program(tmp_path: Path) -> Iterator[RunProgram]:
    """Return a function that runs a program with one probe to its end, and returns the probe."""
    sessions: list[Session] = []

    def run(source: str, spec: str) -> Probe:
        file = tmp_path / "program.py"
        file.write_text(dedent(source), encoding="utf-8")
        session = Session(program_of(file, python=sys.executable))
        sessions.append(session)
        probe = session.add_probe(occurrence_of(file, spec), str(file), throttle="every")
        session.start()
        ending = until_end(session)
        assert ending.exit_code == 0, ending
        return probe

    yield run
    for session in sessions:
        session.close()


def panel_of(make_panel: MakePanel, probe: Probe) -> TracePanel:
    panel = make_panel(probe)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    panel.refresh()
    panel.grab()
    assert failures == []
    return panel


def draw_as(panel: TracePanel, lens: str) -> None:
    last = panel.trace.history.last
    assert last is not None
    panel.choose_lens(traits_of(last), lens)
    panel.grab()
    assert panel.lens_name == lens


def leaf_of(probe: Probe, *path: str) -> LeafTrace:
    leaf = LeafTrace(77, probe, path)
    while leaf.update()[1]:
        pass
    return leaf


def header_of(lens: TableLens) -> list[str]:
    model = lens.model
    columns = range(model.columnCount())
    return [model.headerData(at, Qt.Orientation.Horizontal) for at in columns]


# xarray.


def test_an_array_with_labels(run_program: RunProgram, make_panel: MakePanel) -> None:
    probe = run_program(
        """
        import numpy as np, xarray as xr
        for step in range(3):
            heat = xr.DataArray(
                np.arange(6.0).reshape(2, 3) + step,
                dims=("time", "x"), coords={"x": [10, 20, 30]}, name="heat",
            )
        """,
        "4:heat",
    )
    assert probe.history.count == 3
    panel = panel_of(make_panel, probe)
    lens = panel.lens
    assert isinstance(lens, TableLens)
    assert header_of(lens) == ["10", "20", "30"]
    assert lens.model.index(1, 2).data() == "7"
    draw_as(panel, "image of its numbers")
    assert isinstance(panel.lens, ImageLens)
    assert panel.lens.image.tolist() == [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]
    draw_as(panel, "tree")
    leaf = leaf_of(probe, ".values")
    assert [one.value.array[0, 0] for one in leaf.history.arrays()] == [0.0, 1.0, 2.0]


def test_a_dataset(run_program: RunProgram, make_panel: MakePanel) -> None:
    probe = run_program(
        """
        import numpy as np, xarray as xr
        for step in range(2):
            run = xr.Dataset(
                {"u": ("t", np.arange(4.0) + step), "v": ("t", np.arange(4.0) * 10)},
                coords={"t": [0.0, 0.1, 0.2, 0.3]}, attrs={"site": "lab"},
            )
        """,
        "4:run",
    )
    panel = panel_of(make_panel, probe)
    assert isinstance(panel.lens, TreeLens)
    panel.lens.view.expandAll()
    panel.grab()
    leaf = leaf_of(probe, ".variables", "['u']", ".values")
    arrays = [one.value.array.tolist() for one in leaf.history.arrays()]
    assert arrays == [[0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0]]
    drawn = make_panel(probe)
    drawn.overlay(leaf)
    own = TracePanel(leaf, panel.theme)
    own.resize(400, 300)
    own.show()
    own.refresh()
    assert own.lens_name == "waveform"
    assert isinstance(own.lens, CurveCanvas)
    assert own.lens.curves[0].y.tolist() == [1.0, 2.0, 3.0, 4.0]
    own.close()
    own.deleteLater()


# pandas.


def test_columns_that_share_a_name(run_program: RunProgram, make_panel: MakePanel) -> None:
    probe = run_program(
        """
        import pandas as pd
        for step in range(2):
            frame = pd.DataFrame([[1, 2.5, "a"], [3, 4.5, "b"]], columns=["x", "x", "y"])
        """,
        "4:frame",
    )
    panel = panel_of(make_panel, probe)
    lens = panel.lens
    assert isinstance(lens, TableLens)
    assert header_of(lens) == ["x", "x", "y"]
    assert [lens.model.index(1, column).data() for column in range(3)] == ["3", "4.5", "b"]
    paths = [lens.model.column_path(column) for column in range(3)]
    assert paths[0] != paths[1]
    for path, expected in zip(paths[:2], ([1, 3], [2.5, 4.5]), strict=True):
        leaf = leaf_of(probe, *path)
        assert leaf.history.arrays()[-1].value.array.tolist() == expected


def test_a_table_of_a_million_rows(run_program: RunProgram, make_panel: MakePanel) -> None:
    probe = run_program(
        """
        import numpy as np, pandas as pd
        for step in range(1):
            frame = pd.DataFrame({"n": np.arange(1_000_000), "half": np.arange(1_000_000) / 2})
        """,
        "4:frame",
    )
    lens = panel_of(make_panel, probe).lens
    assert isinstance(lens, TableLens)
    rows, columns = lens.model.rowCount(), lens.model.columnCount()
    assert columns == 2
    if rows < 1_000_000:  # what did not come is said
        assert f"of {1_000_000:,} rows" in " ".join(lens.notes())
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    bar.setValue(bar.maximum())
    lens.grab()
    assert lens.model.index(rows - 1, 0).data() == str(rows - 1)


# torch: a stand-in for the real library, which is larger than all else these tests need. The
# library itself is read by tests/core/test_values_libraries.py wherever it is installed.


def test_a_tensor_is_drawn_as_the_array_it_holds(
    run_program: RunProgram, make_panel: MakePanel, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text(TORCH_STAND_IN, encoding="utf-8")
    probe = run_program(
        """
        import numpy as np, torch
        for step in range(3):
            weights = torch.tensor(np.full(5, step, np.float32) if step < 2 else np.eye(4))
        """,
        "4:weights",
    )
    shapes = [one.value.shape for one in probe.history.arrays()]
    assert shapes == [(5,), (5,), (4, 4)]
    assert {one.value.type_name for one in probe.history.arrays()} == {"Tensor"}
    panel = panel_of(make_panel, probe)
    assert isinstance(panel.lens, ImageLens)
    assert panel.lens.image.tolist() == np.eye(4).tolist()


# What is bad input for a lens.

STRANGE = """
import numpy as np
values = [
    1, 2.5, True, 3 + 4j, 10**400, -(10**400), 2**70, float("nan"), float("inf"), 1e308, -1.79e308,
    None, "text", b"bytes", [1, 2], {"a": 1},
    np.empty(0), np.full(5, np.nan), np.array([1.7e308, -1.7e308]), np.arange(5), np.ones((3, 4)),
    np.empty((0, 4)), np.array(["a", "b"]), np.array([1, "x", None], dtype=object),
    np.array([10**400, 1], dtype=object), np.full((2, 3), np.nan), np.ones((2, 2, 2, 2)),
    np.array(5.0), np.arange(3) + 1j, np.array([], dtype=object), np.zeros((3, 0, 2)),
    np.array(["2020-01-01"], dtype="M8[D]"), np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), 7,
]
for thing in values:
    x = thing
"""


def test_a_value_of_another_kind_at_each_hit(
    run_program: RunProgram, make_panel: MakePanel
) -> None:
    probe = run_program(STRANGE, "13:x")
    assert probe.history.count == 34
    panel = panel_of(make_panel, probe)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    t_ns, seen = probe.history.last_t_ns, 0
    while t_ns is not None:
        panel.show_at(t_ns)
        last = probe.history.as_of(t_ns).last
        assert last is not None
        traits = traits_of(last)
        for entry in panel.choice.registry.lenses_for(traits):
            panel.choose_lens(traits, entry.name)
            if isinstance(panel.lens, PlotCanvas):
                panel.lens.rebuild()
            panel.grab()
        panel.choice.picks.clear()
        seen += 1
        t_ns = probe.history.previous_t_ns(t_ns)
    assert failures == []
    assert seen >= 30  # captures of the same nanosecond are one moment
