"""The bundled examples run, end by themselves when asked to, and do the same every time."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = {
    "dsp_filter_sweep.py": ["--frames", "61"],
    "control_loop.py": ["--steps", "401"],
    "image_pipeline.py": ["--frames", "51"],
    "monte_carlo.py": ["--batches", "101"],
    "heat_solver.py": ["--size", "32"],
    "qpsk_receiver.py": ["--frames", "61"],
    "struck_beam.py": ["--blows", "61"],
    "queue_servers.py": ["--customers", "200"],
    "traffic_sim/__main__.py": ["--steps", "241"],
}
WORTH_PROBING = re.compile(r"Worth probing: (.*?)\.?\n\n", re.DOTALL)


def run_example(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments, "--pause", "0"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_does_the_same_every_time(examples: Path, name: str) -> None:
    first = run_example(examples, name, *EXAMPLES[name])
    assert first.count("\n") >= 2
    assert run_example(examples, name, *EXAMPLES[name]) == first


def test_the_package_runs_as_a_module_too(examples: Path) -> None:
    options = EXAMPLES["traffic_sim/__main__.py"]
    as_script = run_example(examples, "traffic_sim/__main__.py", *options)
    assert run_example(examples, "-m", "traffic_sim", *options) == as_script


def test_every_example_is_tested(examples: Path) -> None:
    found = {path.name for path in examples.glob("*.py")}
    packages = {f"{path.parent.name}/{path.name}" for path in examples.glob("*/__main__.py")}
    assert found | packages == set(EXAMPLES)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "/" not in name])
def test_what_is_worth_probing_stands_in_the_source(examples: Path, name: str) -> None:
    text = (examples / name).read_text(encoding="utf-8")
    promised = WORTH_PROBING.search(text)
    assert promised
    names = re.findall(r"`([\w.]+)`", promised[1])
    assert len(names) >= 3
    missing = [name for name in names if len(re.findall(rf"\b{re.escape(name)}\b", text)) < 2]
    assert missing == []
