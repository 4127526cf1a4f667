"""
The double of the program on a window's computer (docs/devices.md): it plays every device, and what goes wrong with
them. It keeps what it was told when it was paired in memory alone. Its own page (http://127.0.0.1:<port>/) is what a
person does at the devices: presses a level, takes the paper out.
"""

import hmac
import html
import json
import threading
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, cast
from urllib.parse import parse_qs

from PIL import Image, ImageDraw

from mingqu.hall.bridge.signing import PROTOCOL, page_token, sealed

HOST = "127.0.0.1"
MOST = 24 * 1024 * 1024  # bytes of a question: a paper to print
SLOW = 8.0  # seconds of the fault `slow`
PRESS = 60.0  # seconds the rating device and the pad wait for a person
FAULTS = {
    "": "正常",
    "no_card": "没有放证件",
    "paper_out": "没有纸",
    "busy": "正在用",
    "absent": "没有接上",
    "slow": "很慢",
    "cut_off": "说到一半断了",
    "nonsense": "胡言乱语",
}
NAMES = {  # as the desk calls them (hall.types.DEVICES; the double needs nothing of the platform)
    "id_reader": "身份证阅读器",
    "camera": "高拍仪",
    "signature_pad": "签字板",
    "rating": "评价器",
    "printer": "打印机",
}
DEVICES = tuple(NAMES)
# Nobody's: the region 990104 was never assigned.
CARD = {
    "kind": "citizen_number",
    "number": "990104199003070014",
    "name": "温小满",
    "valid_until": "long",
}

Tell = Callable[[str], None]  # takes a signed answer to the platform; raises OSError


