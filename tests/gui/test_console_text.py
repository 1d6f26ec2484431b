"""ConsoleText: escapes, carriage returns, floods and pieces cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.gui.console_text import (
    MAX_LINE_CHARACTERS,
    STYLE_COUNT,
    ConsoleText,
    Line,
    Stream,
    TextStyle,
    find_link,
    style_of_code,
)


def plain(line: Line) -> str:
    return "".join(run.text for run in line)


def show(text: str, *, max_lines: int = 1000) -> tuple[list[str], str]:
    console = ConsoleText(max_lines)
    console.feed(Stream.STDOUT, text)
    update = console.take(max_lines)
    return [plain(line) for line in update.lines], plain(update.open_line)


@pytest.mark.parametrize(
    ("text", "lines", "open_line"),
    [
        ("one\ntwo\n", ["one", "two"], ""),
        ("half", [], "half"),
        ("\n\n", ["", ""], ""),
        ("a\r\nb\r\n", ["a", "b"], ""),
        ("10%\r20%\r100%\n", ["100%"], ""),
        ("long line\rshort\n", ["shortline"], ""),
        ("long line\r\x1b[Kshort\n", ["short"], ""),
        ("abc\x1b[2Kx\n", ["   x"], ""),
        ("ab\bc\n", ["ac"], ""),
        ("\bx", [], "x"),
        ("bell\x07 null\x00 end\n", ["bell null end"], ""),
        ("\x1b]0;a title\x07text\n", ["text"], ""),
        ("\x1b[5;3Hmoved\x1b[?25l\n", ["moved"], ""),
        ("tab\there\n", ["tab\there"], ""),
    ],
)
def test_lines(text: str, lines: list[str], open_line: str) -> None:
    assert show(text) == (lines, open_line)


def test_colors_follow_the_sequences() -> None:
    console = ConsoleText()
    console.feed(
        Stream.STDOUT, "a\x1b[31mb\x1b[1;92mc\x1b[22;39md\x1b[38;5;4me\x1b[38;5;200mf\x1b[0m"
    )
    styles = {run.text: style_of_code(run.style) for run in console.take(10).open_line}
    assert styles == {
        "a": TextStyle(Stream.STDOUT),
        "b": TextStyle(Stream.STDOUT, 2),
        "c": TextStyle(Stream.STDOUT, 11, bold=True),
        "d": TextStyle(Stream.STDOUT),
        "e": TextStyle(Stream.STDOUT, 5),
        "f": TextStyle(Stream.STDOUT),
    }


def test_streams_keep_their_own_colors() -> None:
    console = ConsoleText()
    console.feed(Stream.STDOUT, "\x1b[31mred ")
    console.feed(Stream.STDERR, "plain ")
    console.feed(Stream.STDOUT, "red again")
    runs = [(run.text, style_of_code(run.style)) for run in console.take(10).open_line]
    assert runs == [
        ("red ", TextStyle(Stream.STDOUT, 2)),
        ("plain ", TextStyle(Stream.STDERR)),
        ("red again", TextStyle(Stream.STDOUT, 2)),
    ]


def test_codes_of_styles_are_unique() -> None:
    codes = {style_of_code(code) for code in range(STYLE_COUNT)}
    assert len(codes) == STYLE_COUNT
    assert all(style_of_code(style.code()) == style for style in codes)


def test_a_flood_keeps_the_last_lines_and_counts_the_others() -> None:
    console = ConsoleText(100)
    console.feed(Stream.STDOUT, "".join(f"{number}\n" for number in range(1000)))
    update = console.take(1000)
    assert [plain(line) for line in update.lines] == [str(number) for number in range(900, 1000)]
    assert update.lost_lines == 900
    assert not console.waiting


def test_take_gives_in_portions() -> None:
    console = ConsoleText(100)
    console.feed(Stream.STDOUT, "a\nb\nc\nopen")
    first = console.take(2)
    assert ([plain(line) for line in first.lines], first.open_line) == (["a", "b"], ())
    assert console.waiting
    second = console.take(2)
    assert ([plain(line) for line in second.lines], plain(second.open_line)) == (["c"], "open")
    assert not console.waiting


def test_an_endless_line_is_cut() -> None:
    lines, rest = show("x" * (MAX_LINE_CHARACTERS * 2 + 5))
    assert [len(line) for line in lines] == [MAX_LINE_CHARACTERS] * 2
    assert rest == "xxxxx"
    lines, _ = show("\n" + "y" * (MAX_LINE_CHARACTERS + 1) + "\n")
    assert [len(line) for line in lines] == [0, MAX_LINE_CHARACTERS, 1]


def test_a_line_of_ours_ends_an_open_one() -> None:
    console = ConsoleText()
    console.feed(Stream.STDOUT, "no newline")
    console.start_line(Stream.SYSTEM, "ended")
    assert [plain(line) for line in console.take(10).lines] == ["no newline", "ended"]


def test_clear_forgets() -> None:
    console = ConsoleText()
    console.feed(Stream.STDOUT, "a\nb")
    console.clear()
    assert not console.waiting
    console.feed(Stream.STDOUT, "c")
    assert plain(console.take(10).open_line) == "c"


def test_links() -> None:
    link = find_link('  File "/tmp/a b.py", line 12, in main')
    assert link is not None
    assert (link.file, link.line, link.start) == ("/tmp/a b.py", 12, 2)
    assert find_link("File missing") is None


PIECES = [*"ab\n\r\b\t\x1b[]0;1mK\x07", "\x1b[31m", "\x1b[0m", "\r\n", "😀"]
OUTPUT = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(OUTPUT, st.lists(st.integers(0, 90), max_size=6))
def test_where_output_is_cut_makes_no_difference(text: str, cuts: list[int]) -> None:
    whole, pieces = ConsoleText(), ConsoleText()
    whole.feed(Stream.STDOUT, text)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    for start, stop in pairwise(places):
        pieces.feed(Stream.STDOUT, text[start:stop])
    one, two = whole.take(1000), pieces.take(1000)
    # A lone "\r" before "\n" is a line's end only when both are seen at once.
    assert [plain(line) for line in one.lines] == [plain(line) for line in two.lines]
    assert plain(one.open_line) == plain(two.open_line)
