"""``pyprobe diff`` says where two recordings of a program part, and its exit code whether."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import TARGET_PYTHON, Place
from tests.conftest import ROOT
from tests.session.recordings import make_recording

PROGRAM = """\
import sys
for i in range(100):
    x = i
    y = i * 0.5 + (0.5 if i >= int(sys.argv[1]) else 0.0)
"""
PROBES = ("-p", "main.py:3:x", "-p", "main.py:4:y", "--python", TARGET_PYTHON)


@pytest.fixture
def recorded(place: Place) -> Place:
    """A folder with a.mcap and b.mcap, which part at the sixtieth capture of y."""
    place.write(PROGRAM, "main.py")
    for name, part in (("a", "1000"), ("b", "60")):
        done = place.pyprobe("record", *PROBES, "-o", f"{name}.mcap", "main.py", part)
        assert done.code == 0, done.err
    return place


def test_the_example_of_the_document_is_what_it_prints(recorded: Place) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    example = re.search(r"^\$ (pyprobe diff .+)\n((?:.+\n)+?)```", text, re.MULTILINE)
    assert example is not None
    done = recorded.pyprobe(*example[1].split()[1:])
    assert (done.code, done.out, done.err) == (1, example[2], "")


def test_the_same_is_the_same(recorded: Place) -> None:
    done = recorded.pyprobe("diff", "a.mcap", "a.mcap")
    assert (done.code, done.out.splitlines()[-1]) == (0, "All the same.")


def test_tolerances_and_one_probe(recorded: Place) -> None:
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--tolerance", "0.5").code == 0
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--tolerance", "0.4").code == 1
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--relative", "0.1").code == 0
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--probe", "main.py:3:x").code == 0
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--probe", "main.py:4:y@4").code == 1


def test_json_is_one_object(recorded: Place) -> None:
    done = recorded.pyprobe("diff", "a.mcap", "b.mcap", "--json")
    assert done.code == 1
    found = json.loads(done.out)
    assert found["same"] is False
    x, y = found["probes"]
    assert (x["verdict"], x["first"], x["count_b"]) == ("same", None, 100)
    assert (y["verdict"], y["a"]["line"], y["first"]["index"]) == ("parts", 4, 60)
    assert y["first"]["values"] == ["30", "30.5"]


def test_wrong_input_is_one_sentence_and_exit_code_2(recorded: Place) -> None:
    (recorded.folder / "no.mcap").write_text("hello")
    for arguments, sentence in (
        (("a.mcap", "gone.mcap"), "gone.mcap cannot be read: No such file or directory"),
        (("no.mcap", "a.mcap"), "no.mcap is not a recording of PyProbe"),
        (("a.mcap", "b.mcap", "--tolerance", "-1"), "a tolerance is a number from 0, not -1.0"),
        (
            ("a.mcap", "b.mcap", "--probe", "main.py:9:q"),
            "neither recording has a probe main.py:9:q; there are main.py:3:x@4, main.py:4:y@4",
        ),
    ):
        done = recorded.pyprobe("diff", *arguments)
        assert (done.code, done.out, done.err) == (2, "", f"pyprobe: {sentence}\n")
    assert recorded.pyprobe("diff", "a.mcap", "b.mcap", "--probe", "what").code == 2
    assert recorded.pyprobe("diff", "a.mcap").code == 2


def test_without_any_probe_nothing_is_called_the_same(place: Place) -> None:
    make_recording(place.folder, [], name="none.mcap", source="pass\n")
    done = place.pyprobe("diff", "none.mcap", "none.mcap")
    sentence = "neither recording has a probe, so that there is nothing to compare"
    assert (done.code, done.out, done.err) == (2, "", f"pyprobe: {sentence}\n")


def test_a_recording_that_was_cut_off_says_so(recorded: Place) -> None:
    path: Path = recorded.folder / "b.mcap"
    path.write_bytes(path.read_bytes()[:-20])
    done = recorded.pyprobe("diff", "a.mcap", "b.mcap")
    assert done.code == 1
    assert done.err == "pyprobe: b.mcap: the recording was cut off, this is all it holds\n"
