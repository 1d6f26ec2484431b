"""SourceReader: has a process of its own read large sources, beside the front end's thread."""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

import msgpack

import pyprobe
from pyprobe.session.reading_process import read_frame, write_frame

Then = Callable[[Mapping[str, Any] | None], None]

_START = (
    "import json, sys; sys.path += json.loads(sys.argv[1]);"
    " from pyprobe.session.reading_process import main; main()"
)


def _folders() -> list[str]:
    modules = (os.path.abspath(str(one.__file__)) for one in (pyprobe, msgpack))
    return [os.path.dirname(os.path.dirname(file)) for file in modules]


class SourceReader:
    """Asks one question after the other; the process is started at the first.

    ``wakeup`` is called from another thread when there are answers to process. Answers are given
    by ``process_answers``, on the thread that calls it; None where the process could not answer.
    """

    def __init__(self, wakeup: Callable[[], None]) -> None:
        self._wakeup = wakeup
        self._questions: SimpleQueue[tuple[Mapping[str, Any], Then] | None] = SimpleQueue()
        self._answers: deque[tuple[Then, Mapping[str, Any] | None]] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, question: Mapping[str, Any], then: Then) -> None:
        """Have a question of ``source_answers.answer`` answered; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="pyprobe-read", daemon=True)
            self._thread.start()
        self._questions.put((question, then))

    def process_answers(self) -> None:
        """Give what has been answered to those who asked."""
        while self._answers:
            then, answer = self._answers.popleft()
            then(answer)

    def close(self) -> None:
        """End process and thread; nothing is answered any more."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        self._questions.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._answers.clear()

    def _run(self) -> None:
        while (asked := self._questions.get()) is not None and not self._closed:
            question, then = asked
            self._answers.append((then, self._answered(question)))
            if not self._closed:
                self._wakeup()
        self._end_process()

    def _answered(self, question: Mapping[str, Any]) -> Mapping[str, Any] | None:
        try:
            process = self._started()
            if process is not None and process.stdin is not None and process.stdout is not None:
                write_frame(process.stdin, question)
                answer = read_frame(process.stdout)
                if isinstance(answer, dict):
                    return answer
        except OSError:  # it could not be started, or has ended: the next question starts another
            pass
        self._end_process()
        return None

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._process is None and not self._closed:
                # Isolated, since nothing of the user's environment is to run in it; so it is
                # told where its own modules are.
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _START, json.dumps(_folders())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C in the terminal is not for it
                )
            return self._process

    def _end_process(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not written is not wanted any more
                    stream.close()
