"""Known graves on the program's side: values lost, shifted, merged, seen too late or not at all."""

import os
from pathlib import Path

import pytest

from pyprobe.analysis.anchor_mover import move_occurrences
from pyprobe.session import environment
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import Probe
from tests.cli.conftest import Place
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until, until_end


def recorded(place: Place, source: str, *specs: str) -> list[object]:
    """Return the values captured by all probes, in the order of execution."""
    place.write(source)
    probes = [part for spec in specs for part in ("-p", f"program.py:{spec}")]
    done = place.record(*probes, "program.py")
    assert done.code == 0, done.err
    assert len(done.err.splitlines()) == 1, done.err
    lines = place.export()
    assert [line["seq"] for line in lines] == list(range(len(lines)))
    return [line.get("value", line.get("text")) for line in lines]


@pytest.mark.parametrize(
    ("source", "specs", "values"),
    [
        ("for v in [1, 1, 2]:\n    x = v\n", ["2:x"], [1, 1, 2]),
        ("for x in [1, 1, 2]: pass\n", ["1:x"], [1, 1, 2]),
        (
            "a = []\nfor i in range(3):\n    a.append(i)\n    b = a\n",
            ["4:b"],
            [[0], [0, 1], [0, 1, 2]],
        ),
        ("a = [0]\nfor i in range(3):\n    a[0] = i\n", ["3:a"], [[0], [1], [2]]),
        ("y = (1 +\n     2 +\n     3)\n", ["1:y"], [6]),
        ("def f(*a):\n    return sum(a)\ny = f(\n    1,\n    f(2,\n      3),\n)\n", ["3:y"], [6]),
        ("x = 2\ny = [\n    x,\n    x,\n    x + 1,\n]\n", ["3:x", "4:x", "5:x"], [2, 2, 2]),
        ("s = 0\nfor i in range(4): s += i\n", ["2:s"], [0, 1, 3, 6]),
        ("s = 0\nfor i in range(3): s += i\n", ["2:i@4", "2:s"], [0, 0, 1, 1, 2, 3]),
        ("n = 99\nf = lambda n: n + 1\nprint(f(1), f(2), n)\n", ["2:n@11"], [1, 2]),
        ("n = 99\nf = lambda n: n + 1\nprint(f(1), n)\n", ["2:n@14", "3:n"], [1, 99]),
        ("x = 5\ny = x - 1; x = x + y\n", ["2:x@4", "2:x@11"], [5, 9]),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else None,
)
def test_captures_are_exact(
    place: Place, source: str, specs: list[str], values: list[object]
) -> None:
    assert recorded(place, source, *specs) == values


def test_other_threads_are_seen_and_told_apart(place: Place) -> None:
    place.write(
        """\
        import threading
        def work(k):
            for j in range(100):
                w = k * 1000 + j
        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        work(9)
        """
    )
    assert place.record("-p", "program.py:4:w", "program.py").code == 0
    lines = place.export()
    by_thread: dict[int, list[int]] = {}
    for line in lines:
        by_thread.setdefault(line["thread"], []).append(line["value"])
    # Identifiers of threads that have ended are given again, so two workers may share one.
    assert sorted(value for values in by_thread.values() for value in values) == [
        k * 1000 + j for k in (0, 1, 2, 3, 9) for j in range(100)
    ]
    main = next(values for values in by_thread.values() if 9000 in values)
    assert [value for value in main if value >= 9000] == [9000 + j for j in range(100)]
    assert len(by_thread) > 1


def test_importing_a_huge_literal_meets_no_callback(place: Place) -> None:
    """Under tracing this took minutes; here only what is probed calls back, whatever runs."""
    rows = "".join(f"    ({i}, {i}.5, 'name {i}'),\n" for i in range(20_000))
    place.write(f"DATA = [\n{rows}]\nwidth = 3\n", "table.py")
    place.write("import table\nn = len(table.DATA)\n")
    probes = ("-p", "table.py:20003:width", "-p", "table.py:1:DATA", "-p", "program.py:2:n")
    done = place.record(*probes, "program.py")
    assert (done.code, done.out) == (0, "")
    assert [line["symbol"] for line in place.export()] == ["DATA", "width", "n"]


FLOOD = """\
import numpy as np
for i in range(3000):
    x = np.full(10_000, float(i))
print("done")
"""


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_memory_stays_flat_over_many_arrays(make_session: MakeSession) -> None:
    """240 MB of arrays pass through: the newest stay in memory, others on disk or are counted."""
    pytest.importorskip("numpy")
    session, _heard, file = make_session(FLOOD, lossless=True)
    probe = session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured >= 500)
    settled_mb = peak_mb = resident_mb()
    while session.has_process:
        session.wait(0.05)
        session.process_events()
        peak_mb = max(peak_mb, resident_mb())
    assert probe.captured == 3000
    assert probe.dropped == 0
    usage, limits = session.histories.usage, session.histories.limits
    assert 0 < usage.array_bytes <= limits.max_array_bytes
    assert probe.history.nbytes == usage.array_bytes + usage.scalar_bytes
    assert 0 < usage.disk_bytes <= 3000 * 80_000
    kept = probe.history.arrays()
    assert probe.history.dropped_arrays + len(kept) == 3000
    values = [set(one.value.array.tolist()) for one in kept]
    assert values == [{float(one.seq)} for one in kept]
    assert values[-1] == {2999.0}
    # The shared memory is counted as ours once its pages have been touched: 64 MiB at most.
    assert peak_mb - settled_mb < 100


