"""Arrays sent at a hit: the same frames in the same order, whatever comes in between."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import pytest

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.door import Door
from pyprobe.core.gate import Gate
from pyprobe.core.sender import Sender
from pyprobe.core.target_parts import TargetParts
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.frames import FrameReader
from pyprobe.ipc.messages import Captures, Note
from pyprobe.ipc.packed import ArrayForm, PackedArray
from pyprobe.ipc.target_connection import TargetConnection
from tests.core.capturing import Capturer
from tests.ipc.wire import rows_of

FORM: ArrayForm = ("ndarray", "<f8", (8,), (8,), "")
PROBE, THREAD, SIZE = 7, 2, 64

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "MSG_NOSIGNAL"), reason="sending to nobody raises a signal here"
)
BATCH = 4


class Target:
    """A target's log, gate and sender, and the other end of its pipe."""

    def __init__(self) -> None:
        ours, self.front_end = socket.socketpair()
        self.front_end.setblocking(False)
        self.log, self.gate = CaptureLog(), Gate()
        self.connection = TargetConnection(ours)
        self.sender = Sender(
            TargetParts(
                self.connection, self.gate, Budget(5.0), self.log, Door(print), Capturer().engine
            )
        )
        self.captured: list[object] = []
        self._reader = FrameReader()
        self._received: list[bytes] = []

    def capture(self, value: object = None) -> None:
        """Append a capture, of the next array unless another value is wanted."""
        number = len(self.captured) // 4
        entry = (PROBE, number, THREAD, value or PackedArray(FORM, b"", (number * SIZE, SIZE)))
        self.captured += entry
        self.log.extend(entry)

    def capture_batch(self) -> None:
        for _ in range(BATCH):
            self.capture()

    def turn(self) -> None:
        """Do what the service thread does at its turn."""
        self.sender.take_back()
        self.sender.flush_captures()
        self.sender.fill_pipe()
        self.sender.leave_to_hits()

    def receive(self) -> list[bytes]:
        """Return all frames that have arrived so far."""
        try:
            while data := self.front_end.recv(1 << 16):
                self._reader.feed(data)
        except BlockingIOError:
            pass
        while (frame := self._reader.next_frame()) is not None:
            self._received.append(frame)
        return self._received

    def wanted(self, *, captures: int, first: int = 0) -> bytes:
        """Return the frame of captures as it is built from the start."""
        rows = rows_of(self.captured[4 * first : 4 * (first + captures)])
        return encode(Captures(cast("list[object]", build_columns(rows, first))))

    def fill_the_pipe(self) -> int:
        """Send what nobody reads until there is no room, not for a single byte."""
        filler, sent = self.connection._socket, 0
        for nbytes in (1 << 16, 1):
            try:
                while True:
                    sent += filler.send(bytes(nbytes))
            except BlockingIOError:
                continue
        return sent


@pytest.fixture
def target() -> Iterator[Target]:
    """A target that has sent one batch as the service thread does, and leaves the next to hits."""
    target = Target()
    target.capture_batch()
    target.turn()
    assert target.receive() == [target.wanted(captures=BATCH)]
    yield target
    target.connection.close()
    target.front_end.close()


def test_a_frame_is_that_of_the_service_thread(target: Target) -> None:
    for number in range(1, 4):
        target.capture_batch()
        assert target.gate.send_here()
        assert len(target.log) == 0
        assert target.receive()[-1] == target.wanted(captures=BATCH, first=number * BATCH)
    assert target.log.next_seq == 4 * BATCH
    assert target.sender.captured == BATCH
    target.turn()
    assert target.sender.captured == 4 * BATCH
    assert len(target.receive()) == 4


def test_enough_bytes_are_sent_at_once(target: Target) -> None:
    target.gate.flush_bytes = BATCH * SIZE
    for _ in range(BATCH):
        assert len(target.receive()) == 1
        target.capture()
        target.gate.add_bytes(SIZE, in_ring=True)
    assert len(target.receive()) == 2
    assert not target.gate.waiting_bytes
    assert not target.gate.flush_wanted


@pytest.mark.parametrize(
    "prepare",
    [
        lambda target: target.sender.take_back(),
        lambda target: target.sender.post(Note("first")),
        lambda target: target.capture(),
        lambda target: target.capture(1.5),
        lambda target: target.connection.queue(b"first"),
    ],
    ids=["the thread works", "a message waits", "another number", "a number", "the pipe is full"],
)
def test_else_it_is_left_to_the_service_thread(
    target: Target, prepare: Callable[[Target], object]
) -> None:
    target.capture_batch()
    prepare(target)
    waiting = len(target.log)
    assert not target.gate.send_here()
    assert len(target.log) == waiting
    assert len(target.receive()) == 1
    target.turn()
    assert decode(target.receive()[-1]) == decode(target.wanted(captures=waiting, first=BATCH))


def test_an_empty_log_has_nothing_to_send(target: Target) -> None:
    assert not target.gate.send_here()


