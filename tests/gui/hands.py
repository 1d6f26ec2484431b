"""The test's hands: Qt's own simulated mouse and keys, whose type hints are wrong."""

from typing import Any

from PyQt6.QtTest import QTest

hands: Any = QTest  # its static functions are declared as methods
