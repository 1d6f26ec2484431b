"""What an instruction works on is read from the stack: the very objects, in every construct."""

import ast
import sys
from types import CodeType, FrameType

import pytest

from pyprobe.core.code_map import CodeMap
from pyprobe.core.debug import stack_operands
from pyprobe.core.debug.stack_operands import StackOperands, stack_depths
from tests.core.debug.watching import Watch, watched

__all__ = ["watched"]  # a fixture


def codes_in(code: CodeType) -> list[CodeType]:
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return [code] + [each for part in inner for each in codes_in(part)]


def test_the_depth_of_every_instruction_is_known() -> None:
    file = ast.__file__
    with open(file, encoding="utf-8") as source:
        whole = compile(source.read(), file, "exec")
    for code in codes_in(whole):
        code_map = CodeMap(code)
        depths = stack_depths(code_map)
        reached = [depths[index] for index in range(len(code_map.instructions)) if index in depths]
        assert max(reached) <= code.co_stacksize
        assert len(reached) > len(code_map.instructions) * 0.9


def test_code_that_does_not_agree_with_itself_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_operands, "stack_effect", lambda *_args, **_more: -1)
    code_map = CodeMap(test_the_depth_of_every_instruction_is_known.__code__)
    assert stack_depths(code_map) == {}
    assert StackOperands(code_map).reader(5, 0) is None


SOURCE = """\
class C: pass
def run(items):
    for first, second in [(1, 2)]:
        try:
            items[first - 1].v = [second for second in (1, items[0].w)]
            with memoryview(b"") as view, memoryview(b""):
                items[int(not first)].v = (lambda x=second: x)()
            try:
                1 / 0
            except ZeroDivisionError as error:
                items[len(str(error)) * 0].v = f"{first}{(yield 5)}"
        finally:
            items[0].v = {**{"a": 1}, "b": [*range(2)]}
c = C()
c.w = c.v = 0
print(sum(run([c, c])))
"""


def test_the_object_is_found_under_all_that_stands_on_the_stack(watched: Watch) -> None:
    found = watched(SOURCE).watch(15, "c.v").changes(print=lambda *_values: None)
    assert [int(each.rpartition(" ")[2]) for each in found] == [15, 5, 7, 11, 13]


def frame_of_this() -> FrameType:
    return sys._getframe()


def test_what_is_not_there_is_not_read() -> None:
    frame = frame_of_this()
    operands = StackOperands(CodeMap(frame.f_code))
    assert operands.reader(0, 0) is None


WORDS = """\
import sys
gain = 1
class M:
    def go(self, other):
        self.v = 1
        other.v = 2
        self.v = 3
        self.log = {}
        self.log["n"] = 1
        sys.modules[__name__].gain = 5
        globals()["gain"] = 6
def change():
    global gain
    gain = 2
change()
m = M()
m.go(m)
"""


def test_where_nothing_is_read_what_is_written_in_the_same_words_is_found(
    watched: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_operands, "_KNOWN_LAYOUT", False)
    program = watched(WORDS)
    for number, (line, symbol) in enumerate(((2, "gain"), (5, "self.v"), (9, 'self.log["n"]'))):
        program.watch(line, symbol, breakpoint_id=number)
    assert program.changes() == [
        "gain was no value, is 1; bound in line 2",
        "gain was 1, is 2; bound in line 14",
        "self.v was no value, is 1; bound in line 5",
        "self.v was 2, is 3; bound in line 7",
        'self.log["n"] was no value, is 1; bound in line 9',
    ]
    details = {note.breakpoint_id: note.detail for note in program.run.notes().values()}
    assert "by the same words" in details[1]
