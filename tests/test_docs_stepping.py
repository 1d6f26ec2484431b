"""The example of docs/stepping.md steps as its table says."""

import re
from pathlib import Path

from tests.conftest import ROOT
from tests.core.debug.walking import Walk

_ROW = re.compile(r"^\| (into|over|out|resumption) \| `(.+?)` \| `?(.*?)`? ?\|$", re.MULTILINE)


def test_the_example_steps_as_its_table_says(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "stepping.md").read_text(encoding="utf-8")
    source = text.split("```python\n")[1].split("```")[0]
    rows = _ROW.findall(text)
    assert len(rows) == 7
    with Walk(tmp_path, source, start="begin here").running() as walking:
        walking.next_stop()
        told = []
        for step, line, _variables in rows:
            where = walking.step(step)
            told.append((step, line, where.removeprefix(line).strip()))
        assert told == rows
