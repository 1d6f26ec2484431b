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
assert classify_data(pd.DataFrame({"a": [1]})) == ("DataFrame", (1, 1))
assert record(pd.NaT)["text"] == "NaT"
assert record(pd.Timestamp("2020-01-01"))["text"] == "2020-01-01T00:00:00"

class Ran(BaseException):
    pass

class Own(pd.Series):
    def __getattribute__(self, name):
        raise Ran

pack(pd.Series.__new__(Own), reduce_above=0, ring=None)
classify_data(pd.Series.__new__(Own))
"""

PIL = """
from PIL import Image
red = Image.new("RGB", (2, 1), (255, 0, 0))
assert array(red) == [[[255, 0, 0], [255, 0, 0]]]
assert classify_data(red) == ("Image", (1, 2, 3))
for mode, value in (("L", 7), ("F", 1.5), ("I", 70000), ("I;16", 700)):
    assert array(Image.new(mode, (2, 1), value)) == [[value, value]]
assert array(Image.new("1", (2, 1), 1)) == [[255, 255]]
palette = Image.new("P", (2, 1), 1)
palette.putpalette([0, 0, 0, 9, 8, 7])
assert array(palette) == [[[9, 8, 7], [9, 8, 7]]]
assert classify_data(palette) == ("Image", (1, 2, 3))
assert record(Image.new("LAB", (3, 2)))["text"] == "LAB image of 3 × 2"
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
