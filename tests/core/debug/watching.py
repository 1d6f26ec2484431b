"""Watches one thing of a program text, and tells what each stop said."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyprobe.analysis.bindings import find_bindings
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.debug.breakpoints import Breakpoints
from pyprobe.core.debug.records import StopReason
from pyprobe.ipc.messages import SetDataBreakpoint
from tests.core.debug.breaking import Broken, broken

Watch = Callable[[str], "Watched"]


class Watched:
    """A program text, one thing or several of which are watched."""

    def __init__(self, run: Broken) -> None:
        self.run = run

    def watch(
        self,
        line: int,
        symbol: str,
        *,
        condition: str = "",
        in_place: bool = False,
        breakpoint_id: int = 7,
        file: Path | None = None,
    ) -> "Watched":
        """Stop when what stands there changes; ``file`` is another than the program's own."""
        path = file or self.run.path
        source = path.read_text("utf-8")
        chosen = next(
            one for one in find_occurrences(source) if (one.line, one.symbol) == (line, symbol)
        )
        found = find_bindings(source, chosen)
        self.run.breakpoints.set_data(
            SetDataBreakpoint(
                command_id=0,
                breakpoint_id=breakpoint_id,
                file=str(path),
                func=chosen.func,
                symbol=symbol,
                chosen=found.chosen.to_dict(),
                occurrences=[one.to_dict() for one in found.stores + found.deletions],
                is_global=found.is_global,
                of_class=found.of_class,
                condition=condition,
                in_place=in_place,
            )
        )
        return self

    def module(self, name: str, source: str) -> Path:
        """Have the program able to import a module of its own."""
        path = self.run.path.parent / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        return path

    def changes(self, *, as_module: str = "", **namespace: object) -> list[str]:
        """Run the program, maybe as a module that others import; return what each stop said."""
        known = set(sys.modules)
        sys.path.insert(0, str(self.run.path.parent))
        try:
            if as_module:
                module = sys.modules[as_module] = ModuleType(as_module)
                module.__file__ = str(self.run.path)
                exec(compile(self.run.source, self.run.path, "exec"), vars(module))
            else:
                self.run.run(**namespace)
        finally:
            sys.path.remove(str(self.run.path.parent))
            for name in set(sys.modules) - known:
                del sys.modules[name]
        assert self.run.capturer.faults == []
        assert all(stop.reason is StopReason.DATA for stop in self.run.stops.found)
        return [stop.detail for stop in self.run.stops.found]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watch]:
    opened: list[Any] = []

    def make(source: str) -> Watched:
        opened.append(broken(tmp_path, source))
        run = opened[-1].__enter__()
        run.breakpoints = Breakpoints(
            run.capturer.engine,
            run.stops,
            is_mine=lambda code: code.co_filename.startswith(str(tmp_path)),
        )
        return Watched(run)

    yield make
    for manager in opened:
        manager.__exit__(None, None, None)


def said(symbol: str, old: str, new: str, line: int, *, where: str = "") -> str:
    return f"{symbol} was {old}, is {new}; bound in line {line}{where}"
