"""Meeting code: a thread that is arming code and meets it again does not wait for itself."""

from collections.abc import Callable
from pathlib import Path
from types import CodeType

import pytest

from tests.core.capturing import Capturer, marked_occurrences

PROGRAM = """\
def work():
    x = 7  # probe: x

work()
"""


def test_code_that_is_met_while_it_is_armed_by_the_same_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    capturer = Capturer()
    met: list[str] = []
    meet: list[Callable[[CodeType], None]] = []
    start = capturer.source.start

    def start_and_keep(on_code: Callable[[CodeType], None]) -> None:
        meet.append(on_code)
        start(on_code)

    def meet_again(code: CodeType, _file: str) -> None:
        if code.co_name == "work":
            met.append(code.co_name)
            meet[0](code)  # as hooking a thread does that stands in it

    monkeypatch.setattr(capturer.source, "start", start_and_keep)
    capturer.engine.start()
    try:
        capturer.engine.listen_to_code(meet_again)
        (occurrence,) = marked_occurrences(PROGRAM)
        capturer.add(path, occurrence)
        exec(compile(PROGRAM, str(path), "exec"), {"__name__": "program"})
        assert met == ["work"]
        assert capturer.drain().values == [7]
    finally:
        capturer.engine.stop()
