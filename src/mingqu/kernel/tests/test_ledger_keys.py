"""The ledger is signed by P-256 or SM2; a new key leaves what was signed as valid as it was."""

import copy
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.kernel import ledger, ledger_keys, receipts, rotation, signatures
from mingqu.kernel.errors import SignatureUnknown
from mingqu.kernel.ids import new_id
from mingqu.kernel.ledger_check import check_ledger
from mingqu.kernel.models import AuditEntry, LedgerKey
from mingqu.kernel.tests.test_commands import NOON, open_thing

MINUTE = timedelta(minutes=1)


def checked(receipt, **options):
    return receipts.verify(json.dumps(receipt).encode(), **options)


def sealed_once(root, at=NOON):
    open_thing(root, uuid4())
    ledger.seal(at)
    return ledger.receipt(root)


@pytest.fixture
def sm2(db, monkeypatch):
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", "sm2")


@pytest.mark.usefixtures("sm2")
def test_a_ledger_that_begins_with_sm2_is_checked_like_any_other():
    receipt = sealed_once(new_id())
    report = checked(receipt)

    key = LedgerKey.objects.get()
    assert key.signature == "SM2 (SM3)" and key.public_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert report.intact and report.signers == {key.fingerprint}
    assert check_ledger().findings == []


@pytest.mark.parametrize(
    ("place", "value"),
    [("signature", "3006020101020101"), ("signature", ""), ("size", 7), ("at", "2020-01-01T00:00:00+00:00")],
)
@pytest.mark.usefixtures("sm2")
def test_an_altered_checkpoint_of_sm2_is_found(place, value):
    receipt = sealed_once(new_id())
    receipt["checkpoints"]["1"][place] = value

    assert "第1号封存的签名不成立。" in checked(receipt).findings


@pytest.mark.usefixtures("sm2")
def test_another_key_of_sm2_does_not_pass_for_the_one_that_signed():
    receipt, (pem, _) = sealed_once(new_id()), signatures.scheme("sm2").generate()
    altered = copy.deepcopy(receipt)
    altered["keys"] = dict.fromkeys(receipt["keys"], pem)

    assert not checked(altered).intact
    for broken in (
        "",
        pem.replace("MFkwEwYH", "MFkwEwYI"),
        pem[:60],
        pem.replace("-----END", "AAAA-----END"),
    ):
        altered["keys"] = dict.fromkeys(receipt["keys"], broken)
        assert not checked(altered).intact


def test_a_new_key_signs_from_now_on_and_what_was_signed_stays_valid(db, monkeypatch):
    root = new_id()
    sealed_once(root)
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", "sm2")
    assert ledger_keys.newest(NOON).signature == "P-256 (SHA-256)", "a setting alone changes nothing"

    made = rotation.renew_ledger_key(NOON + MINUTE)
    receipt = sealed_once(root, NOON + 2 * MINUTE)

    old, new = LedgerKey.objects.order_by("since")
    assert new == made and (old.signature, new.signature) == ("P-256 (SHA-256)", "SM2 (SM3)")
    assert checked(receipt).signers == {old.fingerprint, new.fingerprint} and checked(receipt).intact
    assert checked(receipt, keys=[old.fingerprint, new.fingerprint]).intact
    assert not checked(receipt, keys=[old.fingerprint]).intact
    assert check_ledger().findings == []
    told = AuditEntry.objects.get(action="system.renew_ledger_key")
    assert told.notes == {"signature": "SM2 (SM3)", "fingerprint": new.fingerprint}


def test_without_a_setting_a_new_key_is_for_the_signature_in_force(db, monkeypatch):
    assert ledger_keys.add(NOON).signature == "P-256 (SHA-256)"
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", "sm2")
    ledger_keys.add(NOON + MINUTE)
    monkeypatch.delenv("MINGQU_LEDGER_SIGNATURE")

    assert ledger_keys.add(NOON + 2 * MINUTE).signature == "SM2 (SM3)"


def test_a_signature_nobody_knows_is_refused_by_its_name(db, monkeypatch):
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", "sm9")

    with pytest.raises(SignatureUnknown, match="sm9"):
        ledger_keys.add(NOON)

    assert not LedgerKey.objects.exists()


@pytest.mark.parametrize("name", ["p256", "sm2"])
def test_of_a_key_that_is_not_believed_anyway_no_signature_is_looked_at(db, monkeypatch, name):
    monkeypatch.setenv("MINGQU_LEDGER_SIGNATURE", name)
    receipt = sealed_once(new_id())
    receipt["checkpoints"]["1"]["signature"] = "00"

    assert checked(receipt, checked=()).intact, "who asks so believes none of its signers"
    assert not checked(receipt, checked=receipt["keys"]).intact


def test_a_p256_signature_does_not_pass_for_one_of_sm2():
    scheme, other = signatures.scheme("p256"), signatures.scheme("sm2")
    (pem, private), (other_pem, _) = scheme.generate(), other.generate()

    assert signatures.holds(pem, scheme.sign(private, b"x"), b"x")
    assert not signatures.holds(other_pem, scheme.sign(private, b"x"), b"x")
