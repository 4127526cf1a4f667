"""培训区域: who marks a region, what that covers, when it can't be changed any more, what the operator is told."""

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.config.commands.check import training_regions
from mingqu.identity.errors import NotAuthorised, RegionInUse, RegionMarked, UnknownRegion
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories
from mingqu.identity.tests.test_administration_pages import deed, officer, text_of
from mingqu.kernel import regions, training
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
DISTRICT, TOWN, CITY = "990104000000", "990104100000", "990100000000"


@pytest.fixture(autouse=True)
def _district(settings):
    regions.load_demo_district()


def mark(code: str = DISTRICT, *, on: bool = True, by: Actor = factories.SYSTEM) -> str:
    return mark_training(region_code=code, on=on, by=by, at=factories.NOON, key=new_id())


def test_the_mark_of_a_region_covers_all_below_it_and_nothing_above():
    mark()

    assert regions.is_training(DISTRICT)
    assert regions.is_training(TOWN)
    assert not regions.is_training(CITY)
    assert not regions.is_training("110101000000")
    assert not regions.is_training("")
    assert [region.code for region in training.marked()] == [DISTRICT]


def test_asking_again_costs_no_statement(django_assert_num_queries):
    mark()
    with django_assert_num_queries(1):
        regions.is_training(DISTRICT)
    with django_assert_num_queries(0):
        assert all(regions.is_training(TOWN) for _ in range(100))
    with django_assert_num_queries(1):
        assert regions.is_training(TOWN, now=True)


def test_a_mark_is_taken_away_where_nothing_was_done_and_both_deeds_are_in_the_ledger():
    mark()
    mark(on=False)

    assert not regions.is_training(DISTRICT)
    notes = (
        AuditEntry.objects.filter(action="system.mark_training")
        .order_by("seq")
        .values_list("notes", flat=True)
    )
    assert [(one["region"], one["training"]) for one in notes] == [(DISTRICT, True), (DISTRICT, False)]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("code", [CITY, DISTRICT])
def test_where_something_took_effect_the_mark_can_neither_be_set_nor_taken(monkeypatch, code, on):
    if not on:
        mark(code)
    used = {"there": lambda region: "那里已经有办件" if DISTRICT.startswith(region.rstrip("0")) else ""}
    monkeypatch.setattr(training, "_in_use", used)

    with pytest.raises(RegionInUse) as refused:
        mark(code, on=on)

    assert "那里已经有办件" in refused.value.message
    assert regions.is_training(DISTRICT, now=True) is not on


def test_an_unknown_region_and_a_mark_that_changes_nothing_are_refused():
    with pytest.raises(UnknownRegion):
        mark("990199000000")
    with pytest.raises(RegionMarked):
        mark(on=False)


@pytest.mark.parametrize("role", ["security_officer", "audit_officer", "catalogue_reviewer", "reviewer"])
def test_only_the_system_officer_marks(role):
    bureau = factories.department()
    post = factories.post(bureau, role)
    user = factories.staff_user("周敏", post)

    with pytest.raises(NotAuthorised):
        mark(by=Actor("staff", user.person_id, post_id=post, user_id=user.pk))

    assert officer(role).get(reverse("identity:mark_training")).status_code == 403


def test_the_pages_say_what_follows_and_list_what_is_marked():
    system = officer("system_officer")

    question, _done = deed(system, "mark_training", region_code="990104100")

    assert "禾塘镇" in text_of(question)
    assert "没有法律效力" in text_of(question)
    assert "禾塘镇" in text_of(system.get(reverse("identity:training_regions")))
    deed(system, "unmark_training", TOWN)
    assert not regions.is_training(TOWN)


def test_the_check_for_production_names_every_training_region():
    assert list(training_regions()) == []
    mark()

    (sentence,) = training_regions()

    assert "清禾区 (990104000000) is a training region" in sentence


def test_a_page_about_nothing_of_a_training_region_has_no_banner():
    mark(TOWN)
    assert "培训区域：" not in text_of(Client().get("/"))
