"""Math traces by a real mouse and keys: added, changed, wrong, undone, and there again."""

from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.driver import Window
from tests.e2e.plots import Plot
from tests.e2e.test_main_job import close_cleanly

FIELD = "Expression over traces"


def test_a_math_trace_is_added_changed_wrong_and_undone(
    waves: Window, opener: Opener, tmp_path: Path
) -> None:
    start = waves.mark()
    waves.key("ctrl+e")
    waves.wait_event("editor", name=FIELD, is_open=True, after=start)
    waves.type("tr0 + tr9")
    waves.wait_for(
        lambda line: line["event"] == "layout" and line["problems"] == ["there is no trace tr9"],
        after=start,
        why="what is wrong",
    )
    waves.key("ctrl+a")
    waves.type("tr0 * 2 + tr1")
    waves.key("Return")
    total = Plot(waves, "tr2 = tr0 * 2 + tr1")
    shown = total.wait(lambda facts: facts["x"]["high"] >= 199.0, "the computed trace")
    assert shown["y"]["high"] > 985.0

    def change(plot: Plot, expression: str) -> None:
        start = waves.mark()
        plot.choose("Change the expression…")
        waves.wait_event("editor", name=FIELD, is_open=True, after=start)
        waves.key("ctrl+a")
        waves.type(expression)
        waves.key("Return")

    change(total, "cumsum(tr1) * 0.1")
    sums = Plot(waves, "tr2 = cumsum(tr1) * 0.1")
    sums.wait(lambda facts: 9_900.0 < facts["y"]["high"] < 11_000.0, "the changed trace")
    change(sums, "no_such_function(tr0)")
    Plot(waves, "tr2 = no_such_function(tr0)").wait_sentence("no_such_function")
    assert Plot(waves, "wave").now["lens"] == "scalar history"
    waves.key("ctrl+z")
    sums.wait(lambda facts: facts["y"]["high"] > 9_900.0, "the undone change")
    waves.key("ctrl+z")
    total.wait(lambda facts: facts["y"]["high"] < 1_200.0, "the first expression again")
    close_cleanly(waves)

    again = opener("--run", tmp_path / "program.py")
    Plot(again, "tr2 = tr0 * 2 + tr1").wait(
        lambda facts: facts["x"]["high"] >= 199.0, "the trace that was remembered"
    )
    close_cleanly(again)
