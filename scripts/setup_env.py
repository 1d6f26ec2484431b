"""Prepare a checkout: ``.venv`` with PyProbe in it, and the system's parts that it needs.

Needs nothing but a Python 3: it finds the newest usable one itself. The second run does nothing.

    python3 scripts/setup_env.py [--tests]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from envsetup.environments import Checkout, ensure_engines, ensure_main
from envsetup.report import SetupError, say
from envsetup.system_packages import ensure_system_packages


def main() -> int:
    parser = argparse.ArgumentParser(description="Prepare this checkout.")
    parser.add_argument("--tests", action="store_true", help="also what the test suite needs")
    options = parser.parse_args()
    checkout = Checkout(Path(__file__).resolve().parent.parent)
    try:
        ensure_main(checkout)
        ensure_system_packages(checkout.log, tests=options.tests)
        if options.tests:
            ensure_engines(checkout)
    except SetupError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
