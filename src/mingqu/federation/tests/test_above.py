"""The platform above as the operator's file describes it, spoken to over HTTP on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mingqu.federation.above.http import written
from mingqu.federation.errors import AboveUnavailable, UpwardFileWrong
from mingqu.federation.types import Parcel, QualityReport, Wrong
from mingqu.identity.tests.factories import NOON

PARCEL = Parcel("affair-00000001", "affair", "1", "0" * 64, ({"row_guid": "g"},))


class Province(BaseHTTPRequestHandler):
    """Takes everything signed; `answers` says what is told of a batch."""

    answers: dict = {}
    taken: dict = {}

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        signed = self.headers["Authorization"] == "Bearer geheim"
        if signed:
            type(self).taken[self.path] = body
        self._say(201 if signed else 401, {})

    def do_GET(self):
        status, said = type(self).answers.get(self.path, (404, {}))
        self._say(status, said)

    def _say(self, status, said):
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_given):
        pass


@pytest.fixture
def province():
    server = HTTPServer(("127.0.0.1", 0), Province)
    Province.answers, Province.taken = {}, {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def file_of(tmp_path, url, mode=0o600, more=""):
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    secret.chmod(0o600)
    made = tmp_path / "upward.yaml"
    made.write_text(
        f"words: 省平台\nurl: {url}\nheaders: {{Authorization: 'Bearer {{secret}}'}}\nsecret_file: {secret}\n{more}"
    )
    made.chmod(mode)
    return str(made)


def test_a_batch_is_handed_over_and_its_report_read(province, tmp_path):
    above = written(file_of(tmp_path, province))

    above.put(PARCEL, at=NOON)
    assert above.report(PARCEL.number) is None, "it is still looking"
    path = "/batches/affair-00000001"
    Province.answers[f"{path}/report"] = (
        200,
        {"wrong": [{"row_guid": "g", "field": "dept_code", "words": "没有填写"}]},
    )

    assert above.report(PARCEL.number) == QualityReport((Wrong("g", "dept_code", "没有填写"),))
    assert Province.taken[path]["rows"] == [{"row_guid": "g"}]


@pytest.mark.parametrize("answer", [(500, {}), (200, {}), (200, {"wrong": [{"row_guid": 1}]}), (200, [])])
def test_what_is_no_report_is_asked_for_again(province, tmp_path, answer):
    Province.answers["/batches/affair-00000001/report"] = answer

    with pytest.raises(AboveUnavailable):
        written(file_of(tmp_path, province)).report(PARCEL.number)


def test_nobody_there_is_tried_again(tmp_path):
    with pytest.raises(AboveUnavailable):
        written(file_of(tmp_path, "http://127.0.0.1:9")).put(PARCEL, at=NOON)


@pytest.mark.parametrize(
    ("url", "mode", "more"),
    [
        ("http://share.example.gov.cn", 0o600, ""),
        ("https://share.example.gov.cn", 0o644, ""),
        ("https://share.example.gov.cn", 0o600, "port: 3\n"),
    ],
)
def test_a_file_that_is_open_or_leads_into_the_open_is_refused(tmp_path, url, mode, more):
    with pytest.raises(UpwardFileWrong):
        written(file_of(tmp_path, url, mode, more))
