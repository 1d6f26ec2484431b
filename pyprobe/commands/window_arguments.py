"""The options of ``pyprobe SCRIPT``."""

import argparse

from pyprobe.commands.arguments import Parser, percent


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
    add_automation_options(options)
    return parser


def add_automation_options(options: argparse._ActionsContainer) -> None:
    """Add what takes a picture of a window and closes it; see ``check_automation``."""
    options.add_argument(
        "--screenshot",
        metavar="FILE.png",
        help="with --quit-after: write the window's picture before it closes",
    )
    options.add_argument(
        "--quit-after", metavar="SECONDS", type=float, help="close the window after this time"
    )


def check_automation(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End with a usage error where there is no time for the picture."""
    if options.screenshot is not None and options.quit_after is None:
        parser.error("--screenshot needs --quit-after SECONDS: the picture is taken then")


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
