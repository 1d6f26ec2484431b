"""``pyprobe record -b``: breakpoints that print, take snapshots or end the program."""

import subprocess

import pytest

from tests.cli.conftest import TARGET_PYTHON, Place

LOOP = """\
def run(gain):
    for i in range(20):
        x = i * gain

    return x
print(run(2))
"""


def own_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("pyprobe: program.py:")]


def test_prints_where_it_is_and_all_variables(place: Place) -> None:
    place.write(LOOP)
    done = place.record("-b", "program.py:5", "-b", "program.py:3=i == 7", "program.py")
    assert (done.code, done.out) == (0, "38\n")
    assert own_lines(done.err) == [
        "pyprobe: program.py:3 in run: gain = 2, i = 7, x = 12",
        "pyprobe: program.py:5 in run: gain = 2, i = 19, x = 38",
    ]


def test_says_so_where_there_are_no_variables(place: Place) -> None:
    place.write("def run():\n    return 1\nrun()\n")
    done = place.record("-b", "program.py:2", "program.py")
    assert own_lines(done.err) == ["pyprobe: program.py:2 in run: no variables"]


def test_takes_snapshots_that_are_listed_by_label(place: Place) -> None:
    place.write(LOOP)
    done = place.record(
        *("-b", "program.py:3=i == 7", "--on-break", "snapshot", "-p", "program.py:3:x"),
        "program.py",
    )
    assert done.code == 0
    assert "Snapshot 'program.py:3' was taken" in done.err
    assert "20 captures and 1 snapshot in out.mcap (" in done.err
    listed = place.pyprobe("labels", "out.mcap", "program.py:3")
    assert listed.out.splitlines()[1:] == ["    gain = 2", "    i = 7", "    x = 12"]
    assert len(place.export()) == 20


def test_ends_the_program_there_with_an_exit_code(place: Place) -> None:
    place.write(LOOP)
    done = place.record(
        *("-b", "program.py:5=x > 5", "--on-break", "exit:3", "-p", "program.py:3:x"),
        "program.py",
    )
    assert (done.code, done.out) == (3, "")
    assert "pyprobe: stopped at program.py:5 in run: x > 5" in done.err
    assert "SIGTERM" not in done.err
    assert "never reached" not in done.err
    assert [line["value"] for line in place.export()] == list(range(0, 40, 2))


def test_without_a_hit_the_exit_code_is_the_programs(place: Place) -> None:
    place.write(LOOP + "raise SystemExit(5)\n")
    done = place.record("-b", "program.py:3=i > 90", "--on-break", "exit:3", "program.py")
    assert (done.code, done.out) == (5, "38\n")
    assert "the breakpoint at program.py:3 was never reached with 'i > 90'" in done.err


def test_a_program_that_handles_the_signal_ends_as_well(place: Place) -> None:
    source = """\
    import signal
    signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), exit(9)))
    x = 1
    print("never")
    """
    place.write(source)
    done = place.record("-b", "program.py:4", "--on-break", "exit:0", "program.py")
    assert (done.code, done.out) == (0, "bye\n")


def test_says_where_it_lands_and_what_was_missing(place: Place) -> None:
    place.write(LOOP)
    done = place.record("-b", "program.py:4=nowhere", "program.py")
    assert done.code == 0
    assert "pyprobe: program.py:4 does not run; the breakpoint is at line 5" in done.err
    assert "`nowhere` was false once: there was no nowhere" in done.err


def test_a_condition_that_fails_is_said_and_the_program_goes_on(place: Place) -> None:
    place.write(LOOP)
    done = place.record("-b", "program.py:3=py: 1 / i", "program.py")
    assert (done.code, done.out) == (0, "38\n")
    assert "`1 / i` raised ZeroDivisionError: division by zero" in done.err


def test_a_program_that_logs_goes_on_when_nobody_reads_any_more(place: Place) -> None:
    place.write("""\
    for i in range(100_000):
        x = i
    print("done", flush=True)
    """)
    arguments = ("--python", TARGET_PYTHON, "-o", "out.mcap", "-b", "program.py:2", "program.py")
    command = place.command("record", *arguments)
    with subprocess.Popen(
        command, cwd=place.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "i = 0" in process.stderr.readline()
        process.kill()
        assert process.stdout.read() == "done\n"  # to the end of the last that holds the pipe


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-b", "program.py"), "-b takes FILE:LINE or FILE:LINE=CONDITION, not 'program.py'"),
        (("-b", "program.py:x"), "-b takes FILE:LINE"),
        (("-b", "program.py:3="), "has no condition after the ="),
        (("-b", "program.py:3=x >"), "Expected"),
        (("-b", "program.py:99"), "-b program.py:99: there is no line 99; the last is 7"),
        (("-b", "nothing.py:3"), "no file 'nothing.py' belongs to the program"),
        (("--on-break", "print"), "name one with -b"),
        (("-b", "program.py:3", "--on-break", "shout"), "--on-break takes print, snapshot or exit"),
        (("-b", "program.py:3", "--on-break", "exit:256"), "exit:CODE (0 to 255)"),
        (("-b", "program.py:3", "--on-break", "exit"), "not 'exit'"),
        (("-b", "program.py:3", "--on-break", ""), "not ''"),
        (("-b", "program.py:0"), "-b program.py:0: there is no line 0"),
        (("-b", ":3"), "-b takes FILE:LINE"),
        (("-b", "broken.py:1"), "-b broken.py:1: nothing in that file can run: "),
        (("-b", "program.py:3=" + "(" * 60), "at most 50 parentheses can be nested"),
        (("-b", "program.py:3=" + "x" * 10_001), "at most 10,000 characters"),
    ],
)
def test_refuses_what_is_wrong_before_the_program_starts(
    place: Place, arguments: tuple[str, ...], said: str
) -> None:
    place.write(LOOP)
    (place.folder / "broken.py").write_text("x = (\n", encoding="utf-8")
    done = place.record(*arguments, "program.py")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
