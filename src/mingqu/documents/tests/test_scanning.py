"""The clamd adapter against a double that speaks clamd's protocol."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from mingqu.documents.uploads.clamd import ScannerUnavailable, Verdict, scan

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def _read(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = line.recv(count - len(data))
        assert part, "the client stopped in the middle"
        data += part
    return data


def _serve(server: socket.socket, silent: bool) -> None:
    line, _ = server.accept()
    with line:
        command = b""
        while not command.endswith(b"\0"):
            command += _read(line, 1)
        assert command == b"zINSTREAM\0"
        body = b""
        while length := struct.unpack(">I", _read(line, 4))[0]:
            body += _read(line, length)
        if silent:
            return
        if len(body) > 200_000:
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in body:
            line.sendall(b"stream: Eicar-Signature FOUND\0")
        else:
            line.sendall(b"stream: OK\0")


@contextmanager
def clamd(address_family, where, silent=False):
    server = socket.socket(address_family)
    server.bind(where)
    server.listen(1)
    thread = threading.Thread(target=_serve, args=(server, silent), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        thread.join(5)
        server.close()


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "clamd.sock")


def test_a_clean_file_over_several_chunks_is_clean(place):
    with clamd(socket.AF_UNIX, place):
        assert scan(b"x" * 150_000, f"unix:{place}") == Verdict("clean")


def test_malware_is_named(place):
    with clamd(socket.AF_UNIX, place):
        assert scan(EICAR, f"unix:{place}") == Verdict("infected", "Eicar-Signature")


def test_it_speaks_over_tcp_too():
    with clamd(socket.AF_INET, ("127.0.0.1", 0)) as server:
        assert scan(b"x", f"tcp:127.0.0.1:{server.getsockname()[1]}") == Verdict("clean")


@pytest.mark.parametrize(("data", "silent"), [(b"x" * 300_000, False), (b"x", True)])
def test_an_error_or_no_answer_is_not_taken_for_clean(place, data, silent):
    with clamd(socket.AF_UNIX, place, silent), pytest.raises(ScannerUnavailable):
        scan(data, f"unix:{place}")


def test_a_scanner_that_is_not_there_is_unavailable(place):
    with pytest.raises(ScannerUnavailable):
        scan(b"x", f"unix:{place}")
