"""Connectors of an operator's file: HTTP with JSON against a real server, and a folder."""

import json
import threading
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import yaml

from mingqu.exchange.connectors import registry, signing, written
from mingqu.exchange.errors import ConnectorsFileWrong, ConnectorUnknown, SignatureWrong, SystemUnavailable
from mingqu.exchange.types import DayLine, Parcel, ParcelFile, Result, SheetField

AT = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
PARCEL = Parcel("a" * 32, 0, "省系统", "B1", "营业执照", (SheetField("名称", "望渠", "申请内容"),))
STATE = {"state": "DONE", "happened_at": AT.isoformat(), "seq": 3, "result": {"number": "L-1"}}


class OtherSide(BaseHTTPRequestHandler):
    said: tuple[int, object] = (200, {})
    heard: list[tuple[str, dict[str, str], bytes]] = []

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append((self.path, dict(self.headers), body))
        status, said = self.said
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def server():
    made = HTTPServer(("127.0.0.1", 0), OtherSide)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def file_of(tmp_path, entry, mode=0o600):
    path = tmp_path / "connectors.yaml"
    path.write_text(yaml.safe_dump({"connectors": [entry]}, allow_unicode=True))
    path.chmod(mode)
    return str(path)


@pytest.fixture
def http(server, tmp_path):
    secrets = {}
    for name in ("key", "callback"):
        secrets[name] = tmp_path / name
        secrets[name].write_text(f"{name}-secret")
        secrets[name].chmod(0o600)
    entry = {
        "name": "province",
        "systems": ["省系统"],
        "headers": {"Authorization": "Bearer {secret}"},
        "secret_file": str(secrets["key"]),
        "callback_secret_file": str(secrets["callback"]),
        "send": {"url": f"{server}/matters", "number_at": "data.id"},
        "ask": {"url": f"{server}/matters/{{reference}}", "tellings_at": "states"},
        "day": {"url": f"{server}/days/{{day}}"},
        "recall": {"url": f"{server}/matters/{{reference}}/recall", "refused": [409]},
        "states": {"DONE": "granted"},
        "timeout": 5,
    }
    OtherSide.heard.clear()
    return written.connectors(file_of(tmp_path, entry))["province"]


def test_a_parcel_goes_under_its_key_and_brings_the_other_sides_number(http):
    OtherSide.said = (201, {"data": {"id": "SD-1"}})

    answer = http.send(PARCEL, at=AT)

    assert (answer.outcome, answer.number) == ("taken", "SD-1")
    path, headers, body = OtherSide.heard[0]
    assert path == "/matters" and headers["Idempotency-Key"] == f"{'a' * 32}-0"
    assert headers["Authorization"] == "Bearer key-secret"
    assert json.loads(body)["fields"] == [{"part": "申请内容", "label": "名称", "value": "望渠"}]
    assert "secret" not in repr(http) and "望渠" not in repr(PARCEL)


@pytest.mark.parametrize(("status", "outcome"), [(422, "refused"), (429, "failed"), (502, "unknown")])
def test_what_is_no_success_is_refused_failed_or_unknown(http, status, outcome):
    OtherSide.said = (status, {})

    assert http.send(PARCEL, at=AT).outcome == outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "taken"), (404, "taken"), (409, "refused"), (429, "failed"), (502, "unknown")],
)
def test_what_is_taken_back_goes_under_a_key_of_its_own_and_what_is_not_there_need_not_stop(
    http, status, outcome
):
    OtherSide.said = (status, {})

    assert http.can_be_recalled and http.recall("a" * 32, "SD-1", at=AT).outcome == outcome
    path, headers, body = OtherSide.heard[-1]
    assert path == f"/matters/{'a' * 32}/recall" and headers["Idempotency-Key"] == f"{'a' * 32}-recall"
    assert json.loads(body)["number"] == "SD-1"


def test_files_of_a_correction_go_with_their_digests(http):
    OtherSide.said = (200, {})
    file = ParcelFile("门牌.jpg", "image/jpeg", "d" * 64, b"bytes")

    http.send(replace(PARCEL, round=1, supplement="补好了", files=(file,)), at=AT)
    (sent,) = json.loads(OtherSide.heard[-1][2])["files"]
    assert (sent["sha256"], b64decode(sent["content"])) == ("d" * 64, b"bytes")
    assert "门牌" not in repr(file)


