"""`mingqu export`: what is published leaves the house as files that can be read without it."""

import hashlib
import json

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue import files
from mingqu.catalogue.models import ServiceItem
from mingqu.config.keeping import export
from mingqu.kernel import training

pytestmark = pytest.mark.django_db


def test_what_is_published_is_written_once_with_its_digest_and_reads_back_as_it_was(tmp_path):
    f.world()
    folder = tmp_path / "out"

    many = export.export(folder)

    manifest = json.loads((folder / export.MANIFEST).read_text("utf-8"))
    assert len(manifest["sha256"]) == many > 1
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for item in ServiceItem.objects.select_related("current"):
        written = folder / "definitions" / f"{item.code}.yaml"
        assert files.read_document(written.read_bytes()) == item.current.document
    assert "部门代码" in (folder / "departments.csv").read_text("utf-8-sig")
    with pytest.raises(export.NotEmpty):
        export.export(folder)


def test_what_is_for_training_stays_here(tmp_path, monkeypatch):
    f.world()
    monkeypatch.setattr(training, "is_training", lambda code, now=False: True)

    export.export(tmp_path)

    assert not (tmp_path / "definitions").exists()
