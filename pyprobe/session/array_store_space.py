"""Which parts of a file are in use: gives away free ones, and takes them back."""

from bisect import bisect_left


class FileSpace:
    """The space of one file in bytes; a piece is given where it fits first: the file is short."""

    def __init__(self) -> None:
        self._starts: list[int] = []  # of the free pieces before the end, ascending, none adjoining
        self._stops: list[int] = []
        self.end = 0
        self.used = 0

    def allocate(self, nbytes: int, most: int) -> int | None:
        """Return the start of a free piece that ends before ``most``; ``None`` if there is none."""
        for index, start in enumerate(self._starts):
            if self._stops[index] - start >= nbytes and start + nbytes <= most:
                self._starts[index] += nbytes
                if self._starts[index] == self._stops[index]:
                    del self._starts[index], self._stops[index]
                self.used += nbytes
                return start
        if self.end + nbytes > most:
            return None
        start = self.end
        self.end += nbytes
        self.used += nbytes
        return start

    def free(self, start: int, nbytes: int) -> None:
        """Take back a piece that was given."""
        self.used -= nbytes
        stop = start + nbytes
        index = bisect_left(self._starts, start)
        if index < len(self._starts) and self._starts[index] == stop:
            stop = self._stops[index]
            del self._starts[index], self._stops[index]
        if index and self._stops[index - 1] == start:
            index -= 1
            start = self._starts[index]
            del self._starts[index], self._stops[index]
        if stop == self.end:
            self.end = start
        else:
            self._starts.insert(index, start)
            self._stops.insert(index, stop)
