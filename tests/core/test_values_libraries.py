"""Values of pandas, xarray, scipy, PIL and torch, as far as these are installed beside the tests.

Each library is loaded in a process of its own, so that other tests run without it.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PRELUDE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from pyprobe.core.data_classifier import classify_data
from pyprobe.core.values import pack
from pyprobe.ipc.packed import PackedArray, PackedText, PackedTree
from pyprobe.session.tree_samples import coordinates
from pyprobe.session.tree_table import sparse_entries, table_of
from pyprobe.session.tree_text import tree_text
from tests.ipc.wire import array_of, contents_of, packed, text_of, tree_of

class Ran(BaseException):
    pass

def values(value):
    return array_of(value).array.tolist()

def path(tree, *steps):
    return tree.find(steps)
"""

PANDAS_SERIES = """
import pandas as pd
assert values(pd.Series([1.0, 2.0])) == [1.0, 2.0]
assert array_of(pd.Series([1])).type == "Series"
assert classify_data(pd.Series([1, 2])) == ("Series", (2,))

tree = tree_of(pd.Series([1.5, 2.5], index=["u", "v"], name="q"))
assert contents_of(tree) == {
    "": ("series", "Series", "Series", 3),
    ".values": ("ndarray", [1.5, 2.5]),
    ".index": ("str", ["u", "v"]),
    ".name": "q",
}
assert coordinates(tree, tree.form.root).tolist() == ["u", "v"]
assert tree_text(tree) == "Series of 2: float64"

tree = tree_of(pd.Series([1, 2, 3], index=range(10, 40, 10)))
assert coordinates(tree, tree.form.root).tolist() == [10, 20, 30]
tree = tree_of(pd.Series([1, 2], index=pd.to_datetime(["2020-01-01", "2020-01-02"])))
assert coordinates(tree, tree.form.root).astype("M8[D]").astype(str).tolist() == [
    "2020-01-01", "2020-01-02"
]
assert contents_of(tree_of(pd.Series(["a", None, "b"])))[".values"] == (
    str(pd.Series(["a"]).dtype), ["a", "nan", "b"]
)
assert contents_of(tree_of({"s": pd.Series([1, 2])}))["['s']"] == ("Series", [1, 2])
assert text_of(pd.NaT)["text"] == "NaT"
assert text_of(pd.NA)["text"] == "NA"
assert text_of(pd.Period("2020-01", freq="M"))["text"] == "2020-01"
assert text_of(pd.Interval(0, 1))["text"] == "(0, 1]"
assert text_of(pd.Timestamp("2020-01-01"))["text"] == "2020-01-01T00:00:00"
assert contents_of(tree_of(pd.Index([3, 1])))[".values"] == ("ndarray", [3, 1])
assert tree_text(tree_of(pd.RangeIndex(2, 8, 3))) == "RangeIndex(2, 8, 3)"

class Own(pd.Series):
    def __getattribute__(self, name):
        raise Ran

pack(pd.Series.__new__(Own), reduce_above=0, ring=None)
classify_data(pd.Series.__new__(Own))
"""

