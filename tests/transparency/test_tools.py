"""Tools that watch the program themselves keep working; they win."""

import pytest

from tests.transparency.conftest import Same

WORK = """
def work(n):
    total = 0
    for i in range(n):
        x = i * i  # probe: x
        total += x
    return total
"""


def test_a_program_with_its_own_settrace(same: Same) -> None:
    same(
        WORK
        + """
import sys, threading
events = []
def trace(frame, event, arg):
    if frame.f_code.co_name == "work":
        events.append((event, frame.f_lineno))
    return trace
work(2)
sys.settrace(trace)
threading.settrace(trace)
work(3)
thread = threading.Thread(target=work, args=(2,))
thread.start()
thread.join()
print(sys.gettrace() is trace)
sys.settrace(None)
threading.settrace(None)
work(2)
print(events, sys.gettrace())
"""
    )


def test_a_program_with_its_own_opcode_trace(same: Same) -> None:
    same(
        WORK
        + """
import sys
events = []
def trace(frame, event, arg):
    frame.f_trace_opcodes = True
    events.append((event, frame.f_lineno, frame.f_lasti))
    return trace
sys.settrace(trace)
work(2)
sys.settrace(None)
print(events)
"""
    )


def test_a_tracer_of_a_c_library(same: Same) -> None:
    same(
        WORK
        + """
import ctypes, sys
events = []
@ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.py_object, ctypes.c_int, ctypes.c_void_p)
def trace(_object, frame, what, _argument):
    events.append((what, frame.f_code.co_name, frame.f_lineno))
    return 0
ctypes.pythonapi.PyEval_SetTrace(trace, None); work(2); sys.settrace(None)
print(events)
"""
    )


def test_a_program_with_its_own_setprofile(same: Same) -> None:
    same(
        WORK
        + """
import sys
events = []
def profile(frame, event, arg):
    events.append((event, frame.f_code.co_name, getattr(arg, "__name__", arg)))
sys.setprofile(profile)
work(3)
sys.setprofile(None)
print(events)
"""
    )


MONITORING = (
    WORK
    + """
import sys
if not hasattr(sys, "monitoring"):
    raise SystemExit
monitoring = sys.monitoring
names = [monitoring.get_tool(tool) for tool in range(4)]
print(names)
counts = {}
def count(event):
    def callback(*args):
        counts[event] = counts.get(event, 0) + 1
    return callback
tool = int(sys.argv[1])
monitoring.use_tool_id(tool, "own")
events = ("PY_START", "LINE", "PY_RETURN", "JUMP", "INSTRUCTION")
wanted = 0
for name in events:
    number = getattr(monitoring.events, name)
    monitoring.register_callback(tool, number, count(name))
    wanted |= number
monitoring.set_local_events(tool, work.__code__, wanted)
print(work(4), counts)
monitoring.set_local_events(tool, work.__code__, 0)
monitoring.restart_events()
print(work(4), counts)
monitoring.free_tool_id(tool)
"""
)


@pytest.mark.parametrize("tool", range(4))
def test_a_program_that_uses_sys_monitoring(same: Same, tool: int) -> None:
    same(MONITORING, str(tool))


def test_the_standard_profiler_and_tracer(same: Same) -> None:
    same(
        WORK
        + """
import cProfile, pstats, trace
profile = cProfile.Profile()
profile.runcall(work, 5)
stats = pstats.Stats(profile).stats
print({key[2]: value[0] for key, value in stats.items() if key[0] == __file__})
tracer = trace.Trace(count=True, trace=False)
tracer.runfunc(work, 5)
print(sorted((line, n) for (file, line), n in tracer.results().counts.items() if file == __file__))
"""
    )


def test_the_debugger_on_a_script(same: Same) -> None:
    commands = "b 3\nc\np n\nn\nn\np total\nc\nq\n"
    files = {"main.py": WORK + "print(work(3))\n"}
    assert "->" in same(files, run=["-m", "pdb", "main.py"], stdin=commands).stdout


def test_breakpoint_in_the_program(same: Same) -> None:
    program = "def f(a):\n    x = a + 1  # probe: x\n    breakpoint()\n    return x\nprint(f(2))\n"
    assert "(Pdb)" in same(program, stdin="p x\nn\nc\n").stdout


UNITTEST = """
import io, re, unittest
class Case(unittest.TestCase):
    def setUp(self):
        self.numbers = [1, 2]
    def test_good(self):
        x = len(self.numbers)  # probe: x
        self.assertEqual(x, 2)
    def test_bad(self):
        self.assertEqual(1, 2)
    @unittest.expectedFailure
    def test_known(self):
        raise ValueError("known")
if __name__ == "__main__":
    stream = io.StringIO()
    program = unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream, verbosity=2))
    print(re.sub(r"in [0-9.]+s", "in …", stream.getvalue()))
    raise SystemExit(not program.result.wasSuccessful())
"""


def test_a_unittest_run(same: Same) -> None:
    assert same(UNITTEST).code == 1


def test_doctest(same: Same) -> None:
    document = "def f(x):\n    '''\n    >>> f(2)\n    5\n    '''\n    return 2 * x  # probe: x\n"
    assert same({"doc.py": document}, run=["-m", "doctest", "doc.py"]).code == 1


COVERAGE = """
import sys
import coverage
measured = coverage.Coverage(data_file=None, branch=True, include=["work.py"])
measured.start()
import work
print(work.work(3))
measured.stop()
print(measured.analysis2("work.py"), sorted(measured.get_data().arcs("work.py") or []))
"""


@pytest.mark.parametrize("core", ["ctrace", "pytrace", "sysmon"])
def test_coverage_measures_the_same(same: Same, core: str) -> None:
    untaken = WORK + "    if total:\n        return 0\n\nwork(2)\n"
    run = same({"work.py": untaken, "main.py": COVERAGE}, env={"COVERAGE_CORE": core})
    assert run.code == 0
