"""The snapshots of a recording are found as those of the session were."""

from pathlib import Path

from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Captures
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.recording import Recorder
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.snapshot_labels import recorded_snapshots
from pyprobe.session.snapshots import Snapshot, SnapshotStore
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until_end

LOOP = """\
def run(gain):
    for i in range(100):
        x = i * gain
        y = -x
run(0.5)
"""


def told(snapshot: Snapshot) -> tuple[object, ...]:
    probes = {key: (one.title, one.seq, one.text) for key, one in snapshot.probes.items()}
    where = (snapshot.label, snapshot.number, snapshot.seq, snapshot.t_ns, snapshot.place)
    return *where, dict(snapshot.variables), probes


def record(make_session: MakeSession, path: str) -> SnapshotStore:
    session, _heard, file = make_session(LOOP)
    recorder = Recorder(path, session.program)
    session.recorder = recorder
    x = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.add_probe(occurrence_of(file, "4:y"), str(file), throttle="every")
    session.when("x == 20", at=x).snapshot("late")
    session.when("changed(i)", at=x).snapshot("step")
    session.start()
    ending = until_end(session)
    assert isinstance(ending, Ending)
    recorder.finish(ending)
    return session.snapshots


def test_they_are_the_same_under_the_same_names(make_session: MakeSession, tmp_path: Path) -> None:
    path = str(tmp_path / "run.mcap")
    live = record(make_session, path)
    session = RecordedSession(path)
    assert not session.snapshots.find_all()  # nothing is read yet
    while session.process_events():
        pass
    kept = session.snapshots
    assert kept.labels == ["late", "step"] or kept.labels == ["step", "late"]
    for label in ("late", "step"):
        assert sorted(map(told, kept.find_all(label)), key=str) == sorted(
            map(told, live.find_all(label)), key=str
        )
    latest, was = kept.find("late"), live.find("late")
    assert latest is not None
    assert was is not None
    assert told(latest) == told(was)
    assert kept.find("never") is None
    session.close()


def test_they_are_listed_without_being_opened(make_session: MakeSession, tmp_path: Path) -> None:
    path = str(tmp_path / "run.mcap")
    live = record(make_session, path)
    listed = [(one.label, one.seq) for one in recorded_snapshots(RecordingReader(path))]
    assert sorted(listed) == sorted((one.label, one.seq) for one in live.find_all())


def test_a_malformed_message_is_one_damaged_part(tmp_path: Path) -> None:
    path = str(tmp_path / "run.mcap")
    recorder = Recorder(path, Program("program.py", None, (), "python", str(tmp_path)))
    recorder.add_watch(5, "x > 1", "snapshot", "late")
    malformed = Captures([{"p": 1, "n": 3, "k": "float", "s": b"short"}])
    recorder.write(encode(malformed), malformed)
    recorder.finish(None)
    session = RecordedSession(path)
    while session.process_events():
        pass
    assert session.trouble == (
        "1 damaged part of the recording could not be read; this is all the rest"
    )
