"""``pyprobe SCRIPT``: opens the desktop window."""

import gc
from collections.abc import Sequence

from pyprobe.commands.arguments import Parser, make_program, percent
from pyprobe.commands.output import complain
from pyprobe.commands.qt_check import check_qt
from pyprobe.session.environment import drop_foreign_qt_paths
from pyprobe.session.launch import Program
from pyprobe.session.options import WantedProbe, WindowOptions

EXIT_NO_WINDOW = 1


def build_parser() -> Parser:
    """Return the parser of the window's options."""
    parser = Parser(
        prog="pyprobe",
        usage="pyprobe [options] SCRIPT [ARGS…]\n       pyprobe [options] -m MODULE [ARGS…]\n"
        "       pyprobe record | open | export | diff | labels | symbols | doctor [--help]",
        description="An oscilloscope for running Python programs: click a variable in the source "
        "and watch its values live. Everything after SCRIPT belongs to the program. "
        "A script that is called like a subcommand is named with its folder: ./record",
        add_help=False,
    )
    options = parser.add_argument_group("options")
    options.add_argument("-h", "--help", action="help", help="show this and end")
    options.add_argument("--version", action="store_true", help="show the version and end")
    options.add_argument("--run", action="store_true", help="start the program at once")
    add_program_options(parser)
    options.add_argument("--screenshot", metavar="FILE.png", help="write the window's picture")
    options.add_argument(
        "--quit-after", metavar="SECONDS", type=float, help="close the window after this time"
    )
    return parser


def add_program_options(parser: Parser) -> None:
    """Add the options that the window and ``record`` share."""
    options = parser.add_argument_group("program and probes")
    options.add_argument(
        "-p",
        "--probe",
        metavar="SPEC",
        action="append",
        default=[],
        help="probe FILE:LINE:SYMBOL[@COL][=THROTTLE] from the start; repeatable. "
        "THROTTLE: every, every:N, Nms, change[:TOLERANCE] or auto",
    )
    options.add_argument(
        "--python",
        metavar="PATH",
        help="the program's interpreter; else the project's .venv, the active one, or ours",
    )
    options.add_argument(
        "--budget",
        metavar="PERCENT",
        type=percent,
        default=5.0,
        help="share of the program's time that probes with throttle auto may take (5)",
    )
    options.add_argument("-m", metavar="MODULE", help="run a module, as python -m does")


def _resolve_probes(specs: Sequence[str], program: Program) -> tuple[WantedProbe, ...]:
    if not specs:
        return ()
    from pyprobe.commands.probe_specs import resolve_specs  # here, for a window to open sooner

    return resolve_specs(specs, program)


def run(arguments: Sequence[str]) -> int:
    """Open the window; return the exit code."""
    options, (script, module, args) = build_parser().parse_with_program(arguments)
    program = make_program(script, module, args, options.python)
    probes = _resolve_probes(options.probe, program)
    drop_foreign_qt_paths()
    check = check_qt()
    if check.problem:
        complain(f"{check.problem}. Without a window: pyprobe record -o OUT.mcap {program.label}")
        return EXIT_NO_WINDOW
    gc.disable()  # nothing that is loaded up to the first paint is garbage; then it is on again
    from pyprobe.gui.app import run_window  # here, as no other command needs Qt

    return run_window(
        WindowOptions(
            program=program,
            probes=probes,
            run_at_once=options.run,
            budget_percent=options.budget,
            screenshot=options.screenshot,
            quit_after_s=options.quit_after,
        )
    )