PANDAS_FRAME = """
import pandas as pd
frame = pd.DataFrame({"a": [1, 2], "b": [1.5, 2.5], 3: [True, False]})
assert classify_data(frame) == ("DataFrame", (2, 3))
tree = tree_of(frame)
assert tree_text(tree) == "DataFrame of 2 × 3: a, b, 3"
assert not tree.form.cut
table = table_of(tree)
assert (table.names, table.row_count, table.column_count) == (["a", "b", "3"], 2, 3)
assert [table.cell(1, column) for column in (-1, 0, 1, 2)] == [1, 2, 2.5, False]
assert [table.values(column).dtype for column in range(3)] == ["int64", "float64", "bool"]
assert table.cell(5, 0) is None
assert path(tree, "['a']").step == "['a']" and path(tree, "[3]") is not None

repeated = table_of(tree_of(pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"])))
assert repeated.names == ["x", "x"]
assert [repeated.cell(1, column) for column in (0, 1)] == [3, 4]
assert [column.step for column in repeated.columns] == ["['x']", "['x']#2"]

mixed = table_of(tree_of(pd.DataFrame({
    "text": ["x", "y"],
    "object": pd.Series([{"k": 1}, None], dtype=object),
    "time": pd.to_datetime(["2020-01-01", "2021-02-03"]),
    "zoned": pd.to_datetime(["2020-01-01", "2021-02-03"]).tz_localize("UTC"),
    "kind": pd.Categorical(["u", None], categories=["u", "v"]),
    "int": pd.array([1, None], dtype="Int64"),
    "whole": pd.array([1, 2], dtype="Int64"),
    "flag": pd.array([True, False], dtype="boolean"),
    "span": pd.to_timedelta([1, 2], unit="s"),
    "period": pd.period_range("2020", "2021", freq="Y"),
    "sparse": pd.arrays.SparseArray([0, 5]),
    "range": pd.interval_range(0, 2),
})))
rows = [[mixed.cell(row, column) for column in range(12)] for row in (0, 1)]
assert rows[0][:2] == ["x", "{'k': 1}"] and rows[1][:2] == ["y", "None"]
assert rows[1][2].startswith("2021-02-03") and rows[1][3].startswith("2021-02-03")
assert (rows[0][4], rows[1][4]) == ("u", "")
assert rows[0][5] == 1.0 and rows[1][5] != rows[1][5]
assert (rows[1][6], rows[1][7], rows[1][9], rows[1][10]) == (2, False, "2021", 5)
assert mixed.values(6).dtype == np.int64
assert mixed.values(8).dtype.kind == "m"
assert rows[0][11] == "(0, 1]"

levels = table_of(tree_of(pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples(
    [("a", 1), ("b", 2)], names=["k", None]
))))
assert (levels.row_count, levels.cell(1, -1)) == (2, "b")
assert tree_text(tree_of(pd.DataFrame())) == "DataFrame of 0 × 0: "
assert table_of(tree_of(pd.DataFrame())).row_count == 0

wide = table_of(tree_of(pd.DataFrame(np.zeros((2, 1000)))))
assert wide.column_count == 1000 and 100 < len(wide.columns) < 400

import pyprobe.core.value_pandas as reading
reading.TABLE_BYTES, reading.TEXT_ROWS = 3200, 10
tall = tree_of(pd.DataFrame({"a": np.arange(1000), "t": ["x"] * 1000}))
assert tall.form.cut
table = table_of(tall)
assert table.row_count == 1000
assert (table.cell(99, 0), table.cell(9, 1), table.cell(10, 1)) == (99, "x", None)
assert len(table.values(0)) < 1000

array = frame["b"].to_numpy(copy=True)
frame["b"] = array
before = packed(frame)
frame.loc[0, "b"] = 99.0
from tests.ipc.wire import send
assert table_of(send([before])[0].trees[0]).cell(0, 1) == 1.5

class Cell:
    def __repr__(self):
        raise Ran
    __str__ = __eq__ = __hash__ = __array__ = __len__ = __repr__

table = table_of(tree_of(pd.DataFrame({"o": [Cell(), Cell()]})))
assert table.cell(0, 0) == "Cell()"

from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype

class OwnDtype(ExtensionDtype):
    name, type, na_value = "own", float, None
    @classmethod
    def construct_array_type(cls):
        return OwnArray

class OwnArray(ExtensionArray):
    armed = False
    def __getattribute__(self, name):
        if OwnArray.armed:
            raise Ran
        return object.__getattribute__(self, name)
    def __len__(self):
        if OwnArray.armed:
            raise Ran
        return 2
    dtype = OwnDtype()
    def copy(self):
        return self
    def take(self, *arguments, **options):
        return self
    def __getitem__(self, key):
        return self if isinstance(key, slice) else 1.0
    def isna(self):
        return np.zeros(2, bool)

class OwnIndex(pd.Index):
    armed = False
    def __len__(self):
        if OwnIndex.armed:
            raise Ran
        return super().__len__()
    def __getitem__(self, key):
        if OwnIndex.armed:
            raise Ran
        return super().__getitem__(key)

extended = pd.DataFrame({"a": [1, 2], "own": pd.Series(OwnArray())})
series = pd.Series(OwnArray())
indexed = pd.DataFrame({"a": [1, 2]})
odd = pd.Index._simple_new.__func__(OwnIndex, np.array([5, 6]))
indexed._mgr.axes[1] = odd
OwnArray.armed = OwnIndex.armed = True
table = table_of(tree_of(extended))
assert (table.cell(1, 0), table.values(1)) == (2, None)
assert contents_of(tree_of(series))[".values"] == "<OwnArray>"
assert classify_data(series)[0] == "object" and classify_data(indexed)[0] == "object"
assert tree_text(tree_of(indexed)) == "DataFrame of 0 × 0: "
OwnArray.armed = OwnIndex.armed = False

class Own(pd.DataFrame):
    def __getattribute__(self, name):
        raise Ran

pack(pd.DataFrame.__new__(Own), reduce_above=0, ring=None)
classify_data(pd.DataFrame.__new__(Own))
"""

