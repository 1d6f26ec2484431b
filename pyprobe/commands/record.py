"""``pyprobe record``: runs a program without a window and writes all its captures to a file."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from pyprobe.commands.arguments import Parser
from pyprobe.commands.breakpoints import (
    Breaks,
    add_breakpoint_options,
    read_breaks,
    set_breaks,
)
from pyprobe.commands.conditions import (
    Handles,
    add_condition_options,
    check_conditions,
    complain_of_conditions,
    set_conditions,
)
from pyprobe.commands.output import STDOUT, captures_text, complain, complain_beside_program
from pyprobe.commands.probe_specs import resolve_specs
from pyprobe.commands.program import make_program
from pyprobe.commands.window_arguments import add_program_options
from pyprobe.core.throttle import parse_throttle
from pyprobe.errors import LaunchError, RecordingError
from pyprobe.session.ending import shell_exit_code, signal_number
from pyprobe.session.launch import Stdio
from pyprobe.session.listener import SessionListener
from pyprobe.session.options import WantedProbe
from pyprobe.session.recording import Recorder
from pyprobe.session.session import Session

EXIT_CANNOT_START = 126
_POLL_S = 0.25
_FORWARDED = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")


def build_parser() -> Parser:
    """Return the parser of ``record``."""
    parser = Parser(
        prog="pyprobe record",
        usage="pyprobe record [-p SPEC]… [--throttle T] -o OUT.mcap SCRIPT [ARGS…]\n"
        "       pyprobe record [-p SPEC]… [--throttle T] -o OUT.mcap -m MODULE [ARGS…]\n"
        "       pyprobe record -b FILE:LINE[=CONDITION]… [--on-break A] -o OUT.mcap SCRIPT [ARGS…]",
        description="Run a program without a window and record what its probes capture, "
        "losslessly. The exit code is the program's.",
    )
    add_program_options(parser)
    parser.add_argument(
        "--throttle",
        metavar="T",
        default="every",
        help="throttle of the probes whose SPEC names none (every)",
    )
    add_condition_options(parser)
    add_breakpoint_options(parser)
    parser.add_argument("-o", "--output", metavar="OUT.mcap", required=True)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Record one run of a program; return its exit code."""
    options, (script, module, args) = build_parser().parse_with_program(arguments)
    if options.output == STDOUT:
        raise RecordingError(
            "a recording is a file, and standard output is the program's; name a file with -o "
            "(./- for one of that name)"
        )
    parse_throttle(options.throttle)
    check_conditions(options)
    program = make_program(script, module, args, options.python)
    probes = resolve_specs(options.probe, program)
    wanted_breaks = read_breaks(options, program)
    recorder = Recorder(options.output, program)
    session = Session(
        program,
        stdio=Stdio.INHERIT,
        lossless=True,
        budget_percent=options.budget,
        reduce_above=0,
        keep_histories=False,
        recorder=recorder,
    )
    try:
        handles = set_conditions(session, options)
        breaks = set_breaks(session, wanted_breaks)
        return _record(session, recorder, probes, options.throttle, handles, breaks)
    finally:
        session.close()
        recorder.finish(session.ending)


def _record(
    session: Session,
    recorder: Recorder,
    probes: Sequence[WantedProbe],
    throttle: str,
    handles: Handles,
    breaks: Breaks | None,
) -> int:
    session.add_listener(_Notes())
    for wanted in probes:
        session.add_probe(wanted.occurrence, wanted.file, throttle=wanted.throttle or throttle)
    with _signals_passed_on(session):
        try:
            session.start()
        except LaunchError as error:
            complain(str(error))
            return EXIT_CANNOT_START
        _follow(session, breaks)
    recorder.finish(session.ending)
    was_ended_here = breaks is not None and breaks.exit_code is not None
    _summarize(session, recorder, was_ended_here=was_ended_here)
    complain_of_conditions(handles)
    if breaks is not None:
        breaks.complain()
    if breaks is not None and breaks.exit_code is not None:
        return breaks.exit_code
    return _exit_code(session)


class _Notes(SessionListener):
    """Passes on what the session has to say."""

    def on_note(self, text: str) -> None:
        complain_beside_program(text)


def _follow(session: Session, breaks: Breaks | None) -> None:
    while session.has_process:
        session.wait(_POLL_S if breaks is None else breaks.poll_s(_POLL_S))
        while session.process_events(max_ms=100.0):
            pass
        if breaks is not None:
            breaks.follow()


@contextmanager
def _signals_passed_on(session: Session) -> Iterator[None]:
    """Live on until the program has ended, and let it decide what a signal means.

    Ctrl-C reaches it without us, as it is in the same foreground group.
    """

    def pass_on(number: int, frame: FrameType | None) -> None:
        session.send_signal(number)

    def ignore(number: int, frame: FrameType | None) -> None:
        """A handler, not SIG_IGN, which the program would inherit."""

    handlers = {signal.SIGINT: ignore}
    if hasattr(signal, "SIGQUIT"):
        handlers[signal.SIGQUIT] = ignore
    for name in _FORWARDED:
        if hasattr(signal, name):
            handlers[getattr(signal, name)] = pass_on
    before = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) is not signal.SIG_IGN  # nohup: the program inherits that
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code(session: Session) -> int:
    ending = session.ending
    if ending is None:
        return EXIT_CANNOT_START
    if ending.signal is not None:
        return shell_exit_code(-signal_number(ending.signal))
    return ending.exit_code if ending.exit_code is not None else 0


def _summarize(session: Session, recorder: Recorder, *, was_ended_here: bool) -> None:
    stats, ending = session.stats, session.ending
    if ending is not None and not ending.complete and not was_ended_here:
        complain_beside_program(f"the program {ending.sentence}")
    size_mb = recorder.nbytes / 1e6
    held = captures_text(recorder.captures)
    if recorder.snapshots:
        held += f" and {recorder.snapshots:,} snapshot{'' if recorder.snapshots == 1 else 's'}"
    complain_beside_program(
        f"{held} in {recorder.path} ({size_mb:,.1f} MB), "
        f"{stats.dropped:,} dropped, {stats.share:.1%} of the program's time"
    )
    for probe in session.probes.values():
        if not probe.captured or probe.detail:
            complain_beside_program(
                f"{probe.anchor.identity_label()}: {probe.detail or 'never captured'}"
            )
