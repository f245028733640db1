"""Asking a ClamAV daemon about a file, over TCP or a unix socket: its INSTREAM command."""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

_BLOCK = 64 * 1024
_LONGEST_ANSWER = 4096


class ScanFailed(Exception):
    """The antivirus gave no opinion: it does not answer, or says that it could not read."""


def scan(path: Path, address: str, *, timeout_s: float = 30.0) -> str:
    """Name of what was found in the file, "" for nothing. Raises ScanFailed.

    `address`: tcp://host:3310 or unix:///run/clamav/clamd.ctl."""
    try:
        with _connected(address, timeout_s) as connection, path.open("rb") as file:
            connection.sendall(b"zINSTREAM\0")
            while block := file.read(_BLOCK):
                connection.sendall(struct.pack("!L", len(block)) + block)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        raise ScanFailed(str(error)) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScanFailed(answer or "no answer")


def _connected(address: str, timeout_s: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout_s)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError(f"not the address of an antivirus: {address}")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=timeout_s)


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith((b"\0", b"\n")) and len(received) < _LONGEST_ANSWER:
        block = connection.recv(1024)
        if not block:
            break
        received += block
    return received.rstrip(b"\0\n").decode("utf-8", "replace")
