"""The Python that the documents show for scripts runs as it stands."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.debug.records import ExceptionStops
from pyprobe.core.tracer import VariableTracer
from pyprobe.core.trigger import Trigger
from pyprobe.session.launch import Program
from pyprobe.session.recorded_session import RecordedSession
from pyprobe.session.session import Session
from tests.conftest import ROOT
from tests.session.recordings import make_recording
from tests.session.running import occurrence_of

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
DOCUMENTS = ("README.md", "docs/user-guide.md", "docs/conditions.md", "docs/breakpoints.md")
SCRIPTS = [
    pytest.param(text, id=f"{Path(name).stem}-{number}")
    for name in DOCUMENTS
    for number, text in enumerate(BLOCK.findall((ROOT / name).read_text(encoding="utf-8")), 1)
]
MODEL = "".join(f"gain = x = {number}\n" for number in range(30))


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the documents take for granted: a session, a probe, and files in the folder."""
    monkeypatch.chdir(tmp_path)
    model = tmp_path / "model.py"
    model.write_text(MODEL, encoding="utf-8")
    make_recording(tmp_path, [(1, 1.0)], name="run.mcap")
    known: dict[str, Any] = {"log": print, "Trigger": Trigger, "ExceptionStops": ExceptionStops}
    known |= {"RecordedSession": RecordedSession, "VariableTracer": VariableTracer}
    with ExitStack() as ending:
        session = Session(Program("model.py", None, (), sys.executable, str(tmp_path)))
        ending.callback(session.close)
        known["session"] = session
        known["probe"] = session.add_probe(occurrence_of(model, "2:x"), str(model))
        known["anchor"] = ProbeAnchor(str(model), 2, 0, "gain", "")
        yield known
        for made in known.values():
            if isinstance(made, VariableTracer):
                made.stop()
            elif isinstance(made, RecordedSession):
                made.close()


@pytest.mark.parametrize("source", SCRIPTS)
def test_it_runs_as_it_stands(source: str, names: dict[str, Any]) -> None:
    exec(compile(source, "document", "exec"), names)


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 7
