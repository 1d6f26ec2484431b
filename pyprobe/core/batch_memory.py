"""BatchMemory: the memory of one batch of captures is there for the next one.

glibc gives memory at the top of the heap back to the system as soon as more than twice the largest
block is free that was ever mapped by itself and freed (``M_TRIM_THRESHOLD`` in mallopt(3)). The
pieces of a batch together are more than that. So every batch's pages went back, and came again
one fault each: a tenth of the time that captures took.
"""

import sys

# What all pieces take together is about twice this: the log, its columns, what they are packed to.
_BYTES_PER_CAPTURE = 128
_FEW_CAPTURES = 1_000
_LARGEST_BYTES = 16 << 20  # more than 32 MiB would raise nothing (``DEFAULT_MMAP_THRESHOLD_MAX``)


class BatchMemory:
    """Told of each batch; costs something only where one is larger than all before."""

    def __init__(self) -> None:
        self._most = _FEW_CAPTURES if sys.platform == "linux" else sys.maxsize

    def keep(self, captures: int) -> None:
        """Have the memory of a batch of so many captures kept when it is freed."""
        if captures <= self._most:
            return
        self._most = 2 * captures
        try:
            # Mapped by itself, as it is so large, and freed with no page of it ever touched.
            bytes(min(_BYTES_PER_CAPTURE * self._most, _LARGEST_BYTES))
        except MemoryError:
            return  # a program that is short of address space does without
