"""Connections send at once, however their listening socket was made."""

import os
import socket
import sys
from pathlib import Path

import pytest

from lib.ui.no_delay import send_at_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is changed on Windows")


def delay_is_off(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.fixture
def listening():
    # As Streamlit makes it: the protocol is not named.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server


def connect(server: socket.socket) -> tuple[socket.socket, socket.socket]:
    client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    return client, accepted


def test_connections_that_exist_and_those_to_come_send_at_once(listening: socket.socket) -> None:
    client, before = connect(listening)
    assert not delay_is_off(before), "nothing to cure: take no_delay.py out"
    assert send_at_once() >= 3
    later, after = connect(listening)
    assert delay_is_off(before)
    assert delay_is_off(after)
    for connection in (client, before, later, after):
        connection.close()


def test_files_pipes_and_other_sockets_are_left_alone(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with (tmp_path / "file").open("w") as file, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        before = len(os.listdir("/dev/fd"))
        send_at_once()
        assert len(os.listdir("/dev/fd")) == before, "no descriptor is leaked"
        file.write("still open")
        udp.getsockname()
    os.write(writing, b"x")
    assert os.read(reading, 1) == b"x"
    os.close(reading)
    os.close(writing)


def test_streamlit_still_binds_without_naming_the_protocol() -> None:
    # When this fails Streamlit has changed: measure again, and take the cure out if it is needless.
    from streamlit.web.server.starlette import starlette_server

    source = Path(starlette_server.__file__).read_text(encoding="utf-8")
    assert "IPPROTO_TCP" not in source
