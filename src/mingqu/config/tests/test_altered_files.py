"""A page whose script, style or picture somebody changed on the disk is found by `mingqu check` (SEC-02)."""

import gzip
import hashlib
import json

import pytest

from mingqu.config.commands.check import altered_files

CONTENT = b"document.title = 1;"


@pytest.fixture
def root(tmp_path):
    name = f"ui/page.{hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()[:12]}.js"
    (tmp_path / "ui").mkdir()
    (tmp_path / name).write_bytes(CONTENT)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(CONTENT))
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": {"ui/page.js": name}}))
    return tmp_path


def file_of(root, end):
    return next(path for path in (root / "ui").iterdir() if path.name.endswith(end))


def test_files_as_they_were_collected_are_in_order(root):
    assert list(altered_files(root)) == []


@pytest.mark.parametrize("end", [".js", ".js.gz"])
def test_a_changed_file_is_named_and_so_is_its_changed_compressed_twin(root, end):
    path = file_of(root, end)
    path.write_bytes(gzip.compress(b"evil()") if end.endswith(".gz") else CONTENT + b"evil()")

    (found,) = altered_files(root)
    assert path.name in found and "was altered" in found


def test_a_twin_that_is_cut_off_and_a_missing_file_are_named(root):
    twin = file_of(root, ".gz")
    twin.write_bytes(twin.read_bytes()[:10])
    file_of(root, ".js").unlink()

    assert ["altered" in one or "missing" in one for one in altered_files(root)] == [True, True]