XARRAY = """
import xarray as xr
array = xr.DataArray(
    np.arange(6.0).reshape(2, 3),
    dims=("t", "x"),
    coords={"t": [0.5, 1.5], "x": ["a", "b", "c"], "extra": ("t", [7, 8])},
    name="q",
    attrs={"units": "V"},
)
tree = tree_of(array)
root = tree.form.root
found = contents_of(tree)
assert tree_text(tree) == "DataArray of t 2 × x 3: float64"
assert found[".values"] == ("ndarray", [[0, 1, 2], [3, 4, 5]])
assert (found[".name"], found[".attrs['units']"], found[".dims[1]"]) == ("q", "V", "x")
assert found[".coords['extra'].values"] == ("ndarray", [7, 8])
assert coordinates(tree, root, 0).tolist() == [0.5, 1.5]
assert coordinates(tree, root, 1).tolist() == ["a", "b", "c"]
assert coordinates(tree, root, 2) is None

tree = tree_of(xr.Dataset({"q": array, "r": array * 2}))
found = contents_of(tree)
assert tree_text(tree) == "Dataset: q, r"
assert found[".variables['r'].values"] == ("ndarray", [[0, 2, 4], [6, 8, 10]])
assert found[".coords['t'].values"] == ("ndarray", [0.5, 1.5])
assert tree_text(tree_of(xr.DataArray(3.0))) == "DataArray of no dimensions: float64"
assert tree_text(tree_of(xr.Variable(("t",), [1, 2]))) == "Variable of t 2: int64"

class Own(xr.DataArray):
    __slots__ = ()

def run(self, name):
    raise Ran

Own.__getattribute__ = run
pack(xr.DataArray.__new__(Own), reduce_above=0, ring=None)
"""

SCIPY = """
import scipy.sparse as sparse
dense = np.array([[0, 1.5, 0, 0], [2.5, 0, 0, 3.5]])
for form in ("csr", "csc", "coo", "dia", "lil", "dok", "bsr"):
    for make in (sparse.csr_matrix, sparse.csr_array):
        value = make(dense).asformat(form)
        tree = tree_of(value)
        assert tree.form.root.layout.value == "sparse", form
        entries = sparse_entries(tree)
        assert entries.dense().tolist() == dense.tolist(), form
        assert tree_text(tree).startswith(f"{form}_"), form
line = np.array([0, 1.5, 0, 2.5])
for form in ("csr", "coo", "dok"):
    tree = tree_of(sparse.coo_array(line).asformat(form))
    assert tree_text(tree) == f"{form}_array of 4, 2 stored: float64"
    assert contents_of(tree)[".data"] == ("ndarray", [1.5, 2.5])
assert contents_of(tree)[".row"] == ("ndarray", [1, 3])
tree = tree_of(sparse.csr_matrix(dense))
assert tree_text(tree) == "csr_matrix of 2 × 4, 3 stored: float64"
assert contents_of(tree)[".indptr"] == ("ndarray", [0, 1, 3])
assert sparse_entries(tree_of(sparse.csr_matrix((0, 0)))).dense().shape == (0, 0)
assert tree_of({"m": sparse.eye(2)}).form.nodes[1].layout.value == "sparse"

class Own(sparse.csr_matrix):
    def __getattribute__(self, name):
        raise Ran

pack(sparse.csr_matrix.__new__(Own), reduce_above=0, ring=None)
"""

