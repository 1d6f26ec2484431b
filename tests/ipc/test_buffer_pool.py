"""The pool of buffers: copies that stay as they are, in memory that is used again."""

from pyprobe.ipc.buffer_pool import BufferPool

SIZE = 1000


def test_a_copy_is_equal_and_read_only() -> None:
    source = bytearray(b"a" * SIZE)
    copy = BufferPool().copy(memoryview(source))
    source[:] = b"b" * SIZE
    assert bytes(copy) == b"a" * SIZE
    assert isinstance(copy, memoryview)
    assert copy.readonly


def test_memory_is_used_again_when_the_last_use_is_over() -> None:
    pool = BufferPool(3 * SIZE)
    for number in range(100):
        source = memoryview(bytes([number]) * SIZE)
        first, second = pool.copy(source), pool.copy(source)
        part = memoryview(second)[10:]
        assert isinstance(first, memoryview)
        assert first == second == source
        assert part == source[10:]


def test_no_more_is_lent_than_allowed() -> None:
    pool = BufferPool(3 * SIZE)
    copies = [pool.copy(memoryview(bytes([number]) * SIZE)) for number in range(5)]
    assert [type(copy) for copy in copies] == [memoryview] * 3 + [bytes] * 2
    assert [bytes(copy) for copy in copies] == [bytes([number]) * SIZE for number in range(5)]


def test_buffers_of_another_size_make_room() -> None:
    pool = BufferPool(2 * SIZE)
    for size in (SIZE, 2 * SIZE, SIZE // 3, 2 * SIZE):
        assert isinstance(pool.copy(memoryview(bytes(size))), memoryview)
