"""Output lines: two streams never break into each other's lines, and nothing is lost or kept."""

from hypothesis import given
from hypothesis import strategies as st

from pyprobe.session.output import StreamName
from pyprobe.session.output_lines import OutputLines, Piece

OUT: StreamName = "stdout"
ERR: StreamName = "stderr"


def test_a_line_in_pieces_is_made_whole_before_the_other_stream_goes_on() -> None:
    lines = OutputLines()
    pieces: list[Piece] = [(OUT, "total"), (ERR, "to stderr\n"), (OUT, " 19900\nnext\n")]
    assert lines.arrange(pieces) == [(OUT, "total 19900\n"), (ERR, "to stderr\n"), (OUT, "next\n")]
    assert not lines.holds


def test_a_line_whose_end_comes_later_waits_for_it() -> None:
    lines = OutputLines()
    assert lines.arrange([(OUT, "a\ntotal")]) == [(OUT, "a\n")]
    assert lines.holds
    pieces: list[Piece] = [(ERR, "to stderr\n"), (OUT, " 19900\n")]
    assert lines.arrange(pieces) == [(OUT, "total 19900\n"), (ERR, "to stderr\n")]


def test_a_prompt_is_held_back_only_once() -> None:
    lines = OutputLines()
    assert lines.arrange([(OUT, "name: ")]) == []
    assert lines.arrange([]) == [(OUT, "name: ")]
    assert not lines.holds
    assert lines.arrange([(OUT, "again: ")]) == []
    assert lines.arrange([(ERR, "warning\n")]) == [(OUT, "again: "), (ERR, "warning\n")]


def test_open_lines_of_both_streams_are_shown_in_their_order() -> None:
    lines = OutputLines()
    assert lines.arrange([(ERR, "e"), (OUT, "o")]) == []
    assert sorted(lines.arrange([])) == [(ERR, "e"), (OUT, "o")]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from((OUT, ERR)), st.text("ab\n", max_size=6)), max_size=6),
        max_size=6,
    )
)
def test_nothing_is_lost_or_out_of_order(batches: list[list[Piece]]) -> None:
    lines = OutputLines()
    shown = [piece for batch in batches for piece in lines.arrange(batch)]
    for _ in range(2):
        shown += lines.arrange([])
    assert not lines.holds
    for stream in (OUT, ERR):
        written = "".join(text for batch in batches for name, text in batch if name == stream)
        assert "".join(text for name, text in shown if name == stream) == written
