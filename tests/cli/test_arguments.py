"""Where our options end and the program's begin."""

import pytest

from pyprobe.commands.record import build_parser as record_parser
from pyprobe.commands.window_arguments import build_parser as window_parser
from pyprobe.commands.window_arguments import check_automation


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("s.py", ("s.py", None, ())),
        ("--run s.py --run -p x", ("s.py", None, ("--run", "-p", "x"))),
        ("-p a.py:1:x s.py a", ("s.py", None, ("a",))),
        ("-pa.py:1:x s.py", ("s.py", None, ())),
        ("--probe=a.py:1:x s.py", ("s.py", None, ())),
        ("--probe a.py:1:x --budget 3 s.py", ("s.py", None, ())),
        ("-m mod -m x --version", (None, "mod", ("-m", "x", "--version"))),
        ("-mmod x", (None, "mod", ("x",))),
        ("--run -m pkg.mod", (None, "pkg.mod", ())),
        ("-- -odd.py -x", ("-odd.py", None, ("-x",))),
        ("--quit-after 3 --screenshot f.png s.py", ("s.py", None, ())),
    ],
)
def test_everything_after_the_script_is_the_programs(
    line: str, expected: tuple[str | None, str | None, tuple[str, ...]]
) -> None:
    _options, program = window_parser().parse_with_program(line.split())
    assert program == expected


def test_our_options_are_read() -> None:
    line = "-p a.py:1:x -p b.py:2:y=every --budget 2.5 --run --quit-after 1.5 s.py"
    options, _program = window_parser().parse_with_program(line.split())
    assert options.probe == ["a.py:1:x", "b.py:2:y=every"]
    assert (options.budget, options.run, options.quit_after) == (2.5, True, 1.5)
    line = "--throttle 5ms -o o.mcap s"
    options, _program = record_parser().parse_with_program(line.split())
    assert (options.throttle, options.output) == ("5ms", "o.mcap")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "a SCRIPT or -m MODULE is needed"),
        ("--run", "a SCRIPT or -m MODULE is needed"),
        ("-m", "-m needs a MODULE"),
        ("--budget 0 s.py", "the budget lies above 0"),
        ("--budget x s.py", "is not a number of percent"),
        ("--nonsense s.py", "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_line_ends_with_exit_code_2(
    line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        window_parser().parse_with_program(line.split())
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_picture_needs_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    parser = window_parser()
    options, _program = parser.parse_with_program(["--screenshot", "f.png", "s.py"])
    with pytest.raises(SystemExit) as ended:
        check_automation(parser, options)
    assert ended.value.code == 2
    assert "--screenshot needs --quit-after SECONDS" in capsys.readouterr().err
