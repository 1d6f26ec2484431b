"""Fixtures of the session's tests: programs on disk, and sessions that are closed again."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pyprobe.session.session import Session
from tests.session.running import Heard, program_of

TARGET_PYTHON = os.environ.get("PYPROBE_TEST_TARGET", sys.executable)

MakeSession = Callable[..., tuple[Session, Heard, Path]]


@pytest.fixture
def make_session(tmp_path: Path) -> Iterator[MakeSession]:
    """Return a function that makes a session of a program's source; all are closed at the end."""
    made: list[Session] = []

    def make(source: str, *args: str, **options: Any) -> tuple[Session, Heard, Path]:
        file = tmp_path / "program.py"
        file.write_text(dedent(source), encoding="utf-8")
        session = Session(program_of(file, *args, python=TARGET_PYTHON), **options)
        heard = Heard()
        session.add_listener(heard)
        made.append(session)
        return session, heard, file

    yield make
    for session in made:
        session.close()
