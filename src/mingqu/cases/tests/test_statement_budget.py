"""Each command of a case keeps to its number of statements; `make bench` tells what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingqu.cases import services
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import NO_COMMANDS, officers, publish
from mingqu.cases.tests.every_inside_command import EVERY

pytestmark = pytest.mark.django_db
MOST = {
    "file_case": 9,
    "file_at_window": 10,
    "accept_case": 8,
    "deem_accepted": 8,
    "renew_query_code": 4,
    "ask_correction": 9,
    "supplement_case": 11,
    "refuse_acceptance": 7,
    "complete_step": 7,
    "complete_step: the last": 8,
    "complete_step: 审核": 8,
    "return_inside": 10,
    "claim_step": 5,
    "release_step": 5,
    "pass_on": 9,
    "change_signers": 9,
    "hold_step": 7,
    "take_back": 11,
    "decide_case": 10,
    "settle_on_spot": 11,
    "deliver_case": 10,  # by a clerk to who agreed to electronic service: off the list; no announcement goes on
    "archive_case": 5,
    "withdraw_case": 10,
    "terminate_case": 11,
    "pause_case": 8,
    "resume_case": 7,  # the days of its open steps; one more where they are later
    "expect_later": 5,
    "tell_it_lasts": 5,
    "extend_case": 10,
    "choose_delivery": 4,
    "mark_material": 6,
    "keep_phrases": 3,
    "reveal_applicant": 5,
    "retry_paper": 4,
    "bring_owed": 10,
    "tell_about_owed": 6,
    "plan_after_checks": 5,
    "check_commitment": 5,
    "plan_visit": 10,
    "move_visit": 10,
    "ask_new_date": 5,
    "save_visit": 6,
    "add_visit_photos": 7,
    "remove_visit_photo": 6,
    "record_visit": 12,
    "ask_void": 6,
    "mend_entry": 7,
    "answer_change": 10,
    "decide_with": 11,
    "decide_with: outside": 6,
    "answer_discretion": 12,
    "pass_discretion": 8,
    "recuse": 8,
    "exclude": 10,
    "decide_recusal": 6,
    "reassign": 11,
    "consult": 11,
    "note_arrival": 7,
    "answer_consultation": 5,
    "end_consultation": 5,
    "watch_consultation": 6,
    "deem_renewed": 12,
}
BAR = 12  # of the issue, for every command


def statements(deed, w, it) -> int:
    with CaptureQueriesContext(connection) as seen:
        deed.act(w, it)
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])  # the test's own transaction


def test_every_command_keeps_to_its_number_of_statements():
    w, published, found = officers(f.world()), None, {}
    for name, deed in sorted(EVERY.items(), key=lambda one: str(one[1].document)):
        if deed.document is not published:
            publish(deed.document)
            published = deed.document
        deed.act(w, deed.ready(w))  # plans, definitions and calendar are in memory after that
        found[name] = statements(deed, w, deed.ready(w))

    assert found == MOST
    assert max(MOST.values()) <= BAR


def test_a_second_word_costs_the_same_in_an_organ_of_many_posts():
    w, deed = officers(f.world()), EVERY["pass_discretion"]
    publish(deed.document)
    found = []
    for more in (0, 5):
        for _ in range(more):
            asking.head_of(w)
        deed.act(w, deed.ready(w))
        found.append(statements(deed, w, deed.ready(w)))

    assert found == [MOST["pass_discretion"]] * 2


def test_no_command_is_forgotten():
    assert {name.partition(":")[0] for name in EVERY} == set(services.__all__) - NO_COMMANDS
