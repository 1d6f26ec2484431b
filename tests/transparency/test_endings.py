"""However a program ends, its exit code and its last words are those of plain Python."""

import pytest

from tests.transparency.conftest import Same

EXITS = [
    "",
    "None",
    "0",
    "3",
    "256 + 7",
    "-1",
    "True",
    "2.5",
    "'a sentence'",
    "'ünïcode'",
    "(1, 2)",
    "Told()",
    "Silent()",
]


@pytest.mark.parametrize("argument", EXITS)
def test_sys_exit_of_any_object(same: Same, argument: str) -> None:
    same(f"""
import sys
class Told:
    def __str__(self): return "told"
class Silent:
    def __str__(self): raise ValueError
x = 1  # probe: x
sys.exit({argument})
""")


ERRORS = {
    "plain": "x = 1  # probe: x\n1 / 0",
    "in a function": "def f(n):\n    x = n  # probe: x\n    return f(n - 1) if n else x / 0\nf(3)",
    "many times over": "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(200)",
    "from": "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e",
    "context": "try:\n    {}['a']\nexcept KeyError:\n    raise ValueError('b')",
    "no context": "try:\n    {}['a']\nexcept KeyError:\n    raise ValueError('b') from None",
    "group": "raise ExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [KeyError(2)])])",
    "note": "e = ValueError('v')\ne.add_note('a note')\nraise e",
    "syntax error": "x = (1,\ny = 2\n",
    "indentation": "if 1:\nx = 2\n",
    "compile": "compile('a b', 'made up', 'exec')",
    "interrupt": "raise KeyboardInterrupt",
    "base": "class Own(BaseException): pass\nraise Own('text')",
    "bad str": "class Own(Exception):\n    def __str__(self): raise TypeError\nraise Own",
    "name": "import sys\nsys.exti()",
    "half a line": "print('half', end='')\nraise SystemError('x')",
    "name spelled nearly": "value = 1\nprint(valeu)",
    "hook": "import sys\nsys.excepthook = lambda *a: print('hooked', a[0])\n1 / 0",
    "broken hook": "import sys\nsys.excepthook = lambda *a: 1 / 0\n[][1]",
    "no hook": "import sys\ndel sys.excepthook\n[][1]",
    "in atexit": "import atexit\natexit.register(lambda: 1 / 0)\nprint('end')",
    "in a thread": (
        "import threading\ndef work():\n    x = 1  # probe: x\n    1 / 0\n"
        "t = threading.Thread(target=work, name='worker')\nt.start()\nt.join()\nprint('end')"
    ),
    "unraisable": (
        "class A:\n    def __del__(self): 1 / 0\na = A()  # probe: a\ndel a\nprint('end')"
    ),
    "null byte": "x = 1\0\n",
    "empty": "",
    "only a comment": "# nothing\n",
}


@pytest.mark.parametrize("kind", ERRORS)
def test_an_uncaught_exception(same: Same, kind: str) -> None:
    same(ERRORS[kind])


def test_a_syntax_error_in_an_imported_module(same: Same) -> None:
    assert same({"bad.py": "def f(:\n", "main.py": "import bad\n"}).code == 1


def test_a_missing_module(same: Same) -> None:
    same({"main.py": "import nowhere.at_all\n"})


def test_atexit_functions_run_in_order(same: Same) -> None:
    program = """
import atexit, sys, threading
class Last:
    def __del__(self): print("module variable goes")
last = Last()
for i in range(3):
    atexit.register(print, "exit", i)
release = threading.Event()
def work():
    release.wait()
    print("thread ends")
def let_go():
    print("threading exit")
    release.set()
threading._register_atexit(let_go)
thread = threading.Thread(target=work)
x = 5  # probe: x
thread.start()
sys.exit(x)
"""
    assert "exit 2\nexit 1\nexit 0\n" in same(program).stdout


def test_os_exit_stops_at_once(same: Same) -> None:
    program = """
import atexit, os
atexit.register(print, "never")
for i in range(1000):
    x = i  # probe: x
print("lost in the buffer")
os._exit(9)
"""
    assert same(program).code == 9


def test_exit_while_daemon_threads_run(same: Same) -> None:
    same("""
import threading, time
started = threading.Event()
def work():
    started.set()
    while True:
        x = 1  # probe: x
threading.Thread(target=work, daemon=True).start()
started.wait()
print("main ends")
""")


def test_sys_exit_in_a_thread_ends_only_the_thread(same: Same) -> None:
    same("""
import sys, threading
thread = threading.Thread(target=lambda: sys.exit(4))
thread.start()
thread.join()
print("main goes on")
""")


def test_abort_ends_by_its_signal(same: Same) -> None:
    assert same("import os\nx = 1  # probe: x\nos.abort()\n").code == -6
