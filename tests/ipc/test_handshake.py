"""The handshake against both protocols of multiprocessing, and against impostors."""

import hmac
from collections.abc import Callable

import pytest

from pyprobe.errors import ProtocolError
from pyprobe.ipc.handshake import authenticate

KEY = b"k" * 32
CHALLENGE, WELCOME, FAILURE = b"#CHALLENGE#", b"#WELCOME#", b"#FAILURE#"
NEW, OLD = b"{sha256}" + b"m" * 40, b"m" * 20

Answer = bytes | Callable[[bytes], bytes]


def digest_of(key: bytes, message: bytes) -> bytes:
    """Answer a challenge as multiprocessing does."""
    if len(message) == len(OLD):
        return hmac.digest(key, message, "md5")
    return b"{sha256}" + hmac.digest(key, message, "sha256")


def shake(key: bytes, *answers: Answer) -> list[bytes]:
    """Authenticate against scripted frames; return what the target sent."""
    sent: list[bytes] = []
    script = iter(answers)

    def receive() -> bytes:
        answer = next(script)
        return answer if isinstance(answer, bytes) else answer(sent[-1])

    authenticate(key, sent.append, receive)
    return sent


def prove(sent: bytes) -> bytes:
    assert sent.startswith(CHALLENGE)
    return digest_of(KEY, sent.removeprefix(CHALLENGE))


@pytest.mark.parametrize("message", [OLD, NEW])
@pytest.mark.parametrize("key", [KEY, b"", b"x" * 200])
def test_both_sides_prove_the_key(message: bytes, key: bytes) -> None:
    def prove_it(sent: bytes) -> bytes:
        return digest_of(key, sent.removeprefix(CHALLENGE))

    sent = shake(key, CHALLENGE + message, WELCOME, prove_it)
    assert sent[0] == digest_of(key, message)
    assert sent[2] == WELCOME


def test_the_targets_challenges_differ() -> None:
    first = shake(KEY, CHALLENGE + NEW, WELCOME, prove)
    assert first[1] != shake(KEY, CHALLENGE + NEW, WELCOME, prove)[1]


@pytest.mark.parametrize(
    "answers",
    [
        (b"",),
        (b"GET / HTTP/1.1",),
        (CHALLENGE + b"short",),
        (CHALLENGE + b"{md5}" + b"m" * 40,),
        (CHALLENGE + NEW, FAILURE),
        (CHALLENGE + NEW, WELCOME, b"{sha256}" + b"0" * 32),
        (CHALLENGE + NEW, WELCOME, b""),
        (CHALLENGE + OLD, WELCOME, b"0" * 16),
        (CHALLENGE + NEW, WELCOME, lambda sent: digest_of(b"wrong", sent[len(CHALLENGE) :])),
    ],
)
def test_an_impostor_is_refused(answers: tuple[Answer, ...]) -> None:
    with pytest.raises(ProtocolError):
        shake(KEY, *answers)
