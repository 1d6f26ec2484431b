"""How much the histories of a session may hold, and how much they hold."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


@dataclass(frozen=True)
class HistoryLimits:
    """Bounds; beyond each the oldest goes first, and is counted.

    ``max_scalars`` holds for each history; the others for all histories of a session together.
    ``max_scalar_bytes`` is memory for scalars, ``max_array_bytes`` memory for arrays and other
    large values: older ones of these go to disk, up to ``max_disk_bytes`` (0 for never). The newest
    value of each history stays in memory whatever the limits, and so do up to 131,072 scalars.

    Large arrays are kept where the program put them, in the shared-memory ring, as long as this has
    room; with more than 40 MiB for arrays they are copied, which is slower. And the fewer are kept,
    the faster the program copies the next ones, into memory that is still in the processor's cache.
    """

    max_scalars: int = 100_000_000
    max_scalar_bytes: int = 4 * GIBIBYTE
    max_array_bytes: int = 4 * MEBIBYTE
    max_disk_bytes: int = 8 * GIBIBYTE


@dataclass(frozen=True)
class HistoryUsage:
    """What the histories of a session hold now, in bytes, and what was let go."""

    scalar_bytes: int
    array_bytes: int
    disk_bytes: int
