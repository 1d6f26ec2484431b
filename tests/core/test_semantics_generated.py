"""Generated programs: what probes on every binding capture equals an explicit log of each binding.

The same random program is written twice: once with a call of ``log`` after each binding, run plain;
once without, run with every store probed.
"""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyprobe.analysis.occurrence import OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from tests.core.capturing import Capturer

NAMES = ("a", "b", "c")
BINDINGS = (OccurrenceKind.STORE, OccurrenceKind.PARAMETER)


@dataclass
class Program:
    """Lines without and with the log; ``log`` calls name the plain line they belong to."""

    plain: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    def line(self, depth: int, text: str) -> int:
        self.plain.append("    " * depth + text)
        self.logged.append("    " * depth + text)
        return len(self.plain)

    def log(self, depth: int, number: int, name: str) -> None:
        self.logged.append("    " * depth + f"log({number}, {name!r}, {name})")


class Writer:
    """Draws one program. Every loop is bounded, every name is bound before it is read."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.program = Program()
        self.functions = 0

    def value(self) -> str:
        return self.draw(
            st.sampled_from(
                ("1", "2", "a", "b", "c", "a + 1", "b - c", "a * 2 % 7", "((a, b) and c)")
            )
        )

    def name(self) -> str:
        return self.draw(st.sampled_from(NAMES))

    def block(self, depth: int, nesting: int, *, in_loop: bool) -> None:
        for _ in range(self.draw(st.integers(1, 3))):
            self.statement(depth, nesting, in_loop=in_loop)

    def statement(self, depth: int, nesting: int, *, in_loop: bool) -> None:
        simple = (self.assign, self.augment, self.walrus, self.comprehension)
        compound = (self.branch, self.loop, self.guarded, self.function)
        leave = (self.leave_loop,) if in_loop else ()
        choices = (*simple, *leave) if nesting == 0 else (*simple, *compound, *leave)
        self.draw(st.sampled_from(choices))(depth, nesting, in_loop)

    def assign(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.name()
        number = self.program.line(depth, f"{name} = {self.value()}")
        self.program.log(depth, number, name)

    def augment(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.name()
        number = self.program.line(depth, f"{name} += {self.value()}")
        self.program.log(depth, number, name)

    def walrus(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.name()
        number = self.program.line(depth, f"({name} := {self.value()})")
        self.program.log(depth, number, name)

    def comprehension(self, depth: int, nesting: int, in_loop: bool) -> None:
        name, text = self.name(), self.value()
        number = len(self.program.plain) + 1
        self.program.plain.append("    " * depth + f"{name} = sum([q + {text} for q in (1, 2)])")
        self.program.logged.append(
            "    " * depth
            + f"{name} = sum([(log({number}, 'q', q), q + {text})[1] for q in (1, 2)])"
        )
        self.program.log(depth, number, name)

    def branch(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.program.line(depth, f"if {self.value()} % 2:")
        self.block(depth + 1, nesting - 1, in_loop=in_loop)
        if self.draw(st.booleans()):
            self.program.line(depth, "else:")
            self.block(depth + 1, nesting - 1, in_loop=in_loop)

    def loop(self, depth: int, nesting: int, in_loop: bool) -> None:
        name = self.name()
        number = self.program.line(depth, f"for {name} in range({self.draw(st.integers(0, 3))}):")
        self.program.log(depth + 1, number, name)
        self.block(depth + 1, nesting - 1, in_loop=True)

    def leave_loop(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.program.line(depth, f"if {self.value()} > 2: {self.draw(st.sampled_from(LEAVES))}")

    def guarded(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.program.line(depth, "try:")
        self.block(depth + 1, nesting - 1, in_loop=in_loop)
        self.program.line(depth + 1, f"1 // ({self.value()} % 3)")
        if self.draw(st.booleans()):
            number = self.program.line(depth, "except ZeroDivisionError as e:")
            self.program.log(depth + 1, number, "e")
        else:
            self.program.line(depth, "except ZeroDivisionError:")
        self.block(depth + 1, nesting - 1, in_loop=in_loop)
        if self.draw(st.booleans()):
            self.program.line(depth, "finally:")
            self.block(depth + 1, nesting - 1, in_loop=False)

    def function(self, depth: int, nesting: int, in_loop: bool) -> None:
        self.functions += 1
        called = f"f{self.functions}"
        number = self.program.line(depth, f"def {called}(a, b, c=3):")
        for name in NAMES:
            self.program.log(depth + 1, number, name)
        self.block(depth + 1, nesting - 1, in_loop=False)
        self.program.line(depth + 1, f"return {self.value()}")
        self.program.log(depth, number, called)
        name = self.name()
        number = self.program.line(depth, f"{name} = {called}({self.value()}, b)")
        self.program.log(depth, number, name)


LEAVES = ("break", "continue")


@st.composite
def programs(draw: st.DrawFn) -> Program:
    writer = Writer(draw)
    writer.program.line(0, "a, b, c = 1, 2, 3")
    if draw(st.booleans()):
        writer.block(0, 3, in_loop=False)
    else:
        writer.program.line(0, "def whole(a, b, c):")
        writer.block(1, 3, in_loop=False)
        writer.program.line(0, "whole(1, 2, 3)")
    return writer.program


Event = tuple[int, str, object]


def logged_events(program: Program) -> list[Event]:
    events: list[Event] = []

    def log(line: int, name: str, value: object) -> None:
        events.append((line, name, comparable(value)))

    source = "\n".join(program.logged)
    exec(compile(source, "logged.py", "exec"), {"log": log})
    return events


def comparable(value: object) -> object:
    return value if isinstance(value, int) else "object"


def captured_events(program: Program, folder: Path) -> list[Event]:
    source = "\n".join(program.plain)
    path = folder / "program.py"
    path.write_text(source)
    capturer = Capturer()
    lines: list[tuple[int, str]] = []
    for occurrence in find_occurrences(source):
        if occurrence.kind in BINDINGS and occurrence.line > 1 and "whole" not in occurrence.symbol:
            if source.splitlines()[occurrence.line - 1].startswith("def whole"):
                continue
            capturer.add(path, occurrence)
            lines.append((occurrence.line, occurrence.symbol))
    capturer.engine.start()
    try:
        exec(compile(source, str(path), "exec"), {})
        first_seq, rows = capturer.log.drain()
        assert first_seq == 0
        assert capturer.faults == []
    finally:
        capturer.engine.stop()
    captures = zip(rows.probe_ids, rows.values, strict=True)
    return [(*lines[probe_id], comparable(value)) for probe_id, value in captures]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_captures_equal_an_explicit_log_of_each_binding(program: Program) -> None:
    with TemporaryDirectory() as folder:
        assert captured_events(program, Path(folder)) == logged_events(program)
