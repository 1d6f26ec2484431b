"""What the documents say is so: links lead somewhere, commands and options exist."""

import ast
import importlib
import re
from argparse import ArgumentParser
from pathlib import Path

import pytest

from pyprobe import __version__
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.cli import SUBCOMMANDS
from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPEC = re.compile(r"([\w/]+\.py):(\d+):([\w.\[\]]+)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)")
OTHER_OPTIONS = {"--frames"}  # of the examples


def document_ids(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=document_ids)
def test_links_lead_to_files_that_exist(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=document_ids)
def test_python_examples_are_python(document: Path) -> None:
    for language, text in FENCE.findall(document.read_text(encoding="utf-8")):
        if language == "python":
            ast.parse(text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=document_ids)
def test_specs_of_bundled_examples_name_what_is_there(document: Path, examples: Path) -> None:
    for file, line, symbol in SPEC.findall(document.read_text(encoding="utf-8")):
        path = examples / file
        if path.exists():
            found = find_occurrences(path.read_text(encoding="utf-8"), filename=str(path))
            assert (int(line), symbol) in {(item.line, item.symbol) for item in found}


def known_options() -> set[str]:
    options: set[str] = set()
    for name in ("window_arguments", *SUBCOMMANDS):
        parser: ArgumentParser = importlib.import_module(f"pyprobe.commands.{name}").build_parser()
        options.update(parser._option_string_actions)
    return options


@pytest.mark.parametrize("document", DOCUMENTS, ids=document_ids)
def test_options_that_are_told_exist(document: Path) -> None:
    told = set()
    for language, text in FENCE.findall(document.read_text(encoding="utf-8")):
        if not language:
            told |= set(OPTION.findall(text))
    assert told <= known_options() | OTHER_OPTIONS


def test_every_command_and_option_is_told() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert [name for name in SUBCOMMANDS if f"pyprobe {name}" not in told] == []
    options = {option for option in known_options() if option.startswith("--")}
    assert sorted(option for option in options - {"--help"} if option not in told) == []


def test_the_readme_opens_with_a_picture_and_two_commands() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8")[:1500]
    assert re.search(r"!\[.+\]\(docs/images/.+\.png\)", opening)
    assert "make demo" in opening
    assert "make test" in opening


def test_the_changelog_tells_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text or f"## [{__version__}]" in text


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert len(text.splitlines()) > 600