SILENT = """\
import sys, time
x = 0
print("ready", flush=True)
while not x:
    time.sleep(0.001)
"""


def test_pause_acts_at_once_and_needs_no_capture(make_session: MakeSession) -> None:
    session, heard, file = make_session(SILENT)
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: "ready" in heard.output["stdout"])
    until(session, lambda: probe.captured == 1)
    session.pause()
    until(session, lambda: session.state is ProgramState.PAUSED)
    assert session.halted_at is not None
    assert session.halted_at[1] in (4, 5)
    assert probe.captured == 1
    session.resume()
    until(session, lambda: session.state is ProgramState.RUNNING)


@pytest.mark.parametrize("count", [1, 7, 50_000])
@pytest.mark.parametrize("leave", ["os._exit(3)", "os.kill(os.getpid(), signal.SIGTERM)"])
def test_what_was_captured_before_a_hard_end_is_there(
    make_session: MakeSession, leave: str, count: int
) -> None:
    session, heard, file = make_session(
        f"import os, signal\nfor i in range({count}):\n    x = i\n    t = 'text'\n{leave}\n"
    )
    probes = [
        session.add_probe(occurrence_of(file, spec), str(file), throttle="every")
        for spec in ("3:x", "4:t")
    ]
    session.start()
    ending = until_end(session)
    assert (ending.exit_code, ending.signal) in [(3, None), (None, "SIGTERM")]
    if "_exit" in leave:  # SIGTERM ends a process without asking it
        assert ending.complete
        assert [probe.captured for probe in probes] == [count, count]
        assert probes[0].history.scalars().value[-1] == count - 1
    assert [len(heard.endings), session.state] == [1, ProgramState.ENDED]


def test_the_last_value_of_a_burst_arrives_without_another(make_session: MakeSession) -> None:
    session, _heard, file = make_session("for i in range(1000):\n    x = i\ninput()\n")
    probe = session.add_probe(occurrence_of(file, "2:x"), str(file), throttle="every")
    session.start()
    until(session, lambda: probe.captured == 1000)
    assert session.state is ProgramState.RUNNING
    assert last_number(probe) == 999
    session.send_input("\n")
    until_end(session)


def last_number(probe: Probe) -> object:
    assert probe.history.last is not None
    return float(probe.history.last.text)


EDITED = """\
for i in range(3):
    before = -1
    x = i * 10
    after = -2
"""


def test_lines_inserted_above_a_probe_move_it(make_session: MakeSession) -> None:
    session, _heard, file = make_session(EDITED)
    old = occurrence_of(file, "3:x")
    probe = session.add_probe(old, str(file), throttle="every")
    file.write_text(f"# one\n# two\n{EDITED}")
    (moved,) = move_occurrences(EDITED, file.read_text(), [old])
    assert moved.new is not None
    session.move_probe(probe, moved.new)
    session.start()
    until_end(session)
    assert probe.anchor.line == 5
    assert probe.history.scalars().value.tolist() == [0, 10, 20]


def test_qt_variables_are_kept_apart_both_ways(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program gets the user's, whatever the window drops or sets; the window gets neither."""
    monkeypatch.setattr(environment, "_remembered", None)
    monkeypatch.setenv("QT_PLUGIN_PATH", "/of/the/user")
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/of/the/user/too")
    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    environment.remember_environment()
    environment.drop_foreign_qt_paths()
    assert not {"QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH"} & set(os.environ)
    monkeypatch.setenv("QT_SCALE_FACTOR", "7")  # as a library may do in the window's process
    session, heard, _file = make_session(
        """\
        import os
        names = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_SCALE_FACTOR")
        print([os.environ.get(name) for name in names])
        os.environ["QT_PLUGIN_PATH"] = "/of/the/program"
        """
    )
    session.start()
    until_end(session)
    assert heard.output["stdout"] == "['/of/the/user', '/of/the/user/too', None]\n"
    assert "QT_PLUGIN_PATH" not in os.environ