def test_asked_it_tells_all_states_in_our_words_or_that_it_has_nothing(http):
    OtherSide.said = (200, {"round": 1, "states": [STATE]})
    known = http.ask("a" * 32)
    assert (known.there, known.round, known.tellings[0].state) == (True, 1, "granted")
    assert known.tellings[0].result == Result("L-1")

    OtherSide.said = (404, {})
    assert not http.ask("a" * 32).there
    for wrong in ((500, {}), (200, {"states": [{"state": "?"}]}), (200, {"states": ["?"]})):
        OtherSide.said = wrong
        with pytest.raises(SystemUnavailable):
            http.ask("a" * 32)


def test_its_list_of_a_day_is_read(http):
    OtherSide.said = (200, [{"reference": "r", "number": "1", "state": "DONE"}])

    assert list(http.day(date(2026, 9, 18))) == [DayLine("r", "1", "granted")]
    assert OtherSide.heard[-1][0] == "/days/2026-09-18"


def test_a_system_that_nobody_answers_at_is_failed(tmp_path):
    entry = {"name": "gone", "systems": ["省系统"], "send": {"url": "http://127.0.0.1:9/"}, "timeout": 1}
    gone = written.connectors(file_of(tmp_path, entry))["gone"]

    assert gone.send(PARCEL, at=AT).outcome == "failed" and not gone.can_be_asked
    assert not gone.can_be_recalled
    with pytest.raises(SignatureWrong):
        gone.read({}, b"{}", at=AT)


def test_its_tellings_are_believed_by_their_signature_and_read_in_our_words(http):
    body = json.dumps({"reference": "a" * 32, **STATE}).encode()
    sent = AT.isoformat()
    headers = {signing.SENT: sent, signing.SIGNATURE: signing.sign(b"callback-secret", sent, body)}

    assert http.read(headers, body, at=AT).state == "granted"
    with pytest.raises(SignatureWrong):
        http.read({**headers, signing.SIGNATURE: "0" * 64}, body, at=AT)


@pytest.mark.parametrize(
    ("change", "mode", "wrong"),
    [
        ({}, 0o640, "chmod 600"),
        ({"colour": "red"}, 0o600, "unknown keys"),
        ({"send": {"url": "http://reg.example.gov.cn/"}}, 0o600, "https"),
        ({"states": {"DONE": "finished"}}, 0o600, "unknown states"),
    ],
)
def test_a_file_that_is_open_to_others_or_wrong_is_refused(tmp_path, change, mode, wrong):
    entry = {"name": "p", "systems": ["省系统"], "send": {"url": "https://reg.example.gov.cn/"}, **change}

    with pytest.raises(ConnectorsFileWrong, match=wrong):
        written.connectors(file_of(tmp_path, entry, mode))


def test_by_folder_a_parcel_is_one_file_and_states_come_back_in_another(tmp_path):
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    entry = {"name": "f", "kind": "folder", "systems": ["户口"], "folder": str(tmp_path)}
    folder = written.connectors(file_of(tmp_path, entry))["f"]
    assert not folder.ask("a" * 32).there

    assert [folder.send(PARCEL, at=AT).outcome for _time in range(2)] == ["taken", "taken"]
    (sent,) = (tmp_path / "out").iterdir()
    assert json.loads(sent.read_text("utf-8"))["fields"] == [["申请内容", "名称", "望渠"]]
    assert sent.stat().st_mode & 0o077 == 0
    text = (
        f"流水号,状态,时间,说明\n{'a' * 32},办理中,2026-09-18 12:00,\n{'b' * 32},已办结,2026-09-18 12:00,\n"
    )
    (tmp_path / "in/states-1.csv").write_text(text, "utf-8")
    (tmp_path / "in/states-2.xlsx").write_bytes(b"PK\x03\x04 broken: stops no other")
    assert [one.state for one in folder.ask("a" * 32).tellings] == ["handling"]
    with pytest.raises(SystemUnavailable):
        list(folder.day(date(2026, 9, 18)))
    (tmp_path / "in/day-2026-09-18.csv").write_text("流水号,编号\nr,1\n", "utf-8")
    assert list(folder.day(date(2026, 9, 18))) == [DayLine("r", "1", "")]


def test_outside_a_demo_the_double_is_refused_and_inside_nothing_leaves_the_machine(
    settings, server, tmp_path
):
    entry = {"name": "province", "systems": ["省系统"], "send": {"url": f"{server}/matters"}}
    settings.MINGQU_CONNECTORS_FILE = file_of(tmp_path, entry)

    assert registry.for_system("省系统") == "" and "double" in registry.connectors()
    settings.MINGQU_DEMO = False
    assert registry.for_system("省系统") == "province"
    with pytest.raises(ConnectorUnknown):
        registry.named("double")
