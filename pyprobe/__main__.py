"""``python -m pyprobe``."""

import sys

from pyprobe.cli import main

sys.exit(main())
