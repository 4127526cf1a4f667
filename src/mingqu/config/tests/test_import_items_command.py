"""`mingqu import items`: what it prints and how it ends."""

import argparse

import pytest

from mingqu.catalogue.imports.tests.counting import FILES
from mingqu.catalogue.models import ImportBatch
from mingqu.config.commands import import_items
from mingqu.kernel import regions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The database of the test is the installation's."""
    from contextlib import nullcontext

    monkeypatch.setattr(import_items, "django_for", lambda what: nullcontext())
    regions.load_demo_district()


def run(name="own_items.csv", mapping="own_items", region="990104", **more):
    given = {"defaults": False, "report": None} | more
    return import_items.run(argparse.Namespace(file=FILES / name, mapping=mapping, region=region, **given))


def test_a_file_is_read_and_summed_up_and_the_report_has_every_row(capsys, tmp_path):
    report = tmp_path / "rows.xlsx"

    assert run(report=report) == 1, "two rows can't be brought in"
    said = capsys.readouterr().out
    assert "6行" in said and "不能导入：2" in said and "没有咨询电话" in said and "清禾区水务局" in said
    assert report.read_bytes()[:2] == b"PK"
    assert run() == 1
    assert "没有改动" in capsys.readouterr().out and ImportBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"mapping": "none"}, "import_mapping_unknown"),
        ({"region": "990199"}, "import_region_unknown"),
        ({"region": "x"}, "region_code"),
        ({"defaults": True}, "import_defaults_not_here"),
        ({"name": "missing.csv"}, "文件打不开"),
        ({"mapping": "jiangbei_enterprise"}, "不是UTF-8|断在中间"),
    ],
)
def test_what_is_refused_ends_with_two_and_a_sentence(given, says, capsys):
    import re

    assert run(**given) == 2
    assert re.search(says, capsys.readouterr().err)
