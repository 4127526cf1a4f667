"""The ledger can be checked offline, and any change of it is found."""

import copy
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.kernel import audit, ledger, receipts
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import CheckpointLeaf, UnsealedEntry
from mingqu.kernel.tests.test_commands import NOON, open_thing

links = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


@given(links, st.data())
def test_every_leaf_has_a_path_to_the_root_and_no_other_leaf_fits_it(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = audit.merkle_path(leaves, index)

    assert audit.root_from_path(leaves[index], path) == audit.merkle_root(leaves)
    assert audit.root_from_path(bytes(32) + leaves[index], path) != audit.merkle_root(leaves)


@pytest.fixture
def receipt(db, tmp_path):
    root = new_id()
    for _ in range(3):
        open_thing(root, uuid4())
    open_thing(new_id(), uuid4())
    ledger.seal(NOON)
    open_thing(root, uuid4())
    ledger.seal(NOON + timedelta(seconds=30))
    return ledger.receipt(root)


def check(receipt, tmp_path, **options):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), "utf-8")
    return receipts.verify_file(file, **options)


def test_a_receipt_is_found_intact_offline(receipt, tmp_path):
    report = check(receipt, tmp_path)

    assert report.intact, report.findings
    assert len(receipt["entries"]) == 4
    assert not UnsealedEntry.objects.exists()


def test_a_receipt_before_sealing_says_so(db, tmp_path):
    root = new_id()
    open_thing(root, uuid4())

    report = check(ledger.receipt(root), tmp_path)

    assert report.intact
    assert "1条尚未封存" in report.summary


def altered(receipt, change):
    other = copy.deepcopy(receipt)
    change(other)
    return other


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["entries"][1]["body"].update(action="case.refuse"),
        lambda r: r["entries"][1]["notes"].update(number=99),
        lambda r: r["entries"].pop(1),
        lambda r: r["entries"].insert(1, r["entries"][0]),
        lambda r: r["checkpoints"]["1"].update(size=9),
        lambda r: r["checkpoints"]["1"].update(at=datetime(2020, 1, 1, tzinfo=UTC).isoformat()),
        lambda r: r["seals"]["1"].update(path=[]),
        lambda r: r["entries"].clear(),
        lambda r: r.pop("keys"),
        lambda r: r.update(format="other"),
    ],
)
def test_an_altered_receipt_is_found(receipt, tmp_path, change):
    assert not check(altered(receipt, change), tmp_path).intact


def test_a_receipt_signed_by_another_installation_is_found_by_its_fingerprint(receipt, tmp_path):
    own = next(iter(receipt["keys"]))

    assert check(receipt, tmp_path, keys=[own]).intact
    assert not check(receipt, tmp_path, keys=["00" * 32]).intact


def test_sealing_is_complete_and_each_entry_sealed_once(db):
    for _ in range(5):
        open_thing(new_id(), uuid4())

    assert ledger.seal(NOON, limit=3).size == 3
    assert ledger.seal(NOON, limit=3).size == 2
    assert ledger.seal(NOON) is None
    assert CheckpointLeaf.objects.count() == 5


def test_a_file_that_is_no_receipt_is_answered_in_words(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(b"\xff\xfe")

    assert not receipts.verify_file(file).intact
    assert not receipts.verify_file(tmp_path / "absent").intact


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.update(entries=7),
        lambda r: r.update(entries=[1]),
        lambda r: r.update(entries={"0": {}}),
        lambda r: r.update(seals=[]),
        lambda r: r.update(checkpoints=None),
        lambda r: r.update(keys=dict.fromkeys(r["keys"], 5)),
        lambda r: r.update(keys=dict.fromkeys(r["keys"], "-----BEGIN PUBLIC KEY-----")),
        lambda r: r["checkpoints"]["1"].update(number="x" * 9, signature="zz"),
        lambda r: r["seals"]["1"].update(path=[[1, 2, 3]]),
        lambda r: r["entries"][0].update(notes=[]),
        lambda r: r["entries"][0]["body"].update(seq=10**400),
    ],
)
def test_whatever_stands_in_a_file_is_answered_in_words(receipt, change):
    report = receipts.verify(json.dumps(altered(receipt, change)).encode())

    assert not report.intact
    assert report.summary


@pytest.mark.parametrize("data", [b"", b"[" * 200_000, b"\x00" * 9, b'{"format": NaN}', b"1e999999"])
def test_bytes_that_are_no_receipt_are_answered_in_words(data):
    assert not receipts.verify(data).intact


def test_the_report_says_how_much_no_signature_stands_behind(receipt):
    open_ended = altered(receipt, lambda r: r["seals"].pop("4"))

    assert (receipts.verify(json.dumps(receipt).encode()).unsealed) == 0
    report = receipts.verify(json.dumps(open_ended).encode())
    assert (report.entries, report.unsealed) == (4, 1)