@dataclass
class Double:
    """One window's devices. `secret`, `origin` and `devices` as the platform told when it was paired."""

    secret: str
    origin: str
    devices: tuple[str, ...]
    tell: Tell
    card: Mapping[str, str] = field(default_factory=lambda: dict(CARD))
    faults: dict[str, str] = field(default_factory=dict)
    pressed: threading.Event = field(default_factory=threading.Event)
    level: int = 0
    asking: bool = False  # the rating device shows its five levels
    press_within: float = PRESS
    slow: float = SLOW
    printed: int = 0
    nonces: set[str] = field(default_factory=set)

    def states(self) -> dict[str, str]:
        known = {"absent": "absent", "busy": "busy"}
        return {one: known.get(self.faults.get(one, ""), "ready") for one in self.devices}

    def use(self, device: str, asked: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and body of the answer to a page."""
        nonce = asked.get("nonce")
        if device not in self.devices or not isinstance(nonce, str):
            return _refused("unknown")
        if nonce in self.nonces:
            return _refused("replayed")
        self.nonces.add(nonce)
        fault = self.faults.get(device, "")
        if fault in {"no_card", "paper_out", "busy", "absent"}:
            return _refused(fault)
        if fault == "slow":
            time.sleep(self.slow)
        if fault == "nonsense":
            return 200, '{"answer": "!!", "读": ['.encode()
        if device == "rating":
            return self._rate(nonce)
        result = self._result(device, asked)
        return _refused("broken") if result is None else (200, self._signed(device, nonce, result))

    def press(self, level: int) -> None:
        """A person presses one of the five."""
        if self.asking and 1 <= level <= 5:
            self.level = level
            self.pressed.set()

    def _result(self, device: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        if device == "id_reader":
            return dict(self.card)
        if device == "camera":
            return {"type": "image/jpeg", "image": _picture("JPEG", (1240, 1754), "材料原件（演示）")}
        if device == "signature_pad":
            return {"type": "image/png", "image": _picture("PNG", (900, 300), "")}
        return self._print(asked)

    def _print(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            paper = b64decode(str(asked.get("document", "")), validate=True)
        except NotBase64:
            return None
        if not paper.startswith(b"%PDF-"):
            return None
        self.printed += 1
        return {"printed": True}

    def _rate(self, nonce: str) -> tuple[int, bytes]:
        """What was pressed goes to the platform by the program itself; the page learns only that somebody pressed."""
        if self.asking:
            return _refused("busy")
        self.pressed.clear()
        self.asking = True
        try:
            if not self.pressed.wait(self.press_within):
                return _refused("cancelled")
        finally:
            self.asking = False
        said = {"protocol": PROTOCOL, "device": "rating", "nonce": nonce, "result": {"level": self.level}}
        try:
            self.tell(sealed(self.secret, json.dumps(said).encode()))
        except OSError:
            return _refused("not_sent")
        return 200, b'{"done": true}'

    def _signed(self, device: str, nonce: str, result: dict[str, Any]) -> bytes:
        said = {"protocol": PROTOCOL, "device": device, "nonce": nonce, "result": result}
        body = json.dumps(said, ensure_ascii=False).encode()
        return json.dumps({"answer": sealed(self.secret, body)}).encode()


def _refused(error: str) -> tuple[int, bytes]:
    return 409, json.dumps({"error": error}).encode()


def _picture(kind: str, size: tuple[int, int], words: str) -> str:
    """A page, or strokes on nothing."""
    if kind == "PNG":
        drawn = Image.new("RGBA", size, (255, 255, 255, 0))
        pen = ImageDraw.Draw(drawn)
        pen.line(
            [(150, 210), (260, 90), (330, 220), (470, 80), (560, 210), (740, 120)],
            fill=(0, 0, 0, 255),
            width=7,
        )
    else:
        drawn = Image.new("RGB", size, (250, 250, 246))
        pen = ImageDraw.Draw(drawn)
        pen.rectangle((80, 80, size[0] - 80, size[1] - 80), outline=(60, 60, 60), width=3)
        for line in range(220, size[1] - 220, 60):
            pen.line([(160, line), (size[0] - 160, line)], fill=(150, 150, 150), width=2)
    held = BytesIO()
    drawn.save(held, kind)
    return b64encode(held.getvalue()).decode()


def serve(double: Double, port: int) -> ThreadingHTTPServer:
    """Listening on this machine alone; the caller runs and ends it. Port 0: any that is free."""
    return ThreadingHTTPServer((HOST, port), _handler(double))


def _handler(double: Double) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        of = double

    return Handler


class _Handler(BaseHTTPRequestHandler):
    """Who asks is looked at first: the machine's own address, the paired origin, the window's token."""

    of: Double
    server_version = "mingqu-bridge-double"
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: an address says which device a person used."""

    @property
    def _here(self) -> str:
        return f"{HOST}:{cast(ThreadingHTTPServer, self.server).server_port}"

    def _from_our_pages(self) -> bool:
        # The name must be ours too: a foreign site's name may be made to lead here.
        return self.headers.get("Host") == self._here and self.headers.get("Origin") == self.of.origin

    def _with_token(self) -> bool:
        token = f"Bearer {page_token(self.of.secret)}"
        return hmac.compare_digest(self.headers.get("Authorization", "").encode(), token.encode())

    def do_OPTIONS(self) -> None:
        if not self._from_our_pages():
            self._answer(403, b"")
            return
        self.send_response(204)
        for name, value in (
            ("Access-Control-Allow-Origin", self.of.origin),
            ("Access-Control-Allow-Methods", "GET, POST"),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
            ("Access-Control-Allow-Private-Network", "true"),
            ("Access-Control-Max-Age", "600"),
            ("Vary", "Origin"),
        ):
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        if self.path == "/" and self.headers.get("Host") == self._here:
            self._answer(200, _own_page(self.of).encode(), "text/html; charset=utf-8")
        elif not self._from_our_pages() or not self._with_token():
            self._answer(403, b"{}")
        elif self.path == "/v1/state":
            self._answer(200, json.dumps({"protocol": PROTOCOL, "devices": self.of.states()}).encode())
        else:
            self._answer(404, b"{}")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > MOST:
            self._answer(413, b"{}")
            return
        body = self.rfile.read(int(length))
        if self.path in {"/press", "/fault"}:
            self._own(body)
        elif not self._from_our_pages() or not self._with_token():
            self._answer(403, b"{}")
        elif self.path.startswith("/v1/"):
            self._use(self.path.removeprefix("/v1/"), body)
        else:
            self._answer(404, b"{}")

    def _use(self, device: str, body: bytes) -> None:
        try:
            asked = json.loads(body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            self._answer(400, b"{}")
            return
        status, said = self.of.use(device, asked)
        if self.of.faults.get(device) == "cut_off":
            said = said[: len(said) // 2]
        self._answer(status, said)

    def _own(self, body: bytes) -> None:
        """From the double's own page alone."""
        if self.headers.get("Host") != self._here or self.headers.get("Origin") != f"http://{self._here}":
            self._answer(403, b"{}")
            return
        given = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if self.path == "/press" and given.get("level", "").isdigit():
            self.of.press(int(given["level"]))
        if self.path == "/fault" and given.get("device") in DEVICES and given.get("fault", "") in FAULTS:
            self.of.faults[given["device"]] = given.get("fault", "")
        self.send_response(303)
        self.send_header("Location", "/")
        self.end_headers()

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self._from_our_pages():
            self.send_header("Access-Control-Allow-Origin", self.of.origin)
            self.send_header("Vary", "Origin")
        self.end_headers()
        self.wfile.write(body)


def _own_page(double: Double) -> str:
    levels = "".join(
        f'<button name="level" value="{level}">{name}</button> '
        for level, name in ((5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意"))
    )
    asks = (
        f'<form method="post" action="/press">{levels}</form>'
        if double.asking
        else "<p>现在没有人要评价。</p>"
    )
    rows = "".join(
        f'<form method="post" action="/fault"><input type="hidden" name="device" value="{one}">'
        f'<label>{NAMES.get(one, one)} <select name="fault">'
        + "".join(
            f'<option value="{code}"{" selected" if double.faults.get(one, "") == code else ""}>{words}</option>'
            for code, words in FAULTS.items()
        )
        + "</select></label> <button>设成这样</button></form>"
        for one in double.devices
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
        f"<title>演示设备</title><h1>演示设备</h1><p>配对的网站：{html.escape(double.origin)}</p>"
        f"<h2>评价器</h2>{asks}<h2>哪台设备出什么毛病</h2>{rows}<p>已打印{double.printed}份。</p></html>"
    )
