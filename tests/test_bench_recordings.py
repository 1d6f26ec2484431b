"""The bench's recording is one that opens whole, and its row measures that."""

import sys
from pathlib import Path

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts" / "bench"))

import rows_recordings
from measuring import Setting

from pyprobe.session.recording_reader import RecordingReader


def test_the_recording_holds_what_it_says(tmp_path: Path) -> None:
    path = rows_recordings.make_recording(tmp_path, 10_001)
    reader = RecordingReader(str(path))
    columns = [column for message in reader.columns() for column in message]
    assert sum(column.count for column in columns) == 10_001
    assert {column.probe_id for column in columns} == {1, 2, 3, 4}
    assert reader.info.whole


def test_opening_it_is_measured() -> None:
    measured = rows_recordings.open_recording(Setting(sys.executable, quick=True))
    assert "with all of them after" in measured.value
    assert "1,000,000 captures of 4 probes" in measured.reference