PIL = """
from PIL import Image
red = Image.new("RGB", (2, 1), (255, 0, 0))
assert values(red) == [[[255, 0, 0], [255, 0, 0]]]
assert array_of(red).array.dtype == np.uint8
assert classify_data(red) == ("Image", (1, 2, 3))
assert values(Image.new("RGBA", (1, 1), (1, 2, 3, 4))) == [[[1, 2, 3, 4]]]
for mode, value in (("L", 7), ("F", 1.5), ("I", 70000), ("I;16", 700)):
    assert values(Image.new(mode, (2, 1), value)) == [[value, value]]
assert values(Image.new("1", (2, 1), 1)) == [[255, 255]]
palette = Image.new("P", (2, 1), 1)
palette.putpalette([0, 0, 0, 9, 8, 7])
assert values(palette) == [[[9, 8, 7], [9, 8, 7]]]
assert classify_data(palette) == ("Image", (1, 2, 3))
assert text_of(Image.new("LAB", (3, 2)))["text"] == "LAB image of 3 × 2"
small = array_of(Image.new("RGB", (600, 300)), reduce_above=100_000)
assert small.full_shape == (300, 600, 3)
assert small.array.nbytes <= 100_000 and small.reduced.startswith("mean of ")
assert contents_of(tree_of({"i": red}))["['i']"] == ("Image", [[[255, 0, 0], [255, 0, 0]]])
closed = red.copy()
closed.close()
assert text_of(closed)["text"] == "RGB image of 2 × 1"
red.save("image.png")
with Image.open("image.png") as lazy:
    assert text_of(lazy)["text"] == "RGB image of 2 × 1"
    assert lazy.fp is not None  # looking has not loaded it
    lazy.load()
    assert values(lazy) == [[[255, 0, 0], [255, 0, 0]]]
"""

