"""The target's end of the pipe, where its front end has been killed."""

import socket
from pathlib import Path

import pytest

from pyprobe.ipc.target_connection import ConnectionLost, TargetConnection


def test_the_socket_of_a_front_end_that_was_killed_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    address = str(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
    with pytest.raises(ConnectionLost):
        TargetConnection.connect(address, "AF_UNIX", b"key")
    assert not folder.exists()


def test_a_folder_that_holds_something_else_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    address = str(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
    with pytest.raises(ConnectionLost):
        TargetConnection.connect(address, "AF_UNIX", b"key")
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]
