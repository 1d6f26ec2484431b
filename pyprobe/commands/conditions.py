"""The conditions of a command line: when to record, when to stop, when to take a snapshot."""

import argparse

from pyprobe.commands.output import complain_beside_program
from pyprobe.commands.program import UsageError
from pyprobe.conditions import parse
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.session.monitor import Handle
from pyprobe.session.session import Session

_MOST_SHOWN = 60  # characters of a condition that is refused

Handles = list[tuple[str, Handle]]


def add_condition_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--when``, ``--stop-when`` and ``--snapshot-when``."""
    parser.add_argument(
        "--when", metavar="EXPR", help="record from the first hit on for which EXPR holds"
    )
    parser.add_argument(
        "--stop-when",
        metavar="EXPR",
        help="record up to the first hit for which EXPR holds; the program goes on",
    )
    parser.add_argument(
        "--snapshot-when",
        metavar="EXPR=LABEL",
        action="append",
        default=[],
        help="take a snapshot when EXPR becomes true; see pyprobe labels",
    )


def check_conditions(options: argparse.Namespace) -> None:
    """Refuse what cannot be asked before anything is started.

    Raises:
        UsageError: a condition is none, has no label or can never be asked.
    """
    given = [("--when", options.when), ("--stop-when", options.stop_when)]
    given += [("--snapshot-when", _condition(text)) for text in options.snapshot_when]
    conditions = [(option, text) for option, text in given if text is not None]
    for option, condition in conditions:
        try:
            parse(condition)
        except ConditionSyntaxError as error:
            shown = condition if len(condition) <= _MOST_SHOWN else f"{condition[:_MOST_SHOWN]}…"
            raise UsageError(f"{option} {shown.strip()!r}: {error}") from error
    if conditions and not options.probe:
        raise UsageError("conditions are asked at the hits of probes; name one with -p")


def set_conditions(session: Session, options: argparse.Namespace) -> Handles:
    """Have the session ask the conditions; return each with its handle."""
    handles: Handles = []
    if options.when is not None:
        handles.append((options.when, session.when(options.when).start()))
    for text in options.snapshot_when:
        condition, _equals, label = text.rpartition("=")
        handles.append((condition, session.when(condition).snapshot(label.strip())))
    if options.stop_when is not None:
        handles.append((options.stop_when, session.when(options.stop_when).stop()))
    return handles


def complain_of_conditions(handles: Handles) -> None:
    """Say which conditions have never held, and why, where something was missing."""
    for condition, handle in handles:
        reading = handle.reading
        if reading is None or reading.times:
            continue
        why = f"; {reading.sentence}" if reading.sentence else ""
        complain_beside_program(f"the condition {condition.strip()!r} never held{why}")


def _condition(text: str) -> str:
    condition, _equals, label = text.rpartition("=")
    if not condition.strip() or not label.strip():
        raise UsageError(f"--snapshot-when takes EXPR=LABEL, not {text!r}")
    return condition
