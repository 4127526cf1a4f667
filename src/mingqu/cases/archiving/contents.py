"""
What a package says of a case beside its papers: what was applied for, what officers found, who decided, how each paper
was served. Rows of tables that are never changed; nothing written after the day of archiving, so that the package made
again is the same.
"""

from collections.abc import Iterable
from typing import Any

from mingqu.cases import selectors
from mingqu.cases.arriving import selectors as arriving
from mingqu.cases.models import Case, CaseMaterial, Decision, Opinion, ServiceOfPaper
from mingqu.cases.types import RELATIONS
from mingqu.documents import selectors as documents
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import selectors as notifications


def record(case: Case) -> dict[str, list[dict[str, Any]]]:
    """For the archive alone, which holds the file: in the clear, as the papers are."""
    opinions = _in_time(case, Opinion.objects.filter(case=case).order_by("at", "id"))
    decisions = _in_time(case, Decision.objects.filter(case=case).order_by("at", "id"))
    names = identity.names_of(row.person_id for row in (*opinions, *decisions))
    return {
        "application": _application(case),
        **_on_paper(case),
        **_came(case),
        "opinions": [
            {
                "step": row.step_name,
                "finding": row.get_finding_display(),
                "text": row.text,
                "officers": _present(names.get(row.person_id, ""), row.second_officer),
                "at": row.at.isoformat(),
            }
            for row in opinions
        ],
        "decisions": [
            {
                "kind": row.get_kind_display(),
                "document_number": row.document_number,
                "reasons": row.reasons,
                # Nobody decided where the law did, by lapse of time (行政许可法 50).
                "decided_by": names.get(row.person_id, "") if row.post_id else "",
                "at": row.at.isoformat(),
            }
            for row in decisions
        ],
        "services": _services(case),
    }


def _application(case: Case) -> list[dict[str, str]]:
    """The form as it was answered, question by question."""
    definition = selectors.definition_of(case)
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    return [
        {"question": row.title, "answer": row.text}
        for row in forms.rows(schema, case.answers or {}, reveal=True)
    ]


def _on_paper(case: Case) -> dict[str, list[dict[str, Any]]]:
    """
    What a window had in hand and counted; nothing where nobody counted, so that packages of before that was asked are
    the same when they are made again.
    """
    counted = CaseMaterial.objects.filter(case=case, copies__gt=0).order_by("position")
    found = [{"material": one.name, "how": one.get_how_display(), "copies": one.copies} for one in counted]
    return {"on_paper": found} if found else {}


def _came(case: Case) -> dict[str, list[dict[str, Any]]]:
    """来件: what came while the flow waited for it; nothing where it waited for nothing, as above."""
    found = [
        {
            "awaited": one.name,
            "came_on": one.came_on.isoformat(),
            "text": one.text,
            "files": [name for _id, name in one.files],
        }
        | ({"brought_by": one.system} if one.system else {})
        for one in arriving.of_case(case)
    ]
    return {"arrivals": found} if found else {}


def _services(case: Case) -> list[dict[str, str]]:
    """送达回证 of each paper: of the notices, then of the decision."""
    notices = [
        row for row in notifications.services_of(case.pk).values() if row.at and _by_then(case, row.at)
    ]
    served = [
        _service(
            documents.title_of(row.paper),
            row.way_words,
            row.served_on.isoformat(),
            row.receiver,
            row.relation,
            row.proof,
        )
        for row in sorted(notices, key=lambda row: (row.served_on, str(row.paper_id)))
    ]
    return served + [
        _service(
            f"决定书（{case.get_outcome_display()}）" if case.outcome else "决定书",
            row.get_way_display(),
            row.served_on.isoformat(),
            row.receiver,
            row.receiver_relation,
            row.proof,
        )
        for row in _in_time(case, ServiceOfPaper.objects.filter(case=case).order_by("at", "id"))
    ]


def _service(*said: str) -> dict[str, str]:
    paper, way, served_on, receiver, relation, proof = said
    return {
        "paper": paper,
        "way": way,
        "served_on": served_on,
        "receiver": receiver,
        "relation": RELATIONS.get(relation, ""),
        "proof": proof,
    }


def of_bundle(case: Case) -> list[documents.DocumentView]:
    """
    The papers of its bundle (一件事), which are its papers too: receipt, merged notices, the record of a joint visit.
    """
    if case.bundle_id is None:
        return []
    made = documents.documents_of(case.bundle_id)
    return [one for one in made if one.state == "ready" and one.file_id and _by_then(case, one.requested_at)]


def _in_time(case: Case, rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if _by_then(case, row.at)]


def _by_then(case: Case, at: Instant) -> bool:
    assert case.archived_on is not None  # as its status says
    return legal_day(at) <= case.archived_on


def _present(*names: str) -> list[str]:
    return [name for name in names if name]
