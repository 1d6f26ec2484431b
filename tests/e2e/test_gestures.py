"""The window's gestures with a real pointer and real keys: hover, refusals, find, tabs, lists."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window, middle
from tests.e2e.test_main_job import LOOP, close_cleanly, write_program


def status_texts(window: Window) -> list[str]:
    return [line["text"] for line in window.lines if line["event"] == "hint"]


def wait_hint(window: Window, text: str, *, after: int = 0) -> None:
    window.wait_for(
        lambda line: line["event"] == "hint" and text in line["text"],
        after=after,
        why=f"the hint {text!r}",
    )


def test_hover_says_what_a_click_takes(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.move(window.token_point(12, "signal"))
    wait_hint(window, "Click to probe the store of signal in main(): every binding")
    window.move(window.token_point(13, "signal"))
    wait_hint(window, "Click to probe the load of signal in main()")
    window.move(window.token_point(5, "gain"))
    wait_hint(window, "parameter gain in scale()")
    window.toggle(12, "signal")
    window.move(window.token_point(13, "output"))
    start = window.mark()
    window.move(window.token_point(12, "signal"))
    wait_hint(window, "Click to remove the probe", after=start)
    close_cleanly(window)


def test_a_click_beside_says_why_not(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, "x = 1  # why\ny = 22222\n"))
    _, y = window.token_point(2, "y")
    left, _, width, _ = next(
        token["rect"] for token in window.layout()["tokens"] if token["symbol"] == "y"
    )
    window.click((left + 5 * width, y))
    wait_hint(window, "constant")
    assert not [line for line in window.lines if line["event"] == "probe"]
    close_cleanly(window)


def test_find_and_zoom(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP + "# end\n" * 80 + "last_name = 1\n"))
    window.key("ctrl+f")
    window.type("last_name")
    window.wait_for(
        lambda line: (
            line["event"] == "layout"
            and any(token["symbol"] == "last_name" for token in line["tokens"])
        ),
        why="the found name in view",
    )
    window.key("Escape")
    before = window.token_point(100, "last_name")
    window.key("ctrl+plus")
    assert window.token_point(100, "last_name") != before
    probe = window.toggle(100, "last_name")
    assert probe["status"] == "armed"
    close_cleanly(window)


def test_the_buttons_do_what_they_say(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.click(window.widget_point("button Run"))
    window.wait_event("state", state="running")
    window.click(window.widget_point("button Pause"))
    window.wait_event("state", state="paused")
    start = window.mark()
    window.click(window.widget_point("button Continue"))
    window.wait_event("state", state="running", after=start)
    start = window.mark()
    window.click(window.widget_point("button Restart"))
    window.wait_event("state", state="starting", after=start)
    window.wait_event("state", state="running", after=start)
    start = window.mark()
    window.click(window.widget_point("button Stop"))
    window.wait_event("state", state="ended", after=start)
    close_cleanly(window)


def test_a_traceback_in_the_console_leads_to_its_line(opener: Opener, tmp_path: Path) -> None:
    text = "# start\n" * 60 + "def fail():\n    raise ValueError('x')\n\n\nfail()\n"
    window = opener(write_program(tmp_path, text))
    window.key("F5")
    window.wait_event("state", state="ended")
    x, y, _, height = window.settled_layout()["widgets"]["console"]
    start = window.mark()
    for above in range(10, height - 4, 6):  # from the end up to the first line that is a link
        window.click((x + 70, y + height - above))
        window.settled_layout()
        lines = {token["line"] for token in window.layout()["tokens"]}
        if window.mark() > start and 61 in lines:
            break
    assert 61 in {token["line"] for token in window.layout()["tokens"]}
    close_cleanly(window)


def test_a_plot_can_be_closed_and_arranged_again(opener: Opener, tmp_path: Path) -> None:
    window = opener(write_program(tmp_path, LOOP))
    window.toggle(12, "signal")
    window.toggle(13, "output")
    two = window.wait_for(lambda line: line["event"] == "layout" and len(line["traces"]) == 2)
    tops = [trace["rect"][1] for trace in two["traces"]]
    assert tops[0] != tops[1]
    window.key("ctrl+shift+a")
    layout = window.settled_layout()
    for trace in layout["traces"]:
        x, y, width, height = trace["rect"]
        wx, wy, w_width, w_height = layout["window"]
        assert wx <= x
        assert x + width <= wx + w_width
        assert wy <= y
        assert y + height <= wy + w_height
        assert width > 150
        assert height > 60
    close_cleanly(window)


@pytest.mark.parametrize(
    "example", ["dsp_filter_sweep.py", "control_loop.py", "image_pipeline.py", "monte_carlo.py"]
)
def test_examples_run_with_a_probe(opener: Opener, examples: Path, example: str) -> None:
    text = (examples / example).read_text(encoding="utf-8").splitlines()
    stores = {
        "dsp_filter_sweep.py": ("center_hz", "center_hz = sweep"),
        "control_loop.py": ("command", "command = controller"),
        "image_pipeline.py": ("mask", "mask = smooth"),
        "monte_carlo.py": ("estimate", "estimate ="),
    }
    symbol, start = stores[example]
    line = next(n for n, row in enumerate(text, 1) if row.strip().startswith(start))
    window = opener("--run", "-p", f"{examples / example}:{line}:{symbol}", examples / example)
    probe = window.wait_event("probe", line=line)
    window.wait_event("first_pixel", id=probe["id"])
    assert middle(window.layout()["window"])
    close_cleanly(window)
