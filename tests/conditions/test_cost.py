"""The bench of conditions measures what it says."""

import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "bench"))

from measuring import Setting, run_plain
from rows_conditions import one_comparison

SETTING = Setting(sys.executable, quick=True)


def test_the_row_says_what_one_comparison_costs() -> None:
    measurement = one_comparison(SETTING)
    assert measurement.value.endswith(" ns")
    assert measurement.reference.startswith("reading the local alone ")


def test_every_shape_is_measured() -> None:
    printed = run_plain(SETTING, "conditions.py")
    for word in ("read", "comparison", "attribute", "element", "both", "edge"):
        assert printed.median(word) > 0
