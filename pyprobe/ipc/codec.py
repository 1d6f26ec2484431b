"""Messages to bytes and back, by msgpack: whatever does not fit is a ProtocolError.

A frame is a msgpack map ``{"v": PROTOCOL_VERSION, "m": MessageType value, field: value, …}``.
Whatever deviates is refused: another version, an unknown type, a missing, extra or wrongly typed
field.

In the target msgpack's pure part, loaded by ``pure_msgpack.load_pure`` before this module, is used;
in a front end the installed package.
"""

import sys
from dataclasses import fields
from typing import Any

from pyprobe.errors import ProtocolError
from pyprobe.ipc.messages import MESSAGE_CLASSES, PROTOCOL_VERSION, Message, PlainDict
from pyprobe.ipc.pure_msgpack import PRIVATE_NAME

MAX_MESSAGE_BYTES = 1 << 31
_MAX_MAP_ITEMS = 1 << 20

_pure = sys.modules.get(f"{PRIVATE_NAME}.fallback")
if _pure is not None:
    _packer: Any = _pure.Packer
    _unpacker: Any = _pure.Unpacker
    _errors: Any = sys.modules[f"{PRIVATE_NAME}.exceptions"]
else:
    import msgpack

    _packer = msgpack.Packer
    _unpacker = msgpack.Unpacker
    _errors = msgpack.exceptions

# What msgpack raises for bytes that are not msgpack or exceed its bounds, and what building
# containers from them can raise (unhashable keys, numbers beyond range, nesting too deep).
_DECODE_ERRORS = (ValueError, TypeError, OverflowError, RecursionError, _errors.UnpackException)
_ENCODE_ERRORS = (ValueError, TypeError, OverflowError, RecursionError)


def encode(message: Message) -> bytes:
    """Return the frame of a message.

    Raises:
        ProtocolError: a field holds something msgpack cannot carry.
    """
    try:
        packed: bytes = _packer(use_bin_type=True).pack(to_plain(message))
    except _ENCODE_ERRORS as error:
        raise ProtocolError(f"{message.type.value} cannot be encoded: {error}") from error
    return packed


def decode(data: bytes) -> Message:
    """Build the message of a frame.

    Raises:
        ProtocolError: the bytes are not exactly one message of this version.
    """
    return from_plain(decode_plain(data))


def decode_plain(data: bytes) -> object:
    """Return the plain msgpack data of a frame, which need not be a message.

    Raises:
        ProtocolError: the bytes are not exactly one msgpack value.
    """
    if not 0 < len(data) <= MAX_MESSAGE_BYTES:
        raise ProtocolError(f"a frame of {len(data)} bytes")
    unpacker = _unpacker(
        None,
        max_buffer_size=len(data),
        max_map_len=min(len(data), _MAX_MAP_ITEMS),
        strict_map_key=True,
        ext_hook=_refuse_extension,
    )
    try:
        unpacker.feed(data)
        plain: object = unpacker.unpack()
        used = unpacker.tell()
    except _DECODE_ERRORS as error:
        raise ProtocolError(f"not a msgpack frame: {type(error).__name__}") from error
    if used != len(data):
        raise ProtocolError(f"{len(data) - used} bytes after the message")
    return plain


def _refuse_extension(code: int, data: bytes) -> object:
    raise ValueError(f"extension type {code}")


def to_plain(message: Message) -> PlainDict:
    """Return the msgpack map of a message."""
    plain: PlainDict = {"v": PROTOCOL_VERSION, "m": message.type.value}
    for field in fields(message):
        plain[field.name] = getattr(message, field.name)
    return plain


def from_plain(plain: object) -> Message:
    """Build the message of a msgpack map.

    Raises:
        ProtocolError: it is not exactly one of the messages there are, in this version.
    """
    if not isinstance(plain, dict):
        raise ProtocolError(f"a message is a map, not {type(plain).__name__}")
    if plain.get("v") != PROTOCOL_VERSION:
        raise ProtocolError(f"protocol version {plain.get('v')!r}, expected {PROTOCOL_VERSION}")
    name = plain.get("m")
    message_class = MESSAGE_CLASSES.get(name) if isinstance(name, str) else None
    if message_class is None:
        raise ProtocolError(f"unknown message type {name!r}")
    expected = {field.name: field.type for field in fields(message_class)}
    given = {key: value for key, value in plain.items() if key not in ("v", "m")}
    if given.keys() != expected.keys():
        odd = sorted(map(str, given.keys() ^ expected.keys()))
        raise ProtocolError(f"{name}: missing or unknown fields {', '.join(odd)}")
    for key, value in given.items():
        if not _fits(value, expected[key]):
            raise ProtocolError(f"{name}.{key}: {type(value).__name__} does not fit")
    return message_class(**given)


def _fits(value: object, expected: object) -> bool:
    origin = getattr(expected, "__origin__", expected)
    if origin is float:
        return type(value) in (float, int)
    return type(value) is origin
