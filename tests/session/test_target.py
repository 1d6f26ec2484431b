"""The end of a run: however late our own threads are, all the program wrote and sent is there."""

from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from pyprobe.ipc.channel import Channel
from pyprobe.ipc.codec import decode
from pyprobe.ipc.messages import Captures
from pyprobe.session import target as target_module
from pyprobe.session.output import OutputBuffer, StreamName
from pyprobe.session.session import Session
from tests.session.conftest import MakeSession
from tests.session.running import PATIENCE_S, occurrence_of, until, until_end
from tests.waiting import wait_for_end

LONGER_THAN_ANY_GRACE_S = 1.5
PROGRAM = """\
for i in range(5):
    x = i
print("last words")
"""


class HeldUp:
    """A place where a thread of ours is held up, as by a busy machine, until it is let go."""

    def __init__(self) -> None:
        self.reached = Event()
        self.may_go_on = Event()

    def pass_by(self) -> None:
        """Wait here."""
        self.reached.set()
        assert self.may_go_on.wait(PATIENCE_S)


@pytest.fixture
def held_up() -> Iterator[HeldUp]:
    """A place that holds nobody up after the test."""
    place = HeldUp()
    yield place
    place.may_go_on.set()


def outlast_every_grace(session: Session, held_up: HeldUp) -> None:
    """Wait for the program's exit, and then longer than anything could lawfully take."""
    until(session, held_up.reached.is_set)
    pid = session.pid
    assert pid is not None
    wait_for_end(pid)  # it may have been reaped already
    deadline_s = monotonic() + LONGER_THAN_ANY_GRACE_S
    while (left_s := deadline_s - monotonic()) > 0:
        session.wait(left_s)
        session.process_events()
        assert session.has_process


def test_output_is_read_by_a_thread_that_is_late(
    make_session: MakeSession, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class LateBuffer(OutputBuffer):
        def add(self, stream: StreamName, text: str) -> bool:
            held_up.pass_by()
            return super().add(stream, text)

    monkeypatch.setattr(target_module, "OutputBuffer", LateBuffer)
    session, heard, _file = make_session(PROGRAM)
    session.start()
    outlast_every_grace(session, held_up)
    held_up.may_go_on.set()
    until_end(session)
    assert heard.output["stdout"] == "last words\n"


def test_captures_are_received_by_a_thread_that_is_late(
    make_session: MakeSession, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_frame = Channel.receive_frame

    def receive_late(channel: Channel, timeout_s: float | None = None) -> bytes | None:
        frame = receive_frame(channel, timeout_s)
        if frame is not None and isinstance(decode(frame), Captures):
            held_up.pass_by()
        return frame

    monkeypatch.setattr(Channel, "receive_frame", receive_late)
    session, _heard, file = make_session(PROGRAM)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.start()
    outlast_every_grace(session, held_up)
    held_up.may_go_on.set()
    assert until_end(session).complete
    assert probe.captured == session.stats.captured == 5
