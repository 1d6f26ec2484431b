"""State words: what the status bar says of the program's state and its interpreter. Pure."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyprobe.gui.status_bar import StatusBar
    from pyprobe.session.listener import ProgramState
    from pyprobe.session.readable_session import ReadableSession


def state_detail(session: "ReadableSession", state: "ProgramState") -> str:
    """Return where the program halted or how it ended; ``""`` for neither."""
    if state.value == "paused" and session.halted_at is not None:
        return f"line {session.halted_at[1]}"
    ending = session.ending
    if state.value == "ended" and ending is not None:
        return ending.signal or f"exit code {ending.exit_code}"
    return ""


def show_event_source(status: "StatusBar", session: "ReadableSession") -> None:
    """Show which Python runs the program, and that it slows probes down where it does."""
    hello = session.hello
    if hello is None:
        status.show_source("", "")
        return
    slow = hello.event_source != "monitoring"
    text = f"Python {hello.python_version}"
    if slow:
        text += ": slower probes, 3.12 or newer is the remedy"
    status.show_source(text, hello.event_source_reason)
