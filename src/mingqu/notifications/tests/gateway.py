"""A gateway for text messages on this machine, with the faults of real ones."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECRET = "callback-secret"


class Gateway:
    """
    `faults`: what it does to each request, in order, then `after`: "ok", a status, "mute" (takes the message and breaks
    off without an answer), "slow". What it took stands in `taken` by reference: one that comes twice is one.
    """

    def __init__(self):
        self.faults, self.after = [], "ok"
        self.asked, self.taken = [], {}
        self.lock = threading.Lock()
        self.seconds = 0.0

    def one(self):
        with self.lock:
            return self.faults.pop(0) if self.faults else self.after


@contextmanager
def running(gateway: Gateway) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args):
            """Nothing: numbers and texts."""

        def do_POST(self):
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fault = gateway.one()
            with gateway.lock:
                gateway.asked.append(said)
                if fault in {"ok", "mute"}:
                    gateway.taken[said["ref"]] = said
            if fault == "mute":
                self.close_connection = True
                self.connection.close()
                return
            status = 200 if fault == "ok" else int(fault)
            body = json.dumps({"code": "0" if fault == "ok" else "1", "data": {"id": f"g-{said['ref']}"}})
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # a connection that was broken off on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def entry(name: str, port: int, callback: Path, *, tells_repetitions: bool = True) -> str:
    """The gateway as an operator writes it into the file of channels."""
    return f"""
  - name: {name}
    medium: sms
    url: http://127.0.0.1:{port}/send
    headers: {{Content-Type: application/json, Authorization: "Bearer {{secret}}"}}
    secret_file: {callback}
    body: '{{"mobile": {{to}}, "content": {{text}}, "ref": {{reference}}}}'
    success: {{status: [200], path: code, equals: ["0"]}}
    refused: {{status: [400]}}
    reference_at: data.id
    tells_repetitions: {str(tells_repetitions).lower()}
    timeout: 5
    callback: {{secret_file: {callback}, reference_at: ref, state_at: state, delivered: [DELIVRD], failed: [UNDELIV]}}
"""