def test_a_descriptor_that_is_no_longer_ours_is_not_written_to(target: Target) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        number = target.connection.fileno()
        taken = ours.detach()
        os.dup2(taken, number)
        os.close(taken)
        target.capture_batch()
        assert not target.gate.send_here()
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_what_a_full_pipe_does_not_take_waits_for_the_service_thread(target: Target) -> None:
    target.capture_batch()
    left = target.fill_the_pipe()
    assert not target.gate.send_here()
    assert len(target.log) == 0
    target.capture_batch()
    assert not target.gate.send_here(), "what has not been taken is in the way"
    while left:
        left -= len(target.front_end.recv(left))
    target.turn()
    assert target.receive() == [target.wanted(captures=BATCH, first=at) for at in (0, 4, 8)]
    assert target.sender.captured == 3 * BATCH


@pytest.mark.parametrize("taken", [1, 50])
def test_the_rest_of_a_frame_is_sent_before_anything_else(
    target: Target, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    sending = target.connection.sending

    def part_of_it(frame: bytes) -> tuple[bytes, Callable[[], int]] | None:
        found = sending(frame)
        assert found is not None
        return found[0], partial(target.connection._socket.send, found[0][:taken])

    target.capture_batch()
    with monkeypatch.context() as patch:
        patch.setattr(target.connection, "sending", part_of_it)
        assert not target.gate.send_here()
    target.capture_batch()
    assert not target.gate.send_here()
    assert len(target.receive()) == 1
    target.sender.post(Note("later"))
    target.sender.take_back()
    target.sender.turn()
    target.turn()
    frames = target.receive()
    assert frames[:2] == [target.wanted(captures=BATCH, first=at) for at in (0, 4)]
    assert frames[-1] == target.wanted(captures=BATCH, first=8)
    assert Note("later") in [decode(frame) for frame in frames]


# Where a signal handler of the program may come in, or another thread have its turn.
CALLS = [
    ("log", "peek"),
    ("sender._array_frames", "known_frame_of"),
    ("connection", "sending"),
    ("log", "taking_out"),
]


def _come_between(
    target: Target, patch: pytest.MonkeyPatch, call: tuple[str, str], act: Callable[[], object]
) -> None:
    """Have something done once, right after a call in the midst of sending."""
    owner: Any = target
    for name in call[0].split("."):
        owner = getattr(owner, name)
    original = getattr(owner, call[1])

    def interrupted(*arguments: object) -> object:
        result = original(*arguments)
        patch.undo()
        act()
        return result

    # On its class, as the log has no room for it.
    patch.setattr(type(owner), call[1], lambda _self, *arguments: interrupted(*arguments))


@pytest.mark.parametrize("call", CALLS, ids=[name for _, name in CALLS])
@pytest.mark.parametrize("what", ["sends", "captures and sends", "captures", "has its turn"])
def test_nothing_is_sent_twice_or_lost_whoever_comes_between(
    target: Target, call: tuple[str, str], what: str
) -> None:
    def capture_and_send() -> None:
        target.capture_batch()
        target.gate.send_here()

    acts: dict[str, Callable[[], object]] = {
        "sends": target.gate.send_here,
        "captures and sends": capture_and_send,
        "captures": target.capture,
        "has its turn": target.turn,
    }
    target.capture_batch()
    with pytest.MonkeyPatch.context() as patch:
        _come_between(target, patch, call, acts[what])
        target.gate.send_here()
    target.capture_batch()
    target.gate.send_here()
    target.turn()
    target.sender.take_back()
    captures = len(target.captured) // 4
    assert _slots_in(target.receive()) == [number * SIZE for number in range(captures)]
    assert target.log.next_seq == target.sender.captured == captures


@pytest.mark.parametrize("call", CALLS, ids=[name for _, name in CALLS])
def test_nothing_is_sent_once_the_service_thread_works(
    target: Target, call: tuple[str, str]
) -> None:
    target.capture_batch()
    with pytest.MonkeyPatch.context() as patch:
        _come_between(target, patch, call, target.sender.take_back)
        assert not target.gate.send_here()
    assert len(target.receive()) == 1
    assert len(target.log) == BATCH


def _slots_in(frames: list[bytes]) -> list[int]:
    """Return where the arrays of all frames lie, in their order."""
    found: list[int] = []
    for frame in frames:
        message = decode(frame)
        assert isinstance(message, Captures)
        for column in cast("list[Any]", message.columns):
            arrays = column["x"]
            if isinstance(arrays, dict):
                packed = memoryview(arrays["slots"]).cast("q").tolist()
                found += packed[::2]
            else:
                found += [one["slot"][0] for one in arrays]
    return found


@pytest.mark.parametrize("call", CALLS, ids=[name for _, name in CALLS])
def test_what_a_signal_handler_raises_is_the_programs_and_loses_nothing(
    target: Target, call: tuple[str, str]
) -> None:
    def handler(_number: int, _frame: object) -> None:
        raise TimeoutError

    target.capture_batch()
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.MonkeyPatch.context() as patch:
            _come_between(target, patch, call, lambda: signal.raise_signal(signal.SIGUSR1))
            with pytest.raises(TimeoutError):
                target.gate.send_here()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert target.gate.send_here()
    assert target.receive() == [target.wanted(captures=BATCH, first=at) for at in (0, 4)]
