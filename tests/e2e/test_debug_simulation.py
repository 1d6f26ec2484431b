"""One server out of several in a simulation, followed by hand: the main job of the stepping."""

import shutil
import sys
from pathlib import Path

from tests.e2e.conftest import Opener
from tests.e2e.debug import Debugger
from tests.e2e.driver import Window
from tests.e2e.test_main_job import close_cleanly


def line_of(path: Path, start: str) -> int:
    rows = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, row in enumerate(rows, 1) if row.strip().startswith(start))


def show_line(window: Window, line: int) -> None:
    mark = window.mark()
    window.key("ctrl+g")
    window.type(str(line))
    window.key("Return")
    window.wait_for(
        lambda report: (
            report["event"] == "layout" and line in [token["line"] for token in report["tokens"]]
        ),
        after=mark,
        why=f"line {line} in view",
    )


def test_one_server_is_followed_through_its_yields(
    opener: Opener, tmp_path: Path, examples: Path
) -> None:
    path = tmp_path / "queue_servers.py"
    shutil.copy(examples / "queue_servers.py", path)
    after_yield = line_of(path, "queue_length = len")
    waited, service = line_of(path, "waited ="), line_of(path, "service_time =")
    busy, second_yield = line_of(path, "self.busy_minutes +="), line_of(path, "yield self.env.time")
    served = line_of(path, "self.served += 1")

    window = opener("--python", sys.executable, path, "--servers", "3", "--pause", "0.001")
    debugger = Debugger(window)
    show_line(window, after_yield)
    service_probe = window.toggle(service, "service_time")
    queue_probe = window.toggle(after_yield, "queue_length")
    facts = debugger.toggle(after_yield)
    assert [mark["line"] for mark in facts["marks"]] == [after_yield]

    # It stops at the line after the yield: whoever is served first.
    window.key("F5")
    facts = debugger.wait_stop(after_yield, reason="breakpoint")
    assert facts["sign"][1] == "STOPPED"
    assert {"variables", "stack"} <= set(facts["docks"])
    assert "Server.serve" in facts["stop"]["function"]

    # Pick this server, for stepping and for the breakpoint.
    name = debugger.evaluate("self.name")
    assert name.startswith("'Server ")
    entity = f"self.name == {name}"
    window.choose(debugger.cell("Variables", "self"), "Stop here only for this one")
    window.choose(debugger.cell("Variables", "self"), "Follow this one only")
    debugger.wait(lambda line: line["entity"] == entity, "the one that is followed")

    # Step its lines from one yield to the next.
    debugger.key("F10", waited)
    debugger.key("F10", service)
    debugger.key("F10", busy)
    facts = debugger.key("F10", second_yield)
    assert float(debugger.value("service_time", facts)) > 0
    before = float(debugger.evaluate("self.env.now"))
    arrived = int(debugger.evaluate("len(self.env._queue) + self.env._eid.__reduce__()[1][0]"))

    # Over the yield: others run in between, and the very same server goes on.
    debugger.key("F10", served)
    assert debugger.evaluate("self.name") == name
    assert float(debugger.evaluate("self.env.now")) > before
    assert (
        int(debugger.evaluate("len(self.env._queue) + self.env._eid.__reduce__()[1][0]")) > arrived
    )

    # What it takes and how many wait is plotted while it stands.
    window.wait_event("first_pixel", id=service_probe["id"])
    window.wait_event("first_pixel", id=queue_probe["id"])

    # On to the next event of the simulator, whosever it is; then the breakpoint, for this one only.
    window.click(debugger.field("Follow one only"))
    debugger.wait(lambda line: line["entity"] == "", "all of them again")
    mark = window.mark()
    window.key("F4")
    facts = debugger.wait(
        lambda line: line["stop"] and "event" in line["stop"]["detail"], "an event", after=mark
    )
    for _round in range(3):
        mark = window.mark()
        window.key("F5")
        debugger.wait_stop(after_yield, reason="breakpoint", after=mark)
        assert debugger.evaluate("self.name") == name
    close_cleanly(window)
