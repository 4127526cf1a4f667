"""联合踏勘: each deed against each state of the shared record, cell by cell of docs/process-human-steps.md, on rows."""

from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from tests.architecture.house import ROOT

from mingqu.cases import services as cases
from mingqu.cases.bundles import shared_errors as no
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import looking_together as t
from mingqu.cases.bundles.tests import test_one_date_for_visits as v
from mingqu.kernel.errors import DomainError

pytestmark = pytest.mark.django_db


def table() -> tuple[list[str], dict[str, list[str]]]:
    lines = (ROOT / "docs/process-human-steps.md").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| the record is"))
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[start:]]
    end = next(n for n, row in enumerate(rows) if len(row) < 3)
    return rows[0][1:], {row[0]: row[1:] for row in rows[2:end]}


DEEDS, CELLS = table()


def the_one(joint):
    """The finding that was written, or one that never was."""
    return next((one.id for one in t.standing(joint)), uuid4())


def withdrawn(w, bundle):
    cases.withdraw_case(case_id=b.part(bundle, "fire").case_id, by=w.citizen, at=t.THERE, key=uuid4())
    b.settle(t.THERE)


DO = {
    "food writes another": lambda w, d, j: t.write(w, j, "food", t.GATE),
    "fire writes the same": lambda w, d, j: t.write(w, j, "fire"),
    "fire corrects it": lambda w, d, j: t.correct(w, j, "fire", the_one(j)),
    "food takes it out": lambda w, d, j: t.remove(w, j, "food", the_one(j)),
    "food signs": lambda w, d, j: t.sign(w, j, "food"),
    "fire signs": lambda w, d, j: t.sign(w, j, "fire"),
    "food closes": lambda w, d, j: t.close(w, j),
    "fire is taken out": lambda w, d, j: t.drop(w, d, "fire"),
    "fire is added": lambda w, d, j: t.add(w, d, "fire"),
    "food records its visit": lambda w, d, j: t.record(w, d, "food", used=[one.id for one in t.standing(j)]),
    "fire adopts": lambda w, d, j: t.record(w, d, "fire", adopted="当天出警"),
    "fire moves its visit": lambda w, d, j: t.move(w, d, "fire"),
    "fire is withdrawn": lambda w, d, j: withdrawn(w, d),
}
READY = {
    "empty": lambda w, d, j: None,
    "one thing written": lambda w, d, j: t.write(w, j, "food"),
    "food signed": lambda w, d, j: (t.write(w, j, "food"), t.sign(w, j, "food")),
    "all signed": lambda w, d, j: (t.write(w, j, "food"), [t.sign(w, j, part) for part in v.PARTS]),
    "closed, all came": lambda w, d, j: t.closed(w, j),
    "closed, fire missed it": lambda w, d, j: t.closed(w, j, ("food", "sign")),
    "fire taken out": lambda w, d, j: (t.write(w, j, "food"), t.drop(w, d, "fire")),
}


REFUSED = {
    "shared_finding_changed": no.FindingChanged,
    "shared_finding_written": no.FindingWritten,
    "shared_findings_none": no.NothingFound,
    "joint_record_unsigned": no.RecordUnsigned,
    "joint_record_closed": no.RecordClosed,
    "joint_record_not_adoptable": no.NothingToAdopt,
    "joint_visit_not_sharing": no.NotSharing,
    "joint_visitor_known": no.VisitorKnown,
    "joint_visitor_signed": no.VisitorSigned,
}


class Undone(Exception):
    pass


def test_the_table_knows_every_deed_and_every_state():
    assert set(DEEDS) == set(DO) and set(CELLS) == set(READY)
    named = {cell for row in CELLS.values() for cell in row if cell.startswith(("shared_", "joint_"))}
    assert named == {kind.code for kind in REFUSED.values()} == set(REFUSED)


def test_each_deed_meets_the_record_as_the_table_says():
    w = v.world()
    bundle, joint = t.agreed(w)
    found = {}
    for state, ready in READY.items():
        for deed in DEEDS:
            with suppress(Undone), transaction.atomic():
                ready(w, bundle, joint)
                try:
                    with transaction.atomic():
                        DO[deed](w, bundle, joint)
                    found[state, deed] = t.as_the_table_says(joint)
                except DomainError as refused:
                    found[state, deed] = refused.code
                raise Undone
            joint.refresh_from_db()

    said = {
        (state, deed): cell for state, row in CELLS.items() for deed, cell in zip(DEEDS, row, strict=True)
    }
    assert found == said
