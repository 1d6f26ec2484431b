"""Values of pandas and PIL, as far as these libraries are installed beside the tests."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]

PRELUDE = """
import sys
sys.path.insert(0, {root!r})
import numpy as np
from pyprobe.core.data_classifier import classify_data
from pyprobe.core.values import pack
from pyprobe.ipc.packed import PackedArray, PackedText

def record(value, **options):
    result = pack(value, reduce_above=options.pop("reduce_above", 0), ring=None)
    assert not getattr(result, "failure", ""), result.failure
    return result.record

def array(value):
    found = record(value)
    return np.frombuffer(found["data"], found["dtype"]).reshape(found["shape"]).tolist()
"""

PANDAS = """
import pandas as pd
assert array(pd.Series([1.0, 2.0])) == [1.0, 2.0]
assert record(pd.Series([1]))["type"] == "Series"
assert classify_data(pd.Series([1, 2])) == ("Series", (2,))
assert array(pd.DataFrame({"a": [1, 2], "b": [1.5, 2]})) == [[1, 1.5], [2, 2]]
assert classify_data(pd.DataFrame({"a": [1]})) == ("DataFrame", (1, 1))
for values in (["a"], [None], [pd.Timestamp("2020-01-01")]):
    assert record(pd.Series(values))["text"].startswith("Series of 1: ")
assert record(pd.Series([1], dtype="Int64"))["text"] == "Series of 1: Int64"
mixed = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
assert record(mixed)["text"] == "DataFrame of 2 × 2: a, b"
assert record(pd.DataFrame())["text"] == "DataFrame of 0 × 0: "
assert record(pd.NaT)["text"] == "NaT"
assert record(pd.Timestamp("2020-01-01"))["text"] == "2020-01-01T00:00:00"

class Ran(BaseException):
    pass

class Own(pd.Series):
    def __getattribute__(self, name):
        raise Ran

record(pd.Series.__new__(Own))
classify_data(pd.Series.__new__(Own))
"""

PIL = """
from PIL import Image
red = Image.new("RGB", (2, 1), (255, 0, 0))
assert array(red) == [[[255, 0, 0], [255, 0, 0]]]
assert classify_data(red) == ("Image", (1, 2, 3))
for mode, value in (("L", 7), ("F", 1.5), ("I", 70000), ("I;16", 700)):
    assert array(Image.new(mode, (2, 1), value)) == [[value, value]]
assert record(Image.new("1", (3, 2)))["text"] == "1 image of 3 × 2"
small = record(Image.new("RGB", (600, 300)), reduce_above=100_000)
assert small["full_shape"] == [300, 600, 3]
assert len(small["data"]) <= 100_000 and small["reduced"].startswith("mean of ")
red.save(sys.argv[1])
with Image.open(sys.argv[1]) as lazy:
    assert record(lazy)["text"] == "RGB image of 2 × 1"
    assert lazy.fp is not None  # looking has not loaded it
    lazy.load()
    assert array(lazy) == [[[255, 0, 0], [255, 0, 0]]]
"""


def test_values_of_the_libraries_that_are_installed(tmp_path: Path) -> None:
    checks = {"pandas": PANDAS, "PIL": PIL}
    for library, check in checks.items():
        if find_spec(library) is None:
            continue
        source = PRELUDE.format(root=str(ROOT)) + check
        command = [sys.executable, "-c", source, str(tmp_path / "image.png")]
        result = subprocess.run(command, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr.decode()
