"""认领 on two connections: one gets the step, the other a sentence, as if they had come one after the other."""

from uuid import uuid4

from mingqu.cases import services
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_races as races
from mingqu.cases.tests.test_claiming import NOW, OTHER, colleague
from mingqu.cases.types import Finding, Handed
from mingqu.process import selectors as tasks


def _racing(w, monkeypatch, deeds):
    """Deeds of the reviewer's step, by whoever; the picture of a case also says whose the step is."""
    plain = races.picture

    def deed(act, by):
        def go(_w, case_id):
            known = next(t.task_id for t in tasks.all_tasks(case_id) if t.step == "check")
            return act(case_id=case_id, task_id=known, by=by, at=NOW, key=uuid4())

        return go

    for name, (act, by) in deeds.items():
        monkeypatch.setitem(races.COMMANDS, name, deed(act, by))
    monkeypatch.setattr(
        races,
        "picture",
        lambda case_id: (
            plain(case_id) | {"whose": sorted(str(t.claimed_by) for t in tasks.all_tasks(case_id))}
        ),
    )


def test_two_at_once_come_one_after_the_other(committed_db, monkeypatch):
    w = f.world()
    other = colleague(w)
    met, to = Finding("met"), Handed(OTHER, "出差")
    deeds = {
        "claim": (services.claim_step, w.reviewer),
        "colleague claims": (services.claim_step, other),
        "colleague completes": (lambda **given: services.complete_step(finding=met, **given), other),
        "colleague passes on": (lambda **given: services.pass_on(to=to, **given), other),
    }
    _racing(w, monkeypatch, deeds)
    for against in list(deeds)[1:]:
        raced = races.at_once(w, f.accepted_case, "claim", against)
        orders = [races.serially(w, f.accepted_case, "claim", against, o) for o in ((1, 2), (2, 1))]
        assert raced in orders, f"claim ∥ {against}"
        assert (
            None in raced[0].values() and len(set(raced[0].values())) == 2
        )  # one gets it, the other a sentence
