"""Sources: good and bad files, and why a place cannot be probed."""

from pathlib import Path

import pytest

from pyprobe.gui.sources import load_source
from tests.gui.conftest import WriteProgram


@pytest.mark.parametrize(
    ("data", "text", "problem"),
    [
        (b"", "", ""),
        (b"x = 1\r\ny = 2\r", "x = 1\ny = 2\n", ""),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n", ""),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n", ""),
        (b"x = '\xe9'\n", "x = '\ufffd'\n", "not UTF-8"),
        (b"\x7fELF\0\0", "", "binary"),
        (b"def f(:\n", "def f(:\n", "Line 1 is not valid Python"),
    ],
)
def test_files(tmp_path: Path, data: bytes, text: str, problem: str) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(data)
    source = load_source(str(path))
    assert source.text == text
    assert problem in source.problem
    assert bool(source.problem) == bool(problem)
    if problem:
        assert source.problem.endswith(".")


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    source = load_source(str(tmp_path / "none.py"))
    assert "does not exist" in source.problem


def test_why_not(write_program: WriteProgram) -> None:
    source = load_source(str(write_program("x = 1  # note\n\ny = x\n")))
    assert "constant" in source.why_not(1, 4)
    assert "comment" in source.why_not(1, 7)
    assert source.why_not(1, 1) == ""  # a space: nobody expects anything there
    assert source.why_not(2, 0) == ""
    assert source.why_not(9, 0) == ""
