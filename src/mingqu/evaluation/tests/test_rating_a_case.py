"""A case is rated once, by its applicant, when there is an outcome; the rater stays hidden."""

import threading
from dataclasses import fields
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, ProgrammingError

from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as f
from mingqu.evaluation import rules, selectors
from mingqu.evaluation.errors import (
    AlreadyRated,
    LevelUnknown,
    OutsideScope,
    ReasonUnknown,
    TextTooLong,
)
from mingqu.evaluation.models import Rating
from mingqu.evaluation.tests.factories import NOON, delivered_case, not_accepted_case, rate, withdrawn_case
from mingqu.evaluation.types import RatingView
from mingqu.identity.tests import factories as people
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry, OutboxEvent


@pytest.fixture
def w(db):
    return f.world()


@pytest.mark.parametrize("make", [f.decided_case, delivered_case, not_accepted_case, withdrawn_case])
def test_whoever_has_an_outcome_may_rate_it(w, make):
    case = make(w)

    result = rate(w, case, 2, reasons=["speed"], text="等了很久")

    assert (result.level, result.rated_on) == (2, date(2026, 9, 18))
    rating = selectors.rating_of(w.citizen, case.pk)
    assert (rating.level_words, rating.bad, rating.reasons) == ("不满意", True, ("办事效率",))
    assert rating.text == "等了很久"
    assert selectors.rated([case.pk, uuid4()]) == {case.pk}


@pytest.mark.parametrize("make", [f.received_case, f.correction_case, f.accepted_case])
def test_what_has_no_outcome_yet_is_rated_as_a_filing(w, make):
    rate(w, make(w))

    assert Rating.objects.get().contact == "filing"


def test_a_kind_of_item_outside_the_scope_is_refused(w, monkeypatch):
    case = withdrawn_case(w)
    monkeypatch.setattr(rules, "RATEABLE_TYPES", frozenset({"20"}))

    with pytest.raises(OutsideScope):
        rate(w, case)
    assert not selectors.may_be_rated(case.status, case.item_type)


def test_the_second_rating_is_refused_and_the_first_stays(w):
    case = withdrawn_case(w)
    rate(w, case, 1)

    with pytest.raises(AlreadyRated):
        rate(w, case, 5)

    assert selectors.rating_of(w.citizen, case.pk).level == 1


def test_the_same_key_again_gives_the_first_answer_and_one_entry(w):
    case, key = withdrawn_case(w), uuid4()

    assert rate(w, case, 4, key=key) == rate(w, case, 1, key=key)

    assert Rating.objects.get().level == 4
    assert AuditEntry.objects.filter(root_id=case.pk, action="evaluation.rate").count() == 1
    assert OutboxEvent.objects.filter(root_id=case.pk, name="evaluation.rated").count() == 1


def test_nobody_rates_the_case_of_another(w):
    case = withdrawn_case(w)
    _, stranger = people.citizen("李四")

    for actor in (stranger, w.clerk, w.leader, f.SYSTEM):
        with pytest.raises(CaseUnknown):
            rate(w, case, by=actor)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"level": 0}, LevelUnknown),
        ({"level": 6}, LevelUnknown),
        ({"level": 1, "reasons": ["weather"]}, ReasonUnknown),
        ({"level": 1, "text": "长" * 501}, TextTooLong),
    ],
)
def test_what_the_question_does_not_know_is_refused(w, given, refusal):
    case = withdrawn_case(w)

    with pytest.raises(refusal):
        rate(w, case, **given)

    assert not Rating.objects.exists()


def test_neither_reasons_nor_words_are_asked_of_a_bad_rating(w):
    rate(w, withdrawn_case(w), 1)

    assert Rating.objects.get().reasons == []


def test_each_rating_keeps_the_version_of_the_words_it_answered(w):
    rate(w, withdrawn_case(w))

    assert Rating.objects.get().indicator_version == selectors.indicators().version


def test_the_levels_of_the_code_list_are_the_levels_of_the_rules():
    assert tuple(int(value.code) for value in code_list("rating_level")) == rules.LEVELS
    assert [level for level in rules.LEVELS if selectors.is_bad(level)] == [2, 1]


def test_the_words_are_encrypted_at_rest_and_nowhere_in_events_ledger_or_results(w):
    case = withdrawn_case(w)
    rate(w, case, 1, text="窗口的人让我白跑三趟")

    found = {}
    with connection.cursor() as cursor:
        for table in ("evaluation_rating", "kernel_auditentry", "kernel_outboxevent", "kernel_commandrecord"):
            cursor.execute(f"SELECT t::text FROM {table} t WHERE root_id = %s", [case.pk])
            found[table] = "\n".join(row[0] for row in cursor.fetchall())

    assert all(found.values())
    for text in found.values():
        assert "白跑三趟" not in text
        assert "窗口的人让我白跑三趟".encode().hex() not in text
    (entry,) = AuditEntry.objects.filter(root_id=case.pk, action="evaluation.rate")
    assert set(entry.notes) == {"indicator_version"}, "officers read the history of a case"


def test_neither_rating_nor_event_names_the_rater(w):
    case = withdrawn_case(w)
    rate(w, case)
    event = OutboxEvent.objects.get(root_id=case.pk, name="evaluation.rated")

    assert str(w.citizen.id) not in str(event.payload)
    assert not {"applicant_id", "rater_id", "person_id"} & {field.name for field in Rating._meta.fields}
    assert not {"root_id", "case_id"} & {field.name for field in fields(RatingView)}


@pytest.mark.django_db(transaction=False)
def test_the_program_can_not_change_or_delete_a_rating(w):
    rate(w, withdrawn_case(w))

    for statement in ("UPDATE evaluation_rating SET level = 5", "DELETE FROM evaluation_rating"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_itself_refuses_a_second_row(w):
    rate(w, withdrawn_case(w))
    row = Rating.objects.get()

    row.pk = (row.root_id, uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_of_two_ratings_at_the_same_instant_one_counts(committed_db):
    w = f.world()
    case = withdrawn_case(w)
    start, answers = threading.Barrier(2), []

    def run(level):
        try:
            start.wait()
            answers.append(rate(w, case, level, at=NOON).level)
        except DomainError as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(level,)) for level in (1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = Rating.objects.get().level
    assert sorted(answers, key=str) == sorted([kept, "already_rated"], key=str)
