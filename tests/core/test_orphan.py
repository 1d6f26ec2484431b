"""What a program writes when nobody reads it any more."""

import os
import subprocess
import sys
from pathlib import Path

TELL = """\
import sys
from pyprobe.core.orphan import is_unread, throw_output_away
sys.stdin.readline()
before = is_unread()
throw_output_away()
print("x" * 1_000_000, flush=True)
print("x" * 1_000_000, file=sys.stderr, flush=True)
open(sys.argv[1], "w").write(f"{before} {is_unread()}")
"""


def run(told: Path, *, stdout: int, stderr: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", TELL, str(told)], stdin=subprocess.PIPE, stdout=stdout, stderr=stderr
    )


def test_output_that_nobody_reads_goes_nowhere(tmp_path: Path) -> None:
    with run(tmp_path / "told", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
    assert process.returncode == 0
    assert (tmp_path / "told").read_text() == "True False"


def test_output_of_which_one_part_is_read_is_kept(tmp_path: Path) -> None:
    written = tmp_path / "written"
    with written.open("wb") as file:
        process = run(tmp_path / "told", stdout=file.fileno(), stderr=subprocess.PIPE)
    with process:
        assert process.stderr is not None
        process.stderr.close()
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
    assert process.returncode == 0
    assert (tmp_path / "told").read_text() == "False False"
    assert os.path.getsize(written) == 1_000_001
