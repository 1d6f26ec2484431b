"""Messages to bytes and back; whatever is not a message is a ProtocolError, by either msgpack."""

import contextlib
import os
import struct
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import ProtocolError
from pyprobe.ipc import messages
from pyprobe.ipc.codec import decode, decode_plain, encode
from pyprobe.ipc.messages import Message

CLASSES = [
    found
    for found in vars(messages).values()
    if isinstance(found, type) and issubclass(found, Message) and hasattr(found, "type")
]
PLAIN_KEY = st.text(max_size=10)
PLAIN = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.text(max_size=10)),
        *(st.binary(max_size=10), st.floats(allow_nan=False)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(PLAIN_KEY, inner, max_size=4)
    ),
    max_leaves=10,
)
FIELD: dict[object, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**64 - 1),
    str: st.text(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    list: st.lists(PLAIN, max_size=4),
    dict: st.dictionaries(PLAIN_KEY, PLAIN, max_size=4),
}


def strategy_for(message_class: type[Message]) -> st.SearchStrategy[Message]:
    kinds = {field.name: field.type for field in fields(message_class)}
    return st.builds(
        message_class,
        **{name: FIELD[getattr(kind, "__origin__", kind)] for name, kind in kinds.items()},
    )


@given(st.one_of([strategy_for(found) for found in CLASSES]))
def test_every_message_comes_back_equal(message: Message) -> None:
    assert decode(encode(message)) == message


@given(st.binary(max_size=200))
def test_noise_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


@given(st.one_of([strategy_for(found) for found in CLASSES]), st.data())
def test_a_damaged_frame_is_a_message_or_a_protocol_error(message: Message, data: Any) -> None:
    frame = bytearray(encode(message))
    position = data.draw(st.integers(0, len(frame) - 1))
    frame[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        assert isinstance(decode(bytes(frame)), Message)
    with pytest.raises(ProtocolError):
        decode(encode(message)[:-1])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xdd\xff\xff\xff\xff",  # an array of four thousand million
        b"\xdf\xff\xff\xff\xff",  # a map of as many
        b"\xdb\xff\xff\xff\xff",  # text of four GiB
        b"\xc6\xff\xff\xff\xff",
        b"\x91" * 100_000 + b"\xc0",  # nested beyond all measure
        b"\x81" * 100_000,
        msgpack.packb(msgpack.ExtType(5, b"abc")),
        msgpack.packb(msgpack.Timestamp(5)),
        msgpack.packb({1: 2}),
        b"\x81\x90\x01",  # a list as a key
        b"\xa2\xff\xff",  # text that is not UTF-8
        b"\xc0\xc0",
        b"\xc1",
        msgpack.packb({"v": 1, "m": "note", "text": "x"}) + b"\0",
    ],
)
def test_hostile_frames_are_protocol_errors(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


@pytest.mark.parametrize(
    "plain",
    [
        {"v": 2, "m": "note", "text": "x"},
        {"v": 1, "m": "nonsense", "text": "x"},
        {"v": 1, "m": ["note"], "text": "x"},
        {"v": 1, "m": "note"},
        {"v": 1, "m": "note", "text": "x", "more": 1},
        {"v": 1, "m": "note", "text": 5},
        {"v": 1, "m": "note", "text": b"x"},
        {"v": 1, "m": "ack", "command_id": 1, "ok": 1, "detail": ""},
        {"v": 1, "m": "ack", "command_id": True, "ok": True, "detail": ""},
        [1, 2],
        "note",
        None,
    ],
)
def test_a_wrong_message_is_a_protocol_error(plain: object) -> None:
    with pytest.raises(ProtocolError):
        decode(msgpack.packb(plain))


@pytest.mark.parametrize("field", [object(), {1, 2}, 2**70, {"x": object()}])
def test_what_cannot_travel_is_a_protocol_error(field: object) -> None:
    with pytest.raises(ProtocolError):
        encode(messages.Captures([field]))


@given(PLAIN)
def test_plain_data_passes(plain: Any) -> None:
    assert decode_plain(msgpack.packb(plain)) == plain


PURE = """
import sys
sys.path.insert(0, {root!r})
from pyprobe.ipc.pure_msgpack import load_pure
pure = load_pure({folder!r})
assert load_pure({folder!r}) is pure
assert "msgpack" not in sys.modules
from pyprobe.ipc import codec, messages
assert codec._packer is pure.Packer
message = messages.Stats(1, 2, 3, 4, 5, {{"1": [1.5, None, "every", b"\\xff"]}})
assert codec.decode(codec.encode(message)) == message
for hostile in (b"\\xdd\\xff\\xff\\xff\\xff", b"\\x91" * 100_000, b"\\xc1", b"", b"\\x81\\x90\\x01",
                b"\\xd4\\x05a", b"\\xd6\\xff\\0\\0\\0\\0"):
    try:
        codec.decode(hostile)
    except codec.ProtocolError:
        pass
    else:
        raise AssertionError(hostile)
import msgpack
assert msgpack.__name__ == "msgpack" and not hasattr(msgpack, "load_pure")
assert msgpack.Packer is not pure.Packer
sys.stdout.buffer.write(codec.encode(message))
"""


def run(source: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", source], capture_output=True, check=False)


def test_the_pure_part_speaks_the_same_beside_the_programs_own_msgpack() -> None:
    root = str(Path(__file__).parents[2])
    folder = os.path.dirname(msgpack.__file__)
    result = run(PURE.format(root=root, folder=folder))
    assert result.returncode == 0, result.stderr.decode()
    expected = messages.Stats(1, 2, 3, 4, 5, {"1": [1.5, None, "every", b"\xff"]})
    assert decode(result.stdout) == expected


def test_a_folder_without_msgpack_is_a_named_error(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    source = (
        f"import sys; sys.path.insert(0, {root!r})\n"
        "from pyprobe.ipc.pure_msgpack import load_pure\n"
        "from pyprobe.errors import PyProbeError\n"
        f"try: load_pure({str(tmp_path)!r})\n"
        "except PyProbeError as error: print(error)\n"
        "print([name for name in sys.modules if 'ipc._msgpack' in name])\n"
    )
    result = run(source)
    assert result.stderr == b""
    sentence, left = result.stdout.decode().splitlines()
    assert sentence.startswith("msgpack cannot be loaded from")
    assert left == "[]"


def test_a_long_frame_is_refused_before_it_is_built() -> None:
    with pytest.raises(ProtocolError):
        decode(struct.pack(">BI", 0xC6, 1 << 30) + b"short")
