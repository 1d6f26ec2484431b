"""The two environments: the user's, which the program gets, and ours, kept apart from it.

The folder of Qt plug-ins that a package in the program's environment names must not reach the
window, and what a library sets in the window's process must not reach the program.
"""

import os

# Variables that make one Qt load the plug-ins or QML modules of another.
_QT_PATH_VARIABLES = (
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QML_IMPORT_PATH",
    "QML2_IMPORT_PATH",
    "QT_QPA_FONTDIR",
)

_remembered: dict[str, str] | None = None


def remember_environment() -> None:
    """Take the user's environment as it is now; every program launched later gets this one."""
    global _remembered
    _remembered = dict(os.environ)


def user_environment() -> dict[str, str]:
    """Return a copy of the environment a program is launched with."""
    return dict(os.environ) if _remembered is None else dict(_remembered)


def drop_foreign_qt_paths() -> None:
    """Remove from this process what would make its Qt load another Qt's plug-ins."""
    for name in _QT_PATH_VARIABLES:
        os.environ.pop(name, None)
