"""The process that reads large sources: answers what comes on its stdin until that ends."""

import gc
import struct
import sys
from typing import IO

import msgpack

from pyprobe.session.source_answers import answer

_HEADER = struct.Struct("<Q")


def write_frame(stream: IO[bytes], plain: object) -> None:
    """Write plain data behind its length.

    Raises:
        OSError: the other side is gone.
    """
    packed = msgpack.packb(plain, unicode_errors="surrogatepass")
    stream.write(_HEADER.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def read_frame(stream: IO[bytes]) -> object:
    """Return the next plain data; None when the other side is gone."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (size,) = _HEADER.unpack(header)
    packed = stream.read(size)
    if len(packed) < size:
        return None
    plain: object = msgpack.unpackb(packed, unicode_errors="surrogatepass")
    return plain


def main() -> None:
    """Answer until nobody asks any more."""
    gc.disable()  # looking through a large source's nodes again and again took half of the time
    while isinstance(question := read_frame(sys.stdin.buffer), dict):
        write_frame(sys.stdout.buffer, answer(question))
