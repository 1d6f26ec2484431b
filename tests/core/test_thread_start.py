"""Threads start with our hook, whatever an audit hook of the program does meanwhile."""

import subprocess
import sys

# The first thread stands in the audit of its settrace while the second one starts and ends.
PROGRAM = """
import sys, threading
from pyprobe.core.events.thread_start import AtThreadStart

class Listener:
    def __init__(self):
        self.heard = []
    def hear(self, frame, event, argument):
        if frame.f_code is work.__code__:
            self.heard.append(threading.current_thread().name)

def work():
    pass

entered, may_go_on = threading.Event(), threading.Event()
def audit(event, arguments):
    if event == "sys.settrace" and threading.current_thread().name == "first":
        entered.set()
        may_go_on.wait()

listener = Listener()
sys.addaudithook(audit)
threading.settrace(AtThreadStart(listener.hear, listener))
first = threading.Thread(target=work, name="first")
second = threading.Thread(target=work, name="second")
first.start()
entered.wait()
second.start()
second.join()
may_go_on.set()
first.join()
threading.settrace(None)
print(sorted(listener.heard))
"""


def test_no_thread_is_lost_to_two_that_start_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "['first', 'second']\n"
