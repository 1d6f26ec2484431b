"""Pauses, steps and resumes of several threads in quick turns: nothing hangs, nothing is lost."""

import random
from pathlib import Path

from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import Pause, Resume
from tests.core.debug.walking import Walk

TURNS = 30
SOURCE = """\
import threading
stop = []
counts = [0] * 4

def helper(value):
    return value + 1  # helper

def numbers():
    number = 0
    while not stop:
        number += 1
        yield number

def work(place):
    for number in numbers():
        counts[place] = helper(counts[place])
        squares = [helper(n) for n in range(3)]
        try:
            if number % 3 == 0:
                raise KeyError(number)
        except KeyError:
            pass

threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
a = 1  # start
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
KINDS = ["over", "into", "out", "to_yield", "resumption"]


def take_turns(walking: Walk, chance: random.Random, *, all_threads: bool) -> None:
    walking.configure(all_threads=all_threads)
    walking.next_stop()
    walking.debugger.obey(Resume(1))
    for _ in range(TURNS):
        walking.debugger.obey(Pause(1, 0))
        walking.wait_for_stop()
        for _step in range(chance.randrange(4)):
            try:
                walking.begin(chance.choice(KINDS))
            except PyProbeError:  # there is no generator, or what was told is past
                continue
            walking.debugger.obey(Pause(1, 0))  # the step may have ended by now, or never end
            walking.wait_for_stop()
        walking.debugger.obey(Resume(1))
        walking.drain()
    walking.namespace["stop"].append(1)


def test_all_threads_in_quick_turns(tmp_path: Path) -> None:
    with Walk(tmp_path, SOURCE).running() as walking:
        take_turns(walking, random.Random(7), all_threads=True)
    assert len(walking.messages) > 2 * TURNS


def test_one_thread_in_quick_turns(tmp_path: Path) -> None:
    with Walk(tmp_path, SOURCE).running() as walking:
        take_turns(walking, random.Random(8), all_threads=False)
    assert len(walking.messages) > 2 * TURNS
