"""A fixture for tests of values that must hold with numpy and without."""

import sys

import pytest


@pytest.fixture(autouse=True, params=["numpy loaded", "no numpy"])
def numpy_or_not(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no numpy":
        monkeypatch.setitem(sys.modules, "numpy", None)
