"""A file's tab says what is wrong with the file, and promises only what holds."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.source_page import SourcePage
from pyprobe.gui.sources import load_source, load_text
from pyprobe.gui.theme import LIGHT


@pytest.fixture
def page(qtbot: QtBot) -> SourcePage:
    page = SourcePage("script.py", LIGHT, monospace_font())
    qtbot.addWidget(page)
    return page


def notice(page: SourcePage) -> str:
    message = page.notices.current()
    return message.text if message is not None else ""


def test_invalid_python_can_still_be_run(page: SourcePage, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("x = (\n", encoding="utf-8")
    page.show_source(load_source(str(script)))
    assert notice(page).endswith("Nothing in it can be probed; it can still be run.")


def test_a_file_that_is_gone_cannot_be_run_and_its_text_is_from_before(
    page: SourcePage, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text("x = 1\n", encoding="utf-8")
    source = load_source(str(script))
    script.unlink()
    gone = load_text(str(script))
    page.show_source(replace(source, problem=gone.problem, is_kept=True))
    assert notice(page) == f"{script} does not exist. What is shown is its text from before."


def test_only_what_is_there_can_be_run(page: SourcePage, tmp_path: Path) -> None:
    binary = tmp_path / "binary.py"
    binary.write_bytes(b"\0\1")
    page.show_source(load_text(str(binary)))
    assert page.nothing.text().endswith("\nIt can still be run.")
    page.show_source(load_text(str(tmp_path / "gone.py")))
    assert page.nothing.text() == f"{tmp_path / 'gone.py'} does not exist."
