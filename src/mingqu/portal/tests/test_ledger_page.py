"""办理存证: what is sealed is public, a receipt is checked whatever stands in it."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile

from mingqu.kernel import audit, ledger, receipts, rotation, signatures
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import LedgerKey
from mingqu.kernel.tests.test_commands import NOON, open_thing
from mingqu.portal.selectors import ledger as sealed


def page(response) -> str:
    return response.content.decode()


def give(client, data, name="receipt.json"):
    return client.post("/ledger/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def receipt(db):
    root = new_id()
    for _ in range(2):
        open_thing(root, uuid4())
    ledger.seal(NOON)
    return ledger.receipt(root)


def test_before_anything_is_sealed_the_page_says_so(client, db):
    text = page(client.get("/ledger/"))

    assert "还没有封存" in text
    assert client.get("/ledger/checkpoints.json").json() == {"checkpoints": [], "keys": {}}


def test_checkpoints_and_the_fingerprint_are_public(client, receipt):
    key = LedgerKey.objects.get()

    text = page(client.get("/ledger/"))

    assert receipt["checkpoints"]["1"]["root"] in text
    assert f"mingqu verify 存证文件.json --key {key.fingerprint}" in text
    body = client.get("/ledger/checkpoints.json").json()
    assert body["checkpoints"] == [receipt["checkpoints"]["1"]]
    assert body["keys"] == {key.fingerprint: key.public_pem}
    assert "PRIVATE" not in text


def test_the_feed_goes_on_by_key(client, db, monkeypatch):
    monkeypatch.setattr(sealed, "FEED_PAGE", 2)
    for minute in range(5):
        open_thing(new_id(), uuid4())
        ledger.seal(NOON + timedelta(minutes=minute))

    seen, address = [], "/ledger/checkpoints.json"
    while address:
        body = client.get(address).json()
        seen += [c["number"] for c in body["checkpoints"]]
        address = body.get("next")

    assert seen == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 19, "9" * 400, "٣", "1e3"])
def test_a_cursor_that_is_none_shows_a_page(client, receipt, cursor):
    for address in ("/ledger/", "/ledger/checkpoints.json"):
        assert client.get(f"{address}?before={cursor}").status_code == 200


def test_a_receipt_of_ours_passes(client, receipt):
    response = give(client, json.dumps(receipt).encode())

    assert response.status_code == 200
    assert "核验通过" in page(response)
    assert "共2条记录" in page(response)


@pytest.mark.parametrize("named", ["{0}, {0}", "{0}, ", ", {0}", "", " {0}", "{0}\n"])
def test_a_signer_that_only_contains_our_fingerprint_is_not_us(client, receipt, named):
    """Its signature was looked at by nobody."""
    checkpoint, (ours,) = receipt["checkpoints"]["1"], list(receipt["keys"])
    checkpoint["signer"], checkpoint["signature"] = named.format(ours), "00"

    text = page(give(client, json.dumps(receipt).encode()))

    assert "核验通过" not in text and "签名的不是本站的密钥" in text


def test_a_receipt_of_two_keys_of_ours_passes_and_the_page_names_both(client, receipt, monkeypatch):
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", "sm2")
    rotation.renew_ledger_key(NOON + timedelta(minutes=1))
    root = receipt["root"]
    open_thing(UUID(root), uuid4())
    ledger.seal(NOON + timedelta(minutes=2))
    both = ledger.receipt(UUID(root))
    assert len(both["keys"]) == 2

    text = page(give(client, json.dumps(both).encode()))

    assert "核验通过" in text
    assert all(f"--key {name}" in text for name in both["keys"])
    assert "SM2 (SM3)" in text and "P-256 (SHA-256)" in text


def test_an_altered_receipt_does_not(client, receipt):
    receipt["entries"][0]["body"]["action"] = "case.refuse"

    text = page(give(client, json.dumps(receipt).encode()))

    assert "核验没有通过" in text
    assert "内容被改动过" in text


def test_a_receipt_signed_by_somebody_elses_key_does_not(client, receipt):
    """Whoever makes a key can sign anything, and it checks in itself: only our keys count."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    sealed_by_us = receipt["checkpoints"]["1"]
    body = audit.checkpoint_body(
        1,
        sealed_by_us["at"],
        sealed_by_us["size"],
        bytes.fromhex(sealed_by_us["root"]),
        bytes.fromhex(sealed_by_us["previous"]),
    )
    sealed_by_us["signer"] = signatures.fingerprint(pem)
    sealed_by_us["signature"] = key.sign(body, ec.ECDSA(hashes.SHA256())).hex()
    receipt["keys"] = {signatures.fingerprint(pem): pem}
    data = json.dumps(receipt).encode()
    assert receipts.verify(data).intact

    text = page(give(client, data))

    assert "签名的不是本站的密钥" in text
    assert "核验通过" not in text


def test_records_added_after_the_last_seal_prove_nothing_yet(client, db):
    root = new_id()
    open_thing(root, uuid4())
    ledger.seal(NOON)
    open_thing(root, uuid4())

    text = page(give(client, json.dumps(ledger.receipt(root)).encode()))

    assert "还没有全部封存" in text
    assert "核验通过" not in text


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"\xff\xfe\x00",
        b"{}",
        b"[" * 100_000,
        b'{"format": "mingqu-receipt/1"}',
        b'{"format": "mingqu-receipt/1", "entries": 5, "seals": [], "checkpoints": 1, "keys": 0}',
        b'{"format": "mingqu-receipt/1", "entries": [], "seals": {}, "checkpoints": {}, "keys": {}}',
        b'{"format": "mingqu-receipt/1", "entries": [{"body": {"root": 1, "seq": 1e999}}]}',
        "{“格式”：“错”}".encode(),
    ],
)
def test_a_file_that_is_no_receipt_is_answered_in_words(client, db, data):
    response = give(client, data)

    assert response.status_code == 200
    assert "核验没有通过" in page(response)


def test_findings_of_a_hostile_file_can_not_become_markup(client, receipt):
    receipt["seals"]["<script>alert(1)</script>"] = receipt["seals"]["1"]

    assert "<script>alert" not in page(give(client, json.dumps(receipt).encode()))


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "这个文件是空的"), (b" " * (1024 * 1024 + 1), "文件超过1MB")],
)
def test_a_file_of_the_wrong_size_is_refused_by_its_field(client, db, data, words):
    response = give(client, data)

    assert response.status_code == 400
    assert words in page(response)


def test_no_file_asks_for_one(client, db):
    response = client.post("/ledger/", {})

    assert response.status_code == 400
    assert "请上传：存证文件" in page(response)


def test_checking_has_its_allowance(client, db, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"verify_address": (2, 600)}
    for _ in range(2):
        give(client, b"{}")

    assert give(client, b"{}").status_code == 429
