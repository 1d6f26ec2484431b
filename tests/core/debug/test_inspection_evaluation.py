"""Evaluating a line in a program that stands, and the time it may take."""

import threading
import time
from collections.abc import Callable

import pytest

from pyprobe.errors import PyProbeError
from tests.core.debug.standing import FUNCTION, PATIENCE_S, Stopped, standing


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("a + b", "3"),
        ("limit + a", "11"),
        ("len(values)", "3"),
        ("[v * a for v in values if v > b]", "[3]"),
        ("sum(v + shared for v in values)", "18"),
        ("(lambda x: x + a + limit)(5)", "16"),
        ("{k: [a for _ in range(k)] for k in values}", "{1: [1], 2: [1, 1], 3: [1, 1, 1]}"),
        ("[y := v for v in values], y", "([1, 2, 3], 3)"),
        ("read(), shared", "(4, 4)"),
        ("  a  # what it is", "1"),
        ("(a +\n b)", "3"),
        ("'long ' * 200", repr("long " * 200)),
        ("a if True else\\\n b", "1"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("nothing", "NameError: name 'nothing' is not defined"),
        ("a b", "SyntaxError: invalid syntax (line 1, column 3)"),
        ("yield a", "SyntaxError: 'yield' outside function (line 1, column 1)"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("x" * 100_000, f"NameError: name '{'x' * 200}' is not defined"),
        ("", ""),
        ("pass", ""),
    ],
)
def test_a_line_gives_its_value_or_what_it_raised(line: str, text: str) -> None:
    with standing(FUNCTION) as program:
        assert program.evaluate(line) == text


def test_text_that_no_python_can_be_is_answered_by_its_reason() -> None:
    with standing(FUNCTION) as program:
        for line in ("(" * 5000, "\0", "'''", "a." * 3000 + "b", "await a", "return a"):
            assert "Error: " in program.evaluate(line)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a = 100", "a", 100),
        ("a += b", "a", 3),
        ("shared = 7", "shared", 7),
        ("a, b = b, a", "a", 2),
        ("values += [a]", "values", [1, 2, 3, 1]),
        ("values[0] = shared", "values", [4, 2, 3]),
        ("b = [v for v in values if v > a]", "b", [2, 3]),
        ("for a in values:\n  b = (lambda: a * 10)()", "b", 30),
        ("shared = sum(v for v in values)", "shared", 6),
        ("def shared(): return a", "a", 1),
        ("if a:\n  a = -1\nelse:\n  a = -2", "a", -1),
    ],
)
def test_assignments_take_effect_in_the_frame(line: str, name: str, value: object) -> None:
    with standing(FUNCTION) as program:
        assert program.evaluate(line) == ""
    assert program.namespace["result"][name] == value


def test_what_a_closure_shares_is_seen_by_both() -> None:
    with standing(FUNCTION) as program:
        program.evaluate("shared = 70")
        assert program.evaluate("read()") == "70"
    assert program.namespace["result"]["read"] == 70


def test_a_variable_without_a_value_yet_gets_one() -> None:
    with standing(FUNCTION) as program:
        program.evaluate("late = [a for _ in values]")
        assert program.texts()["late"] == "[1, 1, 1]"
    assert program.namespace["returned"] == [1, 1, 1]


def test_a_local_variable_is_not_deleted_and_the_answer_says_why() -> None:
    with standing(FUNCTION) as program:
        said = "the local variable 'a' cannot be deleted while its frame runs"
        assert program.evaluate("del a") == said
        assert program.evaluate("del nothing_of_this_name").startswith("NameError")


def test_a_new_name_lasts_while_the_program_stands_and_leaves_nothing() -> None:
    with standing(FUNCTION) as program:
        program.evaluate("mine = a + 1")
        program.evaluate("import math; also = [math.pi for _ in values]")
        assert program.evaluate("mine, len(also)") == "(2, 3)"
        assert program.texts()["mine"] == "2"
        program.evaluate("del mine")
        assert program.evaluate("mine").startswith("NameError")
    assert not {"mine", "also", "math"} & set(program.namespace["result"])


def test_globals_are_bound_where_the_line_says_so_and_in_a_module() -> None:
    with standing(FUNCTION) as program:
        program.evaluate("global limit; limit = 11")
    assert program.namespace["limit"] == 11
    with standing("x = 1\nstand()\ny = x") as program:
        program.evaluate("x = 5; extra = [x for _ in range(2)]")
    assert program.namespace["y"] == 5
    assert program.namespace["extra"] == [5, 5]


def test_a_class_body_is_written_to() -> None:
    with standing("class A:\n  x = 1\n  stand()\n  y = x") as program:
        program.evaluate("x = [x for _ in range(2)]")
    assert program.namespace["A"].y == [1, 1]


