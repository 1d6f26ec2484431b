"""Fixtures of the end-to-end tests: an X server for all, and a window for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.driver import Window, open_window, x_server
from tests.e2e.plots import Plot

Opener = Callable[..., Window]

WAVES = """\
import math

for number in range(200):
    wave = math.sin(number / 10)
    ramp = 5.0 * number
    other = 2.0 * wave
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server of our own, so that nothing else takes the pointer or the keyboard."""
    with x_server() as name:
        yield name


@pytest.fixture
def opener(display: str, tmp_path: Path) -> Iterator[Opener]:
    """Open windows; each has to end by itself, with exit code 0 and an empty stderr."""
    windows: list[Window] = []

    def open_one(*arguments: object, **options: Any) -> Window:
        window = open_window(display, tmp_path, arguments, **options)
        windows.append(window)
        window.wait_event("layout")
        window.focus()
        return window

    yield open_one
    for window in windows:
        if window.process.poll() is None:
            window.process.kill()
            window.process.communicate()
            window.report.join()
            pytest.fail("a test left its window open")


@pytest.fixture
def waves(opener: Opener, tmp_path: Path) -> Window:
    """A window with ``wave`` and ``ramp`` probed at every hit, whose program has ended."""
    path = tmp_path / "program.py"
    path.write_text(WAVES, encoding="utf-8")
    probes = (f"{path}:4:wave=every", f"{path}:5:ramp=every")
    window = opener(*(word for probe in probes for word in ("-p", probe)), "--run", path)
    window.wait_event("ending", complete=True)
    for name in ("wave", "ramp"):
        Plot(window, name).wait(lambda facts: facts["x"]["high"] >= 199.0, "all captures")
    window.settled_layout()
    return window
