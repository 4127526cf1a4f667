"""The audit ledger is kept for at least six months, and `mingqu check --production` says so."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder

from mingqu.config.commands.check import cut_ledger, unsafe_ledger
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

MONTHS = "MINGQU_LEDGER_MONTHS"


@pytest.mark.parametrize("given", ["5", "0", "-6", "six", "6.5"])
def test_fewer_than_six_months_is_unsafe(given):
    (said,) = unsafe_ledger({MONTHS: given})

    assert MONTHS in said and "at least 6" in said


@pytest.mark.parametrize("given", ["", "6", "36"])
def test_six_months_and_more_are_fine(given):
    assert list(unsafe_ledger({MONTHS: given})) == []


@pytest.mark.django_db
def test_entries_that_are_gone_too_early_are_missed():
    first = MigrationRecorder.Migration.objects.order_by("applied").values_list("applied", flat=True)[0]
    young, old = first + timedelta(days=100), first + timedelta(days=400)
    assert list(cut_ledger({}, young)) == [], "the installation is younger than that"

    (said,) = cut_ledger({}, old)
    assert "has no entry from before" in said

    with command(
        "test.deed", new_id(), by=Actor.system("test"), at=old - timedelta(days=200), key=new_id()
    ) as cmd:
        cmd.done(None)
    assert list(cut_ledger({}, old)) == []
    assert len(list(cut_ledger({MONTHS: "12"}, old))) == 1
