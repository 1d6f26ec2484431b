"""A program that is never stopped never loads what stops and steps it."""

import subprocess
import sys

from tests.conftest import ROOT

_SCRIPT = """\
import sys
import pyprobe.core.runner
late = ("pyprobe.core.debug", "pyprobe.core.breakpoint_hook", "pyprobe.core.events.layers")
print([name for name in sys.modules if name.startswith(late)])
"""


def test_the_start_of_a_program_loads_nothing_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