def test_names_of_a_class_are_bound_beside_a_comprehension_that_uses_them() -> None:
    source = "class A:\n  v = 1\n  w = [v for v in (7,)]\n  stand()\n  z = v"
    with standing(source) as program:
        assert program.evaluate("v, w, [v for _ in w]") == "(1, [7], [1])"
        assert program.set("5", name="v") == "5"
    assert program.namespace["A"].z == 5


def test_text_that_is_executed_in_a_namespace_of_its_own_has_that_for_its_locals() -> None:
    source = "exec('y = 5\\nstand()\\nz = y', {'stand': stand, 'g': 1}, found)"
    with standing(source, found={}) as program:
        assert program.texts() == {"y": "5"}
        assert program.evaluate("y + g, [y for _ in range(2)]") == "(6, [5, 5])"
        assert program.set("6", name="y") == "6"
    assert program.namespace["found"] == {"y": 6, "z": 6}


def test_any_frame_of_the_stack_can_be_chosen() -> None:
    source = """
def outer(x):
    inner()
    seen.append(x)
def inner():
    x = 'inner'
    stand()
seen = []
outer('outer')
"""
    with standing(source) as program:
        assert program.evaluate("x", frame=1) == "'outer'"
        program.evaluate("x = x + '!'", frame=1)
        assert program.evaluate("x", frame=0) == "'inner'"
    assert program.namespace["seen"] == ["outer!"]


def test_results_open_as_trees_by_their_number() -> None:
    with standing("stand()") as program:
        first = program.ask("evaluate", text="{'a': [1, 2]}")
        program.evaluate("[9]")
        assert first["root"] == "$1"
        assert first["parts"] == 1
        assert program.texts("$1", "['a']") == {"[0]": "1", "[1]": "2"}
        assert program.texts("$") == {"[0]": "9"}
        assert program.texts(scope="$2") == {"[0]": "9"}
        assert program.set("8", scope="$2", path=[["index", 0]]) == "8"
        assert program.texts("$2") == {"[0]": "8"}
        statement = program.ask("evaluate", text="x = 1")
        assert (statement["root"], statement["text"], statement["type"]) == ("", "", "")


def test_output_goes_where_the_programs_goes(capfd: pytest.CaptureFixture[str]) -> None:
    with standing("stand()") as program:
        program.evaluate("print('from the line', flush=True)")
    assert capfd.readouterr().out == "from the line\n"


def test_what_is_raised_is_told_even_where_it_cannot_say_what_it_is() -> None:
    source = "class Bad(Exception):\n  def __str__(self): raise self\nstand()"
    with standing(source) as program:
        assert program.evaluate("raise Bad") == "Bad"


def test_a_result_that_cannot_be_told_never_harms_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(value: object, **options: object) -> object:
        raise OSError

    with standing(FUNCTION) as program:
        monkeypatch.setattr("pyprobe.core.debug.inspection.facts_of", fail)
        assert program.evaluate("a") == "This cannot be shown: OSError."
        monkeypatch.undo()
        assert program.evaluate("a") == "1"


# Time limits

ENDLESS = [
    *("while True: pass", "sum(1 for _ in iter(int, 1))"),
    "[None for _ in iter(int, 1)]",
    "while True:\n  try:\n    while True: pass\n  except Exception: pass",
]


@pytest.mark.parametrize("line", ENDLESS)
def test_a_line_that_never_ends_is_interrupted_and_the_program_stands(line: str) -> None:
    with standing(FUNCTION) as program:
        answer = program.ask("evaluate", text=line, limit_ms=50)
        assert answer["error"] == "It was interrupted after 0.05 s."
        assert program.evaluate("a + b") == "3"
    assert program.namespace["result"]["a"] == 1


def _in_main_thread(source: str, ask: Callable[[Stopped], None]) -> Stopped:
    """Run a program in the main thread, and ask from another one."""
    program = Stopped()
    errors: list[BaseException] = []

    def front_end() -> None:
        try:
            program.wait_until_it_stands()
            ask(program)
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)
        finally:
            program.go_on()

    asker = threading.Thread(target=front_end)
    asker.start()
    program.run(source)
    asker.join(PATIENCE_S)
    for error in (*errors, program.failure):
        if error is not None:
            raise error
    return program


@pytest.mark.parametrize(
    "line", ["time.sleep(1e6)", "lock.acquire()", "while True: time.sleep(0.001)", *ENDLESS]
)
def test_in_the_main_thread_waiting_is_interrupted_too(line: str) -> None:
    lock = threading.Lock()
    lock.acquire()
    answers: list[object] = []

    def ask(program: Stopped) -> None:
        program.namespace.update(time=time, lock=lock)
        answers.append(program.ask("evaluate", text=line, limit_ms=50)["error"])
        answers.append(program.evaluate("a + b"))

    program = _in_main_thread(FUNCTION, ask)
    assert answers == ["It was interrupted after 0.05 s.", "3"]
    assert program.namespace["result"]["a"] == 1


