"""The sender: what has come together goes out whole, in frames that stay small."""

from typing import Any, cast

import pytest

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.sender import Sender
from pyprobe.core.target_parts import TargetParts
from pyprobe.ipc.codec import decode
from pyprobe.ipc.column_reader import read_columns
from pyprobe.ipc.messages import Captures, Note
from tests.core.capturing import Capturer

PROBE, THREAD = 7, 2
MOST_IN_FRAME = 32_768
MOST_BYTES = 20 * MOST_IN_FRAME


class Connection:
    """Takes frames and sends none."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def queue(self, frame: bytes) -> None:
        self.frames.append(frame)

    def take_rest(self) -> bytes:
        return b""


@pytest.mark.parametrize(
    ("captures", "frames"),
    [
        (1, [1]),
        (MOST_IN_FRAME, [MOST_IN_FRAME]),
        (MOST_IN_FRAME + 1, [MOST_IN_FRAME, 1]),
        (100_000, [MOST_IN_FRAME] * 3 + [1_696]),
    ],
)
def test_what_has_come_together_goes_out_in_small_frames(captures: int, frames: list[int]) -> None:
    connection, log = Connection(), CaptureLog()
    ring = cast("Any", None)
    parts = TargetParts(cast("Any", connection), Gate(), Budget(5.0), log, ring, Capturer().engine)
    sender = Sender(parts)
    for number in range(captures):
        log.extend((PROBE, number, THREAD, number / 2))

    sender.take_rest(Note("the last"))

    *sent, _last = connection.frames
    assert max(map(len, sent)) < MOST_BYTES
    messages = [message for frame in sent if isinstance(message := decode(frame), Captures)]
    columns = [column for message in messages for column in read_columns(message.columns)]
    assert [len(column.values) for column in columns] == frames
    assert [seq for column in columns for seq in column.seq.tolist()] == [*range(captures)]
    assert [value for column in columns for value in column.values.tolist()] == [
        number / 2 for number in range(captures)
    ]
    assert sender.captured == captures
