"""A program finds itself in the world it would find under plain Python."""

from tests.transparency.conftest import Same

IDENTITY = """
import os, sys
x = 1  # probe: x
print(__name__, __file__, __package__, __spec__, __doc__, __builtins__)
print(sys.argv, sys.path, sys.orig_argv[1:], sys.executable, sys.prefix, sys.flags)
print(os.getcwd(), sorted(globals()))
print(sorted(os.environ.items()))
print(type(__loader__).__name__, sys.warnoptions, sys._xoptions)
"""


def test_a_script_finds_its_own_name_path_and_arguments(same: Same) -> None:
    assert "main.py" in same(IDENTITY, "one", "--two", "-p", "three").stdout


def test_a_script_in_another_folder(same: Same) -> None:
    same({"inner/main.py": IDENTITY}, "x", run=["inner/main.py"])


def test_a_module(same: Same) -> None:
    files = {"tool.py": IDENTITY}
    assert "__main__" in same(files, "-m", "x", run=["-m", "tool"]).stdout


def test_a_package_with_relative_imports(same: Same) -> None:
    files = {
        "package/__init__.py": "print('init', __name__)",
        "package/part.py": "value = 5  # probe: value\n",
        "package/__main__.py": IDENTITY + "from .part import value\nprint(value)\n",
    }
    assert same(files, "argument", run=["-m", "package"]).stdout.endswith("5\n")


def test_the_program_sees_no_module_and_no_thread_of_ours(same: Same) -> None:
    same("""
import sys, threading
x = 1  # probe: x
print([name for name in sorted(sys.modules) if "pyprobe" in name or "msgpack" in name])
print([name for name in sys.modules if name not in sys.stdlib_module_names and "." not in name])
print("sitecustomize" in sys.modules, "usercustomize" in sys.modules)
print([thread.name for thread in threading.enumerate()], threading.active_count())
print([type(finder).__name__ for finder in sys.meta_path], len(sys.path_hooks))
print(sys.gettrace(), sys.getprofile(), sys.excepthook, threading.excepthook)
print(sys.breakpointhook, sys.displayhook, sys.unraisablehook)
""")


def test_the_programs_own_modules_win_over_what_the_runner_uses(same: Same) -> None:
    names = ("msgpack", "pyprobe", "hmac", "secrets", "queue", "selectors", "tempfile", "anchor")
    files = {f"{name}.py": f"mine = '{name}'\n" for name in names}
    files["main.py"] = (
        "import importlib\n"
        f"for name in {names}:\n"
        "    module = importlib.import_module(name)  # probe: module\n"
        "    print(name, getattr(module, 'mine', 'not mine'))\n"
    )
    assert "not mine" not in same(files).stdout


def test_the_environments_own_sitecustomize_still_runs(same: Same) -> None:
    files = {
        "custom/sitecustomize.py": "import sys\nif sys.argv[:1] == ['main.py']: print('custom')\n",
        "main.py": "import sitecustomize\nprint(sitecustomize.__file__)\n",
    }
    assert "custom" in same(files, env={"PYTHONPATH": "custom"}).stdout


def test_pythonpath_reaches_the_program_and_its_children(same: Same) -> None:
    files = {
        "library/helper.py": "answer = 42\n",
        "main.py": """
import helper, os, subprocess, sys
print(helper.answer, os.environ["PYTHONPATH"], sys.path)
child = "import helper, os; print(helper.answer, os.environ['PYTHONPATH'])"
subprocess.run([sys.executable, "-c", child], check=True)
""",
    }
    assert same(files, env={"PYTHONPATH": "library"}).stdout.startswith("42")


def test_classes_of_the_program_can_be_pickled(same: Same) -> None:
    same("""
import pickle, sys
class Point:
    def __init__(self, x): self.x = x
point = Point(3)  # probe: point
data = pickle.dumps(point)
print(data, pickle.loads(data).x, Point.__module__, sys.modules["__main__"].Point is Point)
""")


def test_the_stack_holds_the_program_alone(same: Same) -> None:
    same("""
import inspect, sys, traceback
def f():
    here = len(inspect.stack())  # probe: here
    traceback.print_stack()
    return here
print(f(), sys._getframe().f_back)
print(sorted(locals()) == sorted(globals()))
""")


def test_warnings_are_shown_as_they_would_be(same: Same) -> None:
    program = """
import warnings
def old():
    x = 1  # probe: x
    warnings.warn("old", DeprecationWarning, stacklevel=2)
    return x
old()
open("main.py")
"""
    same(program, env={"PYTHONWARNINGS": "default"})


def test_a_program_that_moves_and_deletes_itself(same: Same) -> None:
    same("""
import os
for i in range(3):
    x = i  # probe: x
os.remove(__file__)
os.mkdir("elsewhere")
os.chdir("elsewhere")
print(os.getcwd(), os.path.exists(__file__))
1 / 0
""")
