"""Talking to a ClamAV daemon: a small one on this machine, over TCP and a unix socket."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clamd import ScanFailed, scan

VIRUS = b"X5O!P%@AP-TEST"


class Clamd(socketserver.BaseRequestHandler):
    """Understands INSTREAM, finds VIRUS, refuses what is longer than 1 MB."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(size)
        if len(content) > 1_000_000:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif VIRUS in content:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        elif content != b"mute":
            self.request.sendall(b"stream: OK\0")


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class TcpServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True


@pytest.fixture(params=["tcp", "unix"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "tcp":
        tcp = TcpServer(("127.0.0.1", 0), Clamd)
        server: socketserver.BaseServer = tcp
        found = f"tcp://127.0.0.1:{tcp.socket.getsockname()[1]}"
    else:
        server = UnixServer(str(tmp_path / "c.ctl"), Clamd)
        found = f"unix://{tmp_path / 'c.ctl'}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"sain" * 100_000, ""), (b"avant" * 40_000 + VIRUS, "Eicar-Test-Signature"), (b"", "")],
)
def test_what_the_daemon_says_is_told(tmp_path: Path, address: str, content: bytes, found: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert scan(path, address) == found


@pytest.mark.parametrize(("content", "told"), [(b"x" * 1_000_001, "size limit"), (b"mute", "no answer")])
def test_no_opinion_is_a_failure(tmp_path: Path, address: str, content: bytes, told: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ScanFailed, match=told):
        scan(path, address)


def test_a_daemon_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = tmp_path / "file"
    path.write_bytes(b"x")
    for address in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path / 'none'}", "http://host", "rien"):
        with pytest.raises(ScanFailed):
            scan(path, address, timeout_s=1)
