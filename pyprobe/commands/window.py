"""``pyprobe SCRIPT``: opens the desktop window."""

import gc
from collections.abc import Sequence

from pyprobe.commands.output import complain
from pyprobe.commands.program import make_program
from pyprobe.commands.qt_check import check_qt
from pyprobe.session.environment import drop_foreign_qt_paths
from pyprobe.session.launch import Program
from pyprobe.session.options import WantedProbe, WindowOptions

EXIT_NO_WINDOW = 1


def _resolve_probes(specs: Sequence[str], program: Program) -> tuple[WantedProbe, ...]:
    if not specs:
        return ()
    from pyprobe.commands.probe_specs import resolve_specs  # here, for a window to open sooner

    return resolve_specs(specs, program)


def _read(arguments: Sequence[str]) -> WindowOptions:
    if arguments and not arguments[0].startswith("-"):
        script, *args = arguments
        return WindowOptions(program=make_program(script, None, tuple(args), None))
    # Here, for a window to open sooner where there is nothing to parse.
    from pyprobe.commands.window_arguments import build_parser, check_automation

    parser = build_parser()
    options, (named, module, rest) = parser.parse_with_program(arguments)
    check_automation(parser, options)
    program = make_program(named, module, rest, options.python)
    return WindowOptions(
        program=program,
        probes=_resolve_probes(options.probe, program),
        run_at_once=options.run,
        budget_percent=options.budget,
        screenshot=options.screenshot,
        quit_after_s=options.quit_after,
    )


def run(arguments: Sequence[str]) -> int:
    """Open the window; return the exit code."""
    options = _read(arguments)
    drop_foreign_qt_paths()
    check = check_qt()
    if check.problem:
        without = f"Without a window: pyprobe record -o OUT.mcap {options.program.label}"
        complain(f"{check.problem}. {without}")
        return EXIT_NO_WINDOW
    gc.disable()  # nothing that is loaded up to the first paint is garbage; then it is on again
    from pyprobe.gui.app import run_window  # here, as no other command needs Qt

    return run_window(options)
