"""Fixtures shared with the terminal's and the session's tests."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from pyprobe.session.export_jsonl import write_jsonl
from pyprobe.session.recording_reader import RecordingReader
from tests.cli.conftest import Place
from tests.session.conftest import make_session

__all__ = ["make_session", "place"]


class QuickPlace(Place):
    """Exports in this process, which saves an interpreter's start."""

    def export(self) -> list[dict[str, Any]]:
        text = io.StringIO()
        write_jsonl(RecordingReader(str(self.folder / "out.mcap")), text)
        return [json.loads(line) for line in text.getvalue().splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder of its own."""
    return QuickPlace(tmp_path)
