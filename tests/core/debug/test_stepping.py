"""Steps: for every construct the lines, and the locals, at which each step ends."""

from pathlib import Path

import pytest

from tests.core.debug.step_row import StepRow
from tests.core.debug.steps_calls import CALLS
from tests.core.debug.steps_coroutines import COROUTINES
from tests.core.debug.steps_exceptions import EXCEPTIONS
from tests.core.debug.steps_generators import GENERATORS
from tests.core.debug.steps_lines import LINES
from tests.core.debug.steps_mixed import MIXED
from tests.core.debug.walking import walk

ROWS = [*LINES, *CALLS, *EXCEPTIONS, *GENERATORS, *COROUTINES, *MIXED]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_steps_end_where_they_should(row: StepRow, tmp_path: Path) -> None:
    assert walk(tmp_path, row.source, *row.steps) == row.expected_here
