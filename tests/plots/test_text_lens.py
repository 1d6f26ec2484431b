"""Text lens: shows the newest value and keeps the place that is read."""

from pyprobe.plots.text import TextLens
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_texts, make_probe


def test_the_newest_text_replaces_the_last_but_not_the_place(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_texts(probe, ["first"])
    panel = make_panel(probe, 300, 160)
    lens = panel.lens
    assert isinstance(lens, TextLens)
    assert lens.view.toPlainText() == "first"
    append_texts(probe, ["\n".join(map(str, range(200)))])
    panel.refresh()
    bar = lens.view.verticalScrollBar()
    assert bar is not None
    bar.setValue(50)
    append_texts(probe, ["\n".join(map(str, range(1, 201)))])
    panel.refresh()
    assert bar.value() == 50
    assert lens.view.toPlainText().startswith("1\n2\n")
    assert lens.view.isReadOnly()


def test_the_header_says_what_it_is(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_texts(probe, ["{'a': 1}"], kind="dict", cut=True)
    panel = make_panel(probe)
    assert panel.header.content is not None
    assert "dict, cut" in panel.header.content.facts


def marks(lens: TextLens) -> list[str]:
    return [mark.cursor.selectedText() for mark in lens.view.extraSelections()]


def test_what_changed_since_the_capture_before_is_marked(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_texts(probe, ["{'gain': 1, 'π😀': 2}"])
    panel = make_panel(probe)
    lens = panel.lens
    assert isinstance(lens, TextLens)
    assert marks(lens) == []
    append_texts(probe, ["{'gain': 1, 'π😀': 3}"])
    panel.refresh()
    assert marks(lens) == ["3"]
    append_texts(probe, ["{'gain': 1, 'π😀': 3}"])
    panel.refresh()
    assert marks(lens) == []
    append_texts(probe, ["{'gain': 2, 'π😀': 3}"])
    panel.refresh()
    lens.mark_action.trigger()
    assert marks(lens) == []
    assert lens.state() == {"marks": False}
    lens.restore({"marks": True})
    assert marks(lens) == ["2"]


def test_marks_are_those_of_the_moment_that_is_shown(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_texts(probe, ["a 1", "a 2", "b 2"])
    panel = make_panel(probe)
    lens = panel.lens
    assert isinstance(lens, TextLens)
    assert marks(lens) == ["b"]
    panel.show_at(1_000_000)
    assert lens.view.toPlainText() == "a 2"
    assert marks(lens) == ["2"]
