"""The client's half of ``multiprocessing.connection``'s authentication, without multiprocessing.

The target proves that it knows the key and has the front end prove it, in the protocol of
``multiprocessing.connection`` (a challenge of 20 bytes asks for HMAC-MD5, as Python 3.11 does; one
that begins with ``{sha256}`` for that). Written out because importing multiprocessing into the
target would cost 15 ms and leave modules, an ``atexit`` hook and a changed ``import`` order behind.
"""

import os
from collections.abc import Callable
from typing import Any

from pyprobe.errors import ProtocolError

_CHALLENGE = b"#CHALLENGE#"
_WELCOME = b"#WELCOME#"
_FAILURE = b"#FAILURE#"
_SHA256 = b"{sha256}"
_OLD_MESSAGE_BYTES = 20
_MESSAGE_BYTES = 40
_BLOCK_BYTES = 64


def authenticate(key: bytes, send: Callable[[bytes], object], receive: Callable[[], bytes]) -> None:
    """Prove the key to the server, then have the server prove it.

    ``send`` sends one frame, ``receive`` waits for one.

    Raises:
        ProtocolError: the other side does not know the key or speaks another protocol.
    """
    challenge = receive()
    message = challenge[len(_CHALLENGE) :]
    if not challenge.startswith(_CHALLENGE) or len(message) < _OLD_MESSAGE_BYTES:
        raise ProtocolError("the front end does not begin with a challenge")
    prefix = b"" if len(message) == _OLD_MESSAGE_BYTES else _SHA256
    if not message.startswith(prefix):
        raise ProtocolError("the front end asks for another digest than sha256")
    send(prefix + _hmac(key, message, prefix))
    if receive() != _WELCOME:
        raise ProtocolError("the front end refuses this target's key")
    message = prefix + os.urandom(_MESSAGE_BYTES if prefix else _OLD_MESSAGE_BYTES)
    send(_CHALLENGE + message)
    if receive() != prefix + _hmac(key, message, prefix):
        send(_FAILURE)
        raise ProtocolError("the front end does not know the key")
    send(_WELCOME)


def _hmac(key: bytes, message: bytes, prefix: bytes) -> bytes:
    digest = _sha256() if prefix else _md5()
    block = (digest(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in block) + message).digest()
    outer: bytes = digest(bytes(byte ^ 0x5C for byte in block) + inner).digest()
    return outer


def _sha256() -> Any:
    """Return a constructor; the interpreter's own modules first, as OpenSSL takes long to load."""
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import sha256
    return sha256


def _md5() -> Any:
    try:
        from _md5 import md5  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import md5
    return md5
