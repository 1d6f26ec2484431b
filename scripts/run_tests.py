"""Run everything that must hold: the linters and all test suites, on every interpreter found.

    .venv/bin/python scripts/run_tests.py [--only NAME-PART]… [--list]

Prints a line for each suite, the output of those that failed, and at last ``N passed, M failed``.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from envsetup.environments import Checkout, ensure_engines
from suites.catalogue import Suite, all_suites
from suites.compiled import compile_package, keeping_compiled
from suites.running import Outcome, run_suite
from virtual_display import NoVirtualDisplay, display_environment, has_display, virtual_display

ROOT = Path(__file__).resolve().parent.parent


def _report(outcome: Outcome) -> None:
    counts = f"{outcome.passed:5d} passed {outcome.failed:4d} failed"
    print(f"{outcome.suite.name:32s}{counts} {outcome.seconds:7.1f} s", flush=True)


def _run_all(suites: list[Suite], environment: dict[str, str]) -> list[Outcome]:
    """Run suites side by side, the longest first, so that none is left over at the end."""

    def run(suite: Suite) -> Outcome:
        outcome = run_suite(suite, ROOT, environment)
        _report(outcome)
        return outcome

    ordered = sorted(suites, key=lambda suite: suite.usual_s, reverse=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(run, ordered))


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the linters and all test suites.")
    parser.add_argument("--only", action="append", default=[], help="suites whose name holds this")
    parser.add_argument("--list", action="store_true", help="print the suites' names")
    options = parser.parse_args()
    engines = ensure_engines(Checkout(ROOT))
    suites = all_suites(ROOT, engines)
    if options.only:
        suites = [suite for suite in suites if any(part in suite.name for part in options.only)]
    if options.list:
        print("\n".join(suite.name for suite in suites))
        return 0
    if any(suite.is_pytest for suite in suites):
        compile_package(ROOT, {Path(sys.executable), *engines.values()})
    try:
        if has_display() and not sys.platform.startswith("linux"):
            outcomes = _run_all(suites, keeping_compiled(os.environ))
        else:  # also where there is a display: tests must not take the person's mouse
            with virtual_display() as name:
                outcomes = _run_all(suites, keeping_compiled(display_environment(name)))
    except NoVirtualDisplay as error:
        print(f"The window's tests need a virtual display: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    for outcome in outcomes:
        if outcome.failed:
            print(f"\n===== {outcome.suite.name} =====\n{outcome.output}")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
