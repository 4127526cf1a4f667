"""
That no command of a case is left out of the races, and those that no other race has: each meets what touches the same
rows, on two connections, and it ends as in one of the two orders.
"""

import re
from pathlib import Path

import pytest

from mingqu.cases import services
from mingqu.cases.models import Case, Consultation
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_races as races
from mingqu.cases.tests.every_command import NO_COMMANDS
from mingqu.cases.tests.every_inside_command import EVERY
from mingqu.documents.models import DocumentRequest

HERE = Path(__file__).parent
# Commands whose race stands beside the rest of what they do.
ELSEWHERE = {
    "test_discretion.py": {"answer_discretion", "decide_with", "pass_discretion"},
    "test_gaps.py": {"tell_about_owed"},
    "test_standing_aside.py": {"decide_recusal", "exclude", "reassign", "recuse"},
    "test_what_a_window_changes.py": {"answer_change", "ask_void", "mend_entry"},
}
# Not raced: what one person keeps for herself; what is looked at, not done.
ALONE = {"keep_phrases"}
ITSELF = "itself"
# Each beside whom: itself again, another command that is ready on the same thing, or one of the plain races.
PARTNERS = {
    "consult": (ITSELF, "withdraw"),
    "answer_consultation": (ITSELF, "end_consultation"),
    "end_consultation": (ITSELF,),
    "watch_consultation": ("answer_consultation",),
    "take_back": (ITSELF, "terminate"),
    "release_step": (ITSELF, "check"),
    "change_signers": (ITSELF,),
    "hold_step": ("check",),
    "mark_material": (ITSELF,),
    "reveal_applicant": (ITSELF,),
    "retry_paper": (ITSELF,),
    "renew_query_code": (ITSELF, "withdraw"),
    "expect_later": (ITSELF, "resume"),
    "tell_it_lasts": (ITSELF, "expect_later"),
    "note_arrival": (ITSELF, "withdraw", "check"),  # last: its flow is in force from then on
}
PLAIN = ("withdraw", "terminate", "pause", "extend", "check", "return_inside", "grant")


def case_of(it) -> Case:
    it = it[0] if isinstance(it, tuple) else it
    if isinstance(it, Case):
        return it
    return Case.objects.get(pk=getattr(it, "case_id", None) or it.root_id)


@pytest.fixture
def racing(committed_db, monkeypatch):
    """Races one deed of the table against another of the same readiness, or a plain one."""
    known, plain = {}, races.picture

    def picture(case_id):
        asked = Consultation.objects.filter(case=case_id).values_list("post", "state", "outcome")
        papers = DocumentRequest.objects.filter(root_id=case_id).values_list("kind", "state")
        return plain(case_id) | {"asked": sorted(map(str, asked)), "requests": sorted(papers)}

    def race(w, one, other):
        def make(w):
            it = EVERY[one].ready(w)
            case = case_of(it)
            known[case.pk] = it
            return case

        for name in {one, other} & set(PARTNERS):
            act = EVERY[name].act
            monkeypatch.setitem(races.COMMANDS, name, lambda w, c, act=act: act(w, known[c]))
        raced = races.at_once(w, make, one, other)
        orders = (races.serially(w, make, one, other, order) for order in ((1, 2), (2, 1)))
        assert raced in orders, f"{one} ∥ {other}"

    monkeypatch.setattr(races, "picture", picture)
    return race


def test_what_no_other_race_has_ends_as_in_one_of_the_two_orders(racing):
    w = f.world()
    for one, others in PARTNERS.items():
        for other in others:
            racing(w, one, one if other is ITSELF else other)


@pytest.mark.long
@pytest.mark.parametrize("one", PARTNERS)
def test_what_no_other_race_has_meets_all_that_ends_stops_or_moves_a_case(racing, one):
    w = f.world()
    for other in dict.fromkeys([one, *PLAIN]):
        racing(w, one, other)


def test_no_command_is_left_out_of_the_races():
    """As `test_statement_budget.test_no_command_is_forgotten`: a new command is raced before it is used."""
    plain = "".join(
        path.read_text() for path in HERE.glob("test_*race*.py") if path.name != Path(__file__).name
    )
    raced = set(re.findall(r"services\.(\w+)", plain)) & set(services.__all__)
    for name, commands in ELSEWHERE.items():
        text = (HERE / name).read_text()
        assert re.search(r"at_once|Barrier", text), name
        assert all(re.search(rf"\b{one}\b", text) for one in commands), name
        raced |= commands
    assert "t.file_it(" in (HERE / "test_window_races.py").read_text()  # file_at_window, by its helper
    commands = set(services.__all__) - NO_COMMANDS
    assert commands - raced - set(PARTNERS) == {*ALONE, "file_at_window"}
