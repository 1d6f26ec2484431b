"""Takes a tool id of ``sys.monitoring``, under a name by which the program finds us."""

import sys

from pyprobe.errors import PyProbeError

# The program may want an id by its number: 0, 1 and 2 are those of debuggers, coverage tools
# and profilers, 3 and 4 of whoever else; 5 is meant for optimizers, of which there are none.
_IDS = (5, 4, 3, 2, 1, 0)


class ToolName(str):
    """``pyprobe``, as tools see it; ``source`` is the event source that has the id."""

    source: object

    def __new__(cls, source: object) -> "ToolName":
        name = super().__new__(cls, "pyprobe")
        name.source = source
        return name


if sys.version_info >= (3, 12):

    def take_tool_id(source: object) -> int:
        """Return an id that was free, and is ours now.

        Raises:
            PyProbeError: all six are in use.
        """
        for tool in _IDS:
            if sys.monitoring.get_tool(tool) is None:
                sys.monitoring.use_tool_id(tool, ToolName(source))
                return tool
        raise PyProbeError("all tool ids of sys.monitoring are in use by the program")
