"""The file under an HDF5 export: HDF5 never learns of a failure, since it crashes where it does."""

import io
from typing import Any


class FailsafeFile(io.RawIOBase):
    """Goes on as if all were well when ``file`` fails; ``check`` then raises what it was.

    h5py cannot close a file whose last parts cannot be written, and takes the process with it.
    """

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file = file
        self._failure: OSError | None = None

    def check(self) -> None:
        """Raise what has gone wrong.

        Raises:
            OSError: something could not be written.
        """
        if self._failure is not None:
            raise self._failure

    def readable(self) -> bool:
        """It is."""
        return True

    def writable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go somewhere."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return where it stands."""
        return self._file.tell()

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer; what was never written is zeros."""
        view = memoryview(buffer).cast("B")
        count = self._file.readinto(view) or 0
        view[count:] = bytes(len(view) - count)
        return len(view)

    def write(self, data: Any, /) -> int:
        """Write all of it, or note why that cannot be."""
        view = memoryview(data).cast("B")
        size = len(view)
        try:
            while view and self._failure is None:
                view = view[self._file.write(view) :]
        except OSError as error:
            self._failure = error
        if self._failure is not None:
            self._file.seek(len(view), io.SEEK_CUR)
        return size

    def truncate(self, size: int | None = None, /) -> int:
        """Change the length, or note why that cannot be."""
        try:
            return self._file.truncate(size)
        except OSError as error:
            self._failure = self._failure or error
            return size or 0