TORCH = """
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

assert values(torch.arange(3)) == [0, 1, 2]
assert array_of(torch.arange(3)).type == "Tensor"
assert values(torch.ones(1, 2, requires_grad=True)) == [[1, 1]]
assert values(torch.ones(2, dtype=torch.bfloat16)) == [1, 1]
assert values(torch.nn.Parameter(torch.zeros(2))) == [0, 0]
assert values(torch.tensor([1 + 2j]).conj()) == [1 - 2j]
assert values(torch.tensor([1 + 2j]).conj().imag) == [-2]
assert values(torch.tensor([1 + 2j], dtype=torch.complex32).conj()) == [1 - 2j]
assert values(torch.arange(6).reshape(2, 3).t()[1:]) == [[1, 4], [2, 5]]
assert values(torch.ones(1).expand(2, 2)) == [[1, 1], [1, 1]]
assert array_of(torch.empty(0, 3)).array.shape == (0, 3)
for dtype in ("float16", "int8", "uint16", "uint64", "bool", "complex128"):
    assert array_of(torch.ones(2).to(getattr(torch, dtype))).array.dtype == dtype
assert classify_data(torch.ones(2, 3)) == ("Tensor", (2, 3))
with torch.inference_mode():
    assert values(torch.ones(2)) == [1, 1]

number = packed(torch.tensor(2.5, requires_grad=True) * 2)  # a loss, say
assert (number.value, number.dtype) == (5.0, "float32")
assert packed(torch.tensor(7)).value == 7
assert contents_of(tree_of({"loss": torch.tensor(0.5)}))["['loss']"] == 0.5

for form in ("coo", "csr", "csc"):
    tree = tree_of(torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse(
        layout=getattr(torch, f"sparse_{form}")
    ))
    assert sparse_entries(tree).dense().tolist() == [[0, 2], [3, 0]], form
sparse = text_of(torch.ones(2).to_sparse())["text"]
assert sparse == "sparse_coo tensor of (2,) on cpu: torch.float32"
assert text_of(torch.float32)["text"] == "torch.float32"
assert text_of(torch.device("cpu"))["text"] == "cpu"

# What has been read is as it was: it can still be resized, and nobody holds it.
tensor = torch.ones(4)
references, version = sys.getrefcount(tensor), tensor._version
sent = packed(tensor)
assert (sys.getrefcount(tensor), tensor._version) == (references, version)
tensor.resize_(1000)
tensor.zero_()
from tests.ipc.wire import send
assert send([sent])[0].arrays[0].array.tolist() == [1, 1, 1, 1]
emptied = torch.ones(4)
emptied.untyped_storage().resize_(0)
assert text_of(emptied)["text"] == "tensor of (4,) on cpu: torch.float32"
assert text_of(torch.empty(2, device="meta"))["text"] == "tensor of (2,) on meta: torch.float32"
found = contents_of(tree_of(torch.nn.Linear(2, 1, bias=False)))
assert found[".in_features"] == 2
assert found["._parameters['weight']"][0] == "Parameter"

class Function(TorchFunctionMode):
    def __torch_function__(self, *arguments):
        raise Ran

class Dispatch(TorchDispatchMode):
    def __torch_dispatch__(self, *arguments):
        raise Ran

class Own(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *arguments, **options):
        raise Ran
    def __getattribute__(self, name):
        raise Ran

tensor = torch.ones(2)
with Function():
    assert values(tensor) == [1, 1]
    classify_data(tensor)
with Dispatch():
    assert values(tensor) == [1, 1]
own = torch.Tensor._make_subclass(Own, tensor)
assert values(own) == [1, 1]
assert classify_data(own) == ("Own", (2,))

class Wrapped(torch.Tensor):
    @staticmethod
    def __new__(cls):
        return torch.Tensor._make_wrapper_subclass(cls, (2,))
    @classmethod
    def __torch_dispatch__(cls, *arguments, **options):
        raise Ran

assert text_of(Wrapped())["type"] == "Wrapped"

from pyprobe.core.plain_access import RunsCodeError, read_attribute

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)
        self.register_buffer("seen", torch.ones(1))

net = Net()
assert read_attribute(read_attribute(net, "layer"), "weight") is net.layer.weight
assert read_attribute(net, "seen") is net.seen
Net.__getattr__ = lambda self, name: 1 / 0
try:
    read_attribute(net, "layer")
except RunsCodeError:
    pass
else:
    raise AssertionError

def inside(part):
    assert "tensor of (2,)" in text_of({"y": part})["text"]
    return part.sum()

torch.func.grad(inside)(torch.ones(2))
"""

CHECKS = {
    "pandas": {"series": PANDAS_SERIES, "frame": PANDAS_FRAME},
    "xarray": {"arrays": XARRAY},
    "scipy": {"sparse": SCIPY},
    "PIL": {"images": PIL},
    "torch": {"tensors": TORCH},
}
INSTALLED = [
    (check, source)
    for library, sources in CHECKS.items()
    for check, source in sources.items()
    if find_spec(library) is not None
]


@pytest.mark.parametrize("source", [s for _, s in INSTALLED], ids=[check for check, _ in INSTALLED])
def test_values_of_the_libraries_that_are_installed(source: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRELUDE + source]
    result = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stderr.decode()
