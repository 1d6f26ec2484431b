"""Fixtures of the end-to-end tests: an X server for all, and a window for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.driver import Window, open_window, x_server

Opener = Callable[..., Window]


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
