"""How a program ended: exit code or signal, the uncaught exception, one sentence that says it."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyprobe.ipc.messages import Bye, Failure


@dataclass(frozen=True)
class TracebackFrame:
    """One frame of a traceback, outermost first."""

    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Ending:
    """How the program ended. Exactly one of ``exit_code`` and ``signal`` is set.

    ``complete`` means that the target said good-bye: every capture it took has arrived.
    ``sentence`` goes on from the program's name: "ended with exit code 1: ValueError: …".
    ``exception`` is its type and text, as the last line of the traceback has them.
    """

    exit_code: int | None
    signal: str | None
    sentence: str
    exception: str = ""
    frames: list[TracebackFrame] = field(default_factory=list)
    complete: bool = True


def describe_ending(
    *,
    exit_status: int,
    failure: Failure | None,
    bye: Bye | None,
    was_connected: bool,
    was_stopped: bool,
    last_error_line: str = "",
) -> Ending:
    """Say how a program ended, from ``Popen.returncode`` and the target's last messages."""
    name = signal_name(-exit_status) if exit_status < 0 else None
    exception = _exception(failure) if failure is not None else ""
    if not was_connected:
        sentence = _how(exit_status, name) + " before PyProbe could reach it"
        reason = last_error_line
    else:
        sentence = "was stopped" if was_stopped else _how(exit_status, name)
        reason = "" if was_stopped else exception
        if bye is None and not was_stopped:
            sentence += ", without a good-bye (its very last captures may be missing)"
    reason = reason.partition("\n")[0]
    return Ending(
        exit_code=exit_status if name is None else None,
        signal=name,
        sentence=f"{sentence}: {reason}" if reason else sentence,
        exception=exception,
        frames=_frames(failure.frames) if failure is not None else [],
        complete=bye is not None,
    )


def _exception(failure: Failure) -> str:
    return f"{failure.exception}: {failure.text}" if failure.text else failure.exception


def _how(exit_status: int, signal_text: str | None) -> str:
    if signal_text is not None:
        return f"was ended by signal {signal_text}"
    return f"ended with exit code {exit_status}"


def signal_name(number: int) -> str:
    """Return ``SIGKILL`` for 9; ``signal 99`` for a number without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def signal_number(name: str) -> int:
    """Return 9 for ``SIGKILL``: the inverse of ``signal_name``."""
    if name.startswith("signal "):
        return int(name.removeprefix("signal "))
    return signal.Signals[name].value


def _frames(raw: Sequence[object]) -> list[TracebackFrame]:
    frames = []
    for item in raw:
        if not isinstance(item, list | tuple) or len(item) != 3:
            continue
        file, line, function = item
        if isinstance(file, str) and isinstance(line, int) and isinstance(function, str):
            frames.append(TracebackFrame(file, line, function))
    return frames


def shell_exit_code(exit_status: int) -> int:
    """Return what a shell shows for ``Popen.returncode``: 128 + N for signal N."""
    return 128 - exit_status if exit_status < 0 else exit_status
