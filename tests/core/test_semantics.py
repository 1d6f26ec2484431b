"""The capture contract (DESIGN section 4): every row of its table, order, threads and lifetimes."""

import textwrap
import threading
from pathlib import Path

import pytest

from pyprobe.core.door import Door
from pyprobe.core.events.choose import choose_event_source
from tests.core.capturing import Capturer, capture, marked_occurrences
from tests.core.semantics_rows import ROWS, Row, plain, without_scope


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_exactly(row: Row, tmp_path: Path) -> None:
    captured = capture(row.source, tmp_path)
    assert [plain(value) for value in captured.values] == row.expected
    assert captured.faults == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_the_same_inside_a_function(row: Row, tmp_path: Path) -> None:
    if "global x" in row.source or "import *" in row.source:
        return
    inside = "def whole():\n" + textwrap.indent(row.source, "    ") + "\nwhole()\n"
    values = capture(inside, tmp_path).values
    assert [without_scope(value) for value in values] == row.expected


def test_numbers_captures_in_the_order_of_execution(tmp_path: Path) -> None:
    source = "for i in range(2):  # probe: i\n    x = i * 10  # probe: i; x"
    captured = capture(source, tmp_path)
    assert captured.entries == [("i", 0), ("i", 0), ("x", 0), ("i", 1), ("i", 1), ("x", 10)]
    assert captured.times_ns == sorted(captured.times_ns)


def test_a_list_is_copied_at_the_hit(tmp_path: Path) -> None:
    source = "a = []\nfor i in range(3):\n    a = a  # probe: a\n    a.append(i)"
    assert capture(source, tmp_path).values == [[], [0], [0, 1]]


def test_tags_each_capture_with_its_thread(tmp_path: Path) -> None:
    source = (
        "import threading\n"
        "ids = []\n"
        "def f(n):\n"
        "    x = n  # probe: x\n"
        "    ids.append(threading.get_ident())\n"
        "def start(n):\n"
        "    t = threading.Thread(target=f, args=(n,)); t.start(); t.join()\n"
        "f(0); start(1); start(2)"
    )
    namespace: dict[str, object] = {"__name__": "program"}
    captured = capture(source, tmp_path, namespace=namespace)
    assert captured.values == [0, 1, 2]
    assert captured.threads == namespace["ids"]
    assert captured.threads[0] == threading.get_ident()


def test_adds_and_removes_in_a_frame_that_never_returns(tmp_path: Path) -> None:
    source = (
        "def run(step):\n"
        "    for n in range(9):\n"
        "        x = n  # probe: x\n"
        "        step(n)\n"
        "run(step)"
    )
    capturer = Capturer()
    path = tmp_path / "program.py"
    path.write_text(source)
    occurrence = marked_occurrences(source)[0]
    added: list[int] = []

    def step(n: int) -> None:
        if n == 2:
            added.append(capturer.add(path, occurrence))
        if n == 5:
            capturer.engine.remove(added[0])

    capturer.engine.start()
    try:
        exec(compile(source, str(path), "exec"), {"step": step})
        assert capturer.drain().values == [3, 4, 5]
    finally:
        capturer.engine.stop()


def test_keeps_no_object_of_the_program_alive(tmp_path: Path) -> None:
    source = (
        "import weakref\n"
        "class C: pass\n"
        "def f():\n"
        "    c = C()  # probe: c\n"
        "    r = weakref.ref(c)\n"
        "    y = c  # probe: c/load\n"
        "    del c, y\n"
        "    return r() is None\n"
        "gone = f()"
    )
    namespace: dict[str, object] = {"__name__": "program"}
    capture(source, tmp_path, namespace=namespace)
    source_of_events, _reason = choose_event_source(Door(print))
    if not source_of_events.copies_locals:  # there the interpreter itself keeps it: see docs
        assert namespace["gone"] is True


def test_runs_no_code_of_the_program(tmp_path: Path) -> None:
    source = (
        "ran = []\n"
        "class Loud:\n"
        "    def __getattribute__(self, name): ran.append(name); raise RuntimeError(name)\n"
        "    def __repr__(self): ran.append('repr'); raise RuntimeError\n"
        "    def __len__(self): ran.append('len'); raise RuntimeError\n"
        "    def __eq__(self, other): ran.append('eq'); raise RuntimeError\n"
        "    __hash__ = None\n"
        "    @property\n"
        "    def gain(self): ran.append('gain'); return 1\n"
        "x = Loud()  # probe: x\n"
        "ran.clear()\n"
        "try: y = x.gain  # probe: x.gain\n"
        "except RuntimeError: pass\n"
    )
    namespace: dict[str, object] = {"__name__": "program"}
    captured = capture(source, tmp_path, namespace=namespace)
    assert namespace["ran"] == ["gain"]  # the program's own access, through __getattribute__
    assert len(captured.values) == 1
    assert "Loud" in str(captured.values[0])
    assert any("code" in detail for detail in captured.details)


def test_says_when_the_compiler_left_nothing_to_capture(tmp_path: Path) -> None:
    source = "def f():\n    if 0:\n        x = 1  # probe: x\n    return 2\nf()"
    captured = capture(source, tmp_path)
    assert captured.values == []
    assert any("no instruction" in detail for detail in captured.details)
