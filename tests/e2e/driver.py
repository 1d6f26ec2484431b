"""Drives the real window: a real process, real mouse and keyboard events through an X server."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.report_reader import Report, ReportReader

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
_SETTLED_S = 0.3
_NUDGE_S = 0.2
_ANSWERS = 3
_NUDGES_A_PRESS = 25
_MOST_TOLD = 3000  # characters of the report

Point = tuple[int, int]


@contextmanager
def x_server(size: str = "1280x720") -> Iterator[str]:
    """Run an X server on a display that is free; yields its name, such as ``:3``."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], PATIENCE_S)
        number = os.read(reader, 16).decode().strip() if ready else ""
        if not number:
            raise RuntimeError("the X server did not start")
        yield f":{number}"
    finally:
        os.close(reader)
        server.terminate()
        server.wait()


@dataclass
class Window:
    """A running PyProbe window. Positions come from its report; everything done is an X event."""

    process: "subprocess.Popen[bytes]"
    report: ReportReader
    display: str

    # ---- reading the report --------------------------------------------------------------

    @property
    def lines(self) -> list[Report]:
        """What has been reported by now."""
        self.report.drain()
        return self.report.lines

    def wait_for(
        self, what: Callable[[Report], bool], *, after: int = 0, why: str = "an event"
    ) -> Report:
        """Wait for a line of the report, beginning at position ``after``."""
        deadline_s = time.monotonic() + PATIENCE_S
        position = after
        while True:
            lines = self.lines
            while position < len(lines):
                if what(lines[position]):
                    return lines[position]
                position += 1
            if not self.report.wait_more(position, deadline_s - time.monotonic()):
                if self.report.at_end:
                    raise AssertionError(f"the window ended while {why} was waited for")
                last = [line for line in lines if line["event"] != "layout"][-8:]
                raise AssertionError(f"no {why}; last: {str(last)[-_MOST_TOLD:]}")

    def wait_event(self, event: str, *, after: int = 0, why: str = "", **facts: object) -> Report:
        """Wait for an event with these facts."""
        return self.wait_for(
            lambda line: (
                line["event"] == event
                and all(line.get(name) == value for name, value in facts.items())
            ),
            after=after,
            why=why or f"{event} {facts}",
        )

    def wait_output(self, text: str) -> str:
        """Wait until the program has written this, in however many pieces; return all it wrote."""

        def written() -> str:
            return "".join(line["text"] for line in self.lines if line["event"] == "output")

        self.wait_for(
            lambda line: line["event"] == "output" and text in written(), why=f"output {text!r}"
        )
        return written()

    def mark(self) -> int:
        """Return the position after all lines so far."""
        return len(self.lines)

    def layout(self) -> Report:
        """Return the last layout that was reported."""
        layouts = [line for line in self.lines if line["event"] == "layout"]
        return layouts[-1] if layouts else self.wait_event("layout")

    def settled_layout(self) -> Report:
        """Wait until the layout has stayed as it is for a while, and return it."""
        last, since_s = self.layout(), time.monotonic()
        while (left_s := since_s + _SETTLED_S - time.monotonic()) > 0:
            self.report.wait_more(self.mark(), left_s)
            now = self.layout()
            if {**now, "t_ns": 0} != {**last, "t_ns": 0}:
                last, since_s = now, time.monotonic()
        return last

    def token_point(self, line: int, symbol: str, col: int | None = None) -> Point:
        """Return the middle of a token on the screen."""
        for token in self.settled_layout()["tokens"]:
            if (token["line"], token["symbol"]) == (line, symbol) and col in (None, token["col"]):
                return middle(token["rect"])
        raise AssertionError(f"{symbol} of line {line} is not in view")

    def widget_point(self, name: str) -> Point:
        """Return the middle of a named widget on the screen, once it is there."""
        start = self.mark()
        if name not in self.settled_layout()["widgets"]:
            self.wait_for(
                lambda line: line["event"] == "layout" and name in line["widgets"],
                after=start,
                why=f"the widget {name}",
            )
        return middle(self.settled_layout()["widgets"][name])

    # ---- hands ---------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        """The variables of another program on the same display."""
        return {**os.environ, "DISPLAY": self.display}

    def xdotool(self, *words: object) -> str:
        """Send X events."""
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def focus(self) -> None:
        """Give the window the keyboard, as a window manager would."""
        self.xdotool("windowfocus", "--sync", self.layout()["window_id"])

    def move(self, point: Point) -> None:
        """Move the pointer."""
        self.xdotool("mousemove", *point)

    def click(self, point: Point) -> None:
        """Move there and click."""
        self.xdotool("mousemove", *point, "click", 1)

    def double_click(self, point: Point) -> None:
        """Move there and click twice."""
        self.xdotool("mousemove", *point, "click", "--repeat", 2, "--delay", 40, 1)

    def wheel(self, point: Point, notches: int) -> None:
        """Move there and turn the wheel; positive is away from the user."""
        button = 4 if notches > 0 else 5
        self.xdotool("mousemove", *point, "click", "--repeat", abs(notches), button)

    def drag(self, start: Point, end: Point) -> None:
        """Press the left button at a place and let it go at another."""
        between = [(start[0] * (4 - n) + end[0] * n) // 4 for n in (1, 2, 3)]
        down = [(start[1] * (4 - n) + end[1] * n) // 4 for n in (1, 2, 3)]
        words: list[object] = ["mousemove", *start, "mousedown", 1]
        for point in (*zip(between, down, strict=True), end):
            words += ["mousemove", *point]
        self.xdotool(*words, "mouseup", 1)

    def carry(self, start: Point, end: Point, over: str | None) -> None:
        """Drag what stands at a place onto the widget of this accessible name, and drop it.

        With ``None`` the widget may be any. What is dragged here by another program is let go only
        when that has been told that it may: it asks anew after each answer.
        """
        mark, step, heard, silent = self.mark(), 0, 0, 0
        self._begin_drag(start)
        deadline_s = time.monotonic() + PATIENCE_S
        while not self._is_over(over, after=mark):
            step += 1
            drags = [line for line in self.lines[mark:] if line["event"] == "drag"]
            assert time.monotonic() < deadline_s, f"nothing was dragged over {over}: {drags[-5:]}"
            silent = silent + 1 if len(drags) == heard else 0
            heard = len(drags)
            if silent == _NUDGES_A_PRESS:  # the press has met another window, or an answer is lost
                silent = 0
                self.xdotool("mouseup", 1)
                self._begin_drag(start)
            self.move((end[0] + step % 3, end[1]))  # a drag begins and enters by movements only
            self.report.wait_more(self.mark(), _NUDGE_S)
        self.xdotool("mouseup", 1)
        self.wait_event("drag", step="drop", after=mark)

    def _begin_drag(self, start: Point) -> None:
        """Press, and move a little: what is there begins to be dragged."""
        self.xdotool("mousemove", *start, "mousedown", 1)
        self.move((start[0] + 20, start[1] + 6))

    def _is_over(self, over: str | None, *, after: int) -> bool:
        drags = [line for line in self.lines[after:] if line["event"] == "drag"]
        if over is not None:
            return bool(drags) and drags[-1]["over"] == over and drags[-1]["step"] != "leave"
        return [drag["step"] for drag in drags[-_ANSWERS:]] == ["move"] * _ANSWERS

    def choose(self, point: Point, *path: str) -> None:
        """Open the menu of a place with the right button and choose an entry, level by level."""
        mark = self.mark()
        self.xdotool("mousemove", *point, "click", 3)
        for text in path:
            menu = self.wait_event("menu", after=mark, why=f"the menu with {text!r}")
            found = [entry for entry in menu["entries"] if entry["text"] == text]
            assert found, f"no {text!r} in {[entry['text'] for entry in menu['entries']]}"
            mark = self.mark()
            self._hover(middle(found[0]["rect"]), text)
        self.xdotool("click", 1)

    def _hover(self, point: Point, text: str) -> None:
        """Move onto an entry of a menu, which opens the menu behind it, and wait for its light."""
        mark, step = self.mark(), 0
        deadline_s = time.monotonic() + PATIENCE_S
        while not [line for line in self.lines[mark:] if _is_hovered(line, text)]:
            step += 1
            # A menu does not heed the first movement over it.
            self.xdotool("mousemove", *point, "mousemove", point[0] + 1 + step % 2, point[1])
            self.report.wait_more(self.mark(), _NUDGE_S)
            assert time.monotonic() < deadline_s, f"{text!r} of the menu has not been lit"

    def key(self, *keys: str) -> None:
        """Press keys, such as ``ctrl+f``."""
        self.xdotool("key", *keys)

    def type(self, text: str) -> None:
        """Type text."""
        self.xdotool("type", "--delay", 5, "--", text)

    def toggle(self, line: int, symbol: str, col: int | None = None) -> Report:
        """Click a token; return the first report of a probe after that."""
        start = self.mark()
        self.click(self.token_point(line, symbol, col))
        return self.wait_event("probe", after=start)

    # ---- the end -------------------------------------------------------------------------

    def close(self) -> tuple[int, str]:
        """Close the window by its keys; return exit code and stderr."""
        self.key("ctrl+q")
        return self.finish()

    def finish(self) -> tuple[int, str]:
        """Wait for the end; return exit code and stderr."""
        try:
            _, errors = self.process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, errors = self.process.communicate()
            raise AssertionError(f"the window did not end; stderr: {errors.decode()}") from None
        self.report.join()
        return self.process.returncode, errors.decode()


def _is_hovered(line: Report, text: str) -> bool:
    return bool(line["event"] == "hovered" and line["text"] == text)


def open_window(
    display: str,
    folder: Path,
    arguments: Sequence[object],
    *,
    environment: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Window:
    """Start ``pyprobe`` with these arguments; its settings and its report lie in ``folder``."""
    pipe = folder / f"report-{time.monotonic_ns()}"
    report = ReportReader(pipe)
    variables = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYPROBE_CONFIG_DIR": str(folder / "settings"),
        "PYPROBE_E2E_REPORT": str(pipe),
        "PYTHONPATH": str(ROOT),
        "NO_AT_BRIDGE": "1",
        **(environment or {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "pyprobe", *map(str, arguments)],
        env=variables,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    report.follow(process.pid)
    return Window(process, report, display)


def middle(rect: Sequence[int]) -> Point:
    """Return the middle of ``[x, y, width, height]``."""
    x, y, width, height = rect
    return x + width // 2, y + height // 2