def test_a_line_that_cannot_be_interrupted_is_said_to_be_and_tried_again() -> None:
    gate = threading.Lock()
    gate.acquire()  # no thread but the main one can be woken from this
    with standing("stand()", gate=gate) as program:
        answer = program.ask("evaluate", text="gate.acquire()", limit_ms=20)
        assert "cannot be interrupted" in str(answer["error"])
        with pytest.raises(PyProbeError, match="has not ended yet"):
            program.ask("evaluate", text="1")
        gate.release()
        _wait_until(lambda: _answers(program, "1 + 1"))


def test_a_line_that_catches_every_exception_ends_or_is_said_not_to() -> None:
    source = """
def endless():
    while not let_go:
        try:
            while not let_go:
                pass
        except BaseException:
            caught.append(1)
let_go, caught = [], []
stand()
"""
    with standing(source) as program:
        error = str(program.ask("evaluate", text="endless()", limit_ms=20)["error"])
        # Where it is hit outside the ``try``, as in its handler, it ends.
        assert "cannot be interrupted" in error or "was interrupted" in error
        program.namespace["let_go"].append(1)
        _wait_until(lambda: _answers(program, "1 + 1"))


def _answers(program: Stopped, line: str) -> bool:
    try:
        return program.evaluate(line) == "2"
    except PyProbeError:
        return False


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_a_line_is_told_of_when_the_program_goes_on_before_its_turn() -> None:
    with standing("stand()") as program:
        assert program.thread is not None
        busy = threading.Event()
        program.thread.submit(lambda: busy.wait(PATIENCE_S))
        asked = program.begin("evaluate", text="1", limit_ms=20)
        program.thread.release()
        busy.set()
        assert program.wait_for(asked)["error"] == "The program goes on."


def test_at_the_recursion_limit_the_answer_says_so_and_the_program_is_not_harmed() -> None:
    source = """
def deep(left):
    if left:
        return deep(left - 1)
    stand()
    return 'returned'
def depth(count):
    try:
        return depth(count + 1)
    except RecursionError:
        return count
log = [deep(depth(0) - spare) for spare in (20, 40)]
"""
    with standing(source) as program:
        assert program.evaluate("left") == "The program's recursion has left no room for this."
        assert program.texts()["left"] == "0"
        program.go_on()
        program.wait_until_it_stands()
        assert "no room" in program.evaluate("left") or program.evaluate("left") == "0"
    assert program.namespace["log"] == ["returned", "returned"]


PRIVATE = """
class _Motor:
    __kind = 3
    def __init__(self):
        self.__gain = 2
    def work(self):
        __turn = 5
        stand()
        return self.__gain, __turn
motor = _Motor()
result = motor.work()
"""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("self.__gain", "2"),
        ("__turn + type(self).__kind", "8"),
        ("[self.__gain + __turn for _ in range(2)]", "[7, 7]"),
        ("(lambda: self.__gain)()", "2"),
        ("self._Motor__gain", "2"),
        ("self.__init__.__name__", "'__init__'"),
    ],
)
def test_private_names_mean_what_they_mean_in_the_class(line: str, text: str) -> None:
    with standing(PRIVATE) as program:
        assert program.evaluate(line) == text


def test_private_names_are_bound_in_the_class() -> None:
    with standing(PRIVATE) as program:
        assert program.evaluate("self.__gain = 7; self.__gain += 1; __turn = 6") == ""
        program.ask("set", name="self.__gain", text="self.__gain * 10")
        program.ask("set", name="__turn", text="__turn * 10")
    assert program.namespace["result"] == (80, 60)
    assert vars(program.namespace["motor"]) == {"_Motor__gain": 80}


def test_a_comprehension_binds_the_variables_of_the_frame_and_no_globals() -> None:
    with standing(FUNCTION) as program:
        assert program.evaluate("[a := v for v in values]") == "[1, 2, 3]"
        assert program.evaluate("a, any((late := v) for v in values), late") == "(3, True, 1)"
        assert program.evaluate("{(new := v): 0 for v in values}") == "{1: 0, 2: 0, 3: 0}"
        assert program.evaluate("new, 'a' in globals(), 'new' in globals()") == "(3, False, False)"
    assert program.namespace["result"]["a"] == 3
    assert not {"a", "new", "late"} & set(program.namespace)


def test_locals_are_shown_as_what_they_are() -> None:
    with standing(FUNCTION) as program:
        assert program.evaluate("locals()").startswith("{'a': 1, 'b': 2, 'values': [1, 2, 3]")
