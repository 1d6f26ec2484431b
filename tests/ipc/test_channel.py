"""The pipe between the two sides, with both ends in this process."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import ProtocolError
from pyprobe.ipc.channel import Channel, ChannelClosed
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.frames import FrameReader, FrameWriter, frame_header
from pyprobe.ipc.messages import Message, Note, Pause, Start
from pyprobe.ipc.target_connection import ConnectionLost, TargetConnection

ROOT = Path(__file__).parents[2]
WAIT_S = 20.0

Pair = tuple[Channel, TargetConnection]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    channel, target = Channel(ours), TargetConnection(theirs)
    yield channel, target
    channel.close()
    target.close()


def receive_at_target(target: TargetConnection) -> Message:
    while True:
        message = target.receive()
        if message is not None:
            return message
        assert target.wait(WAIT_S)
        target.feed()


def flush_all(target: TargetConnection) -> None:
    while not target.flush():
        target.wait(WAIT_S, for_write=True)


def test_messages_pass_both_ways(pair: Pair) -> None:
    channel, target = pair
    channel.send(Start(1))
    channel.send(Pause(2, 0))
    assert receive_at_target(target) == Start(1)
    assert receive_at_target(target) == Pause(2, 0)
    target.queue(encode(Note("x")))
    assert target.flush()
    assert channel.receive(WAIT_S) == Note("x")


def test_receiving_ends_after_the_timeout(pair: Pair) -> None:
    channel, target = pair
    assert channel.receive(0.0) is None
    assert channel.receive(0.01) is None
    assert target.receive() is None
    assert target.wait(0.0) is False


def test_what_has_arrived_is_received_when_there_is_no_time_left(pair: Pair) -> None:
    channel, target = pair
    for text in ("one", "two"):
        target.queue(encode(Note(text)))
    flush_all(target)
    assert [channel.receive(timeout_s=0.0) for _ in range(3)] == [Note("one"), Note("two"), None]


def test_a_malformed_message_is_refused_and_the_next_one_received(pair: Pair) -> None:
    channel, target = pair
    for frame in (b"\xc1", b"", encode(Note("next"))):
        target.queue(frame)
    flush_all(target)
    for _ in range(2):
        with pytest.raises(ProtocolError):
            channel.receive(WAIT_S)
    assert channel.receive(WAIT_S) == Note("next")


def test_an_impossible_length_ends_the_channel() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    theirs.sendall(b"\xff\xff\xff\xff" + b"\xff" * 8)
    with pytest.raises(ChannelClosed, match="nonsense"):
        channel.receive(WAIT_S)
    theirs.close()
    channel.close()


def test_a_target_that_ends_within_a_message_is_an_end() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    theirs.sendall(frame_header(1000) + b"x" * 10)
    theirs.close()
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(WAIT_S)
    assert caught.value.truncated
    channel.close()


def test_all_that_was_sent_is_received_before_the_end(pair: Pair) -> None:
    channel, target = pair
    for number in range(50):
        target.queue(encode(Note(str(number))))
    flush_all(target)
    target.close()
    received = [channel.receive(WAIT_S) for _ in range(50)]
    assert received == [Note(str(number)) for number in range(50)]
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(WAIT_S)
    assert not caught.value.truncated


def test_large_messages_are_sent_in_parts(pair: Pair) -> None:
    channel, target = pair
    target.queue(encode(Note("y" * 3_000_000)))
    assert not target.flush()
    assert target.pending_bytes > 0
    received: list[Message | None] = []
    thread = threading.Thread(target=lambda: received.append(channel.receive(WAIT_S)))
    thread.start()
    flush_all(target)
    thread.join()
    assert received == [Note("y" * 3_000_000)]
    assert target.pending_bytes == 0


def test_sending_to_a_stuck_target_never_blocks(pair: Pair) -> None:
    channel, target = pair
    sent = 0

    def send_without_end() -> None:
        nonlocal sent
        while True:
            channel.send(Note("z" * 1_000_000))
            sent += 1

    with pytest.raises(ChannelClosed, match="takes no messages"):
        send_without_end()
    assert 15 <= sent <= 40
    received: list[Message] = []

    def work() -> None:
        received.extend(receive_at_target(target) for _ in range(sent))
        target.queue(encode(Note("done")))
        flush_all(target)

    thread = threading.Thread(target=work)
    thread.start()
    assert channel.receive(WAIT_S) == Note("done")  # and meanwhile sends the rest
    thread.join()
    assert len(received) == sent


def test_a_waiting_receive_sends_what_another_thread_could_not(pair: Pair) -> None:
    channel, target = pair
    received: list[Message | None] = []
    thread = threading.Thread(target=lambda: received.append(channel.receive(WAIT_S)))
    thread.start()
    for _ in range(5):
        channel.send(Note("z" * 1_000_000))
    for _ in range(5):
        assert receive_at_target(target) == Note("z" * 1_000_000)
    target.queue(encode(Note("thanks")))
    flush_all(target)
    thread.join()
    assert received == [Note("thanks")]


def test_closing_ends_a_waiting_receive(pair: Pair) -> None:
    channel, _ = pair
    ended: list[object] = []
    waiting = threading.Event()

    def work() -> None:
        waiting.set()
        try:
            ended.append(channel.receive(WAIT_S))
        except ChannelClosed as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    waiting.wait(WAIT_S)
    began_s = time.monotonic()
    channel.close()
    channel.close()
    thread.join()
    assert time.monotonic() - began_s < WAIT_S / 2
    assert len(ended) == 1
    with pytest.raises(ChannelClosed):
        channel.send(Start(1))


def test_the_target_notices_that_the_front_end_is_gone(pair: Pair) -> None:
    channel, target = pair
    channel.send(Start(1))
    channel.close()
    target.wait(WAIT_S)
    with contextlib.suppress(ConnectionLost):
        target.feed()
    assert target.receive() == Start(1)
    with pytest.raises(ConnectionLost):
        receive_at_target(target)
    assert target.fileno() == -1
    with pytest.raises(ConnectionLost):
        target.flush()


def test_a_descriptor_the_program_took_over_is_left_alone(pair: Pair, tmp_path: Path) -> None:
    _, target = pair
    number = target.fileno()
    with (tmp_path / "file").open("wb") as file:
        os.dup2(file.fileno(), number)  # as after os.closerange() and an open()
        target.queue(encode(Note("must not land in the file")))
        with pytest.raises(ConnectionLost, match="closed the connection") as lost:
            target.flush()
        assert lost.value.by_program
        os.fstat(number)  # and it was not closed
        os.close(number)
    assert (tmp_path / "file").read_bytes() == b""


def test_a_descriptor_the_program_closed_is_an_end(pair: Pair) -> None:
    _, target = pair
    os.close(target.fileno())
    for step in (target.feed, target.flush, target.wait):
        with pytest.raises(ConnectionLost):
            step()


def test_what_could_not_be_sent_any_more_goes_on_where_the_pipe_has_ended(pair: Pair) -> None:
    channel, target = pair
    notes = [Note(letter * 300_000) for letter in "abcdef"]
    for note in notes:
        target.queue(encode(note))
    assert not target.flush()  # somewhere within a frame
    os.close(target.fileno())
    with pytest.raises(ConnectionLost):
        target.flush()
    target.queue(encode(Note("late")))
    rest = target.take_rest()
    received = []
    with contextlib.suppress(ChannelClosed):
        while (frame := channel.receive_frame(WAIT_S)) is not None:
            received.append(frame)
    received += channel.frames_of_rest(rest)
    assert [decode(frame) for frame in received] == [*notes, Note("late")]


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 20)))
def test_frames_survive_any_cut(frames: list[bytes], cuts: list[int]) -> None:
    sent = bytearray()
    writer = FrameWriter()
    for frame in frames:
        writer.queue(frame)
    pieces = iter(cuts)

    def send(chunk: memoryview) -> int:
        size = next(pieces, 0)
        if not size:
            raise BlockingIOError
        sent.extend(chunk[:size])
        return min(size, len(chunk))

    while not writer.flush(send):
        pieces = iter([7] * 100)
    assert writer.pending_bytes == 0
    reader = FrameReader()
    received = []
    for position in range(len(sent)):
        reader.feed(bytes(sent[position : position + 1]))
        while (frame_found := reader.next_frame()) is not None:
            received.append(frame_found)
    assert received == frames
    assert len(reader) == 0


def test_a_frame_beyond_two_gib_would_have_a_long_header() -> None:
    assert frame_header(5) == b"\0\0\0\5"
    assert frame_header(1 << 32) == b"\xff" * 4 + (1 << 32).to_bytes(8, "big")


# Across processes
