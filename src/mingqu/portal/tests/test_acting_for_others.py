"""A daughter applies for her mother, a handler for a firm: by the pages, with both names kept."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Case
from mingqu.cases.selectors import visible_cases
from mingqu.cases.tests import applying
from mingqu.forms.models import Draft
from mingqu.identity import selectors as identity
from mingqu.identity import services
from mingqu.identity.errors import OutsideAuthority
from mingqu.identity.models import Capacity, User
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.demo_people import DAUGHTER, FIRM, HANDLER, HEAD, MOTHER
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage


@pytest.fixture(autouse=True)
def _a_demo(settings):
    settings.MINGQU_DEMO = True


def browser(facts) -> tuple[Client, User]:
    """Somebody signed in, whose identity she verifies on the page."""
    user = services.open_account(phone=f.phone(), at=timezone.now())
    client = f.signed_in(Client(), user)
    given = {
        "name": facts.name,
        "citizen_number": facts.citizen_number,
        "valid_until": "长期" if facts.valid_until == "long" else facts.valid_until.replace("-", ""),
        "key": str(new_id()),
    }
    url = reverse("identity:real_name")
    assert client.post(url, given).status_code == 400  # no consent
    assert client.post(url, given | {"consent": "on"}).status_code == 302
    return client, user


def grant(client: Client, url: str, user: User, name: str, **more) -> Capacity:
    given = {"name": name, "phone": user.phone, "scope": "all", "days": "30", "key": str(new_id())}
    answer = client.post(url, given | more)
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())
    return Capacity.objects.get(pk=given["key"])


def accept(client: Client, capacity: Capacity) -> None:
    url = reverse("portal:capacity", args=[capacity.pk])
    assert "接受" in client.get(url).content.decode()
    answer = client.post(url, {"accept": "yes", "key": str(new_id())})
    assert answer.status_code == 302
    assert Capacity.objects.get(pk=capacity.pk).state == "active"


def switch(client: Client, capacity: Capacity | None) -> None:
    given = {"capacity": str(capacity.pk) if capacity else ""}
    assert client.post(reverse("portal:switch"), given).status_code == 302


def hand_in(client: Client, draft_id) -> Case:
    applying.filled(client, draft_id)
    answer = applying.hand_in(client, draft_id)
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())
    return Case.objects.get(pk=draft_id)


def actor_of(user: User, capacity: Capacity | None = None) -> Actor:
    held = identity.capacities_of(user.person_id, legal_day(timezone.now()))
    return identity.citizen_actor(user, "", held, str(capacity.pk) if capacity else "")[0]


def test_a_daughter_applies_for_her_mother_who_is_told_and_ends_it(w):
    mother, her = browser(MOTHER)
    daughter, user = browser(DAUGHTER)
    own_draft = applying.begun(mother)
    given = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)
    accept(daughter, given)
    assert "正在以本人的名义办事" in daughter.get("/").content.decode()

    switch(daughter, given)
    assert "正在以邱桂芬的名义办事" in daughter.get("/").content.decode()
    assert daughter.get(reverse("cases:draft", args=[own_draft])).status_code == 404
    for closed in (
        "identity:profile",
        "notifications:inbox",
        "certificates:wallet",
        "identity:close",
        "identity:own_copies",
        "voice:mine",
    ):
        assert daughter.get(reverse(closed)).status_code == 403, closed
    for shared in ("hall:mine", "payments:mine"):
        assert daughter.get(reverse(shared)).status_code == 200, shared
    case = hand_in(daughter, applying.begun(daughter))

    assert (case.applicant_id, case.capacity_id, case.firm_id) == (her.person_id, given.pk, None)
    entry = AuditEntry.objects.get(root_id=case.pk, action="case.file")
    assert (entry.actor_id, entry.notes["acting_for"]) == (user.person_id, str(her.person_id))
    for client in (daughter, mother):
        page = client.get(reverse("cases:progress", args=[case.number])).content.decode()
        assert "受托代办" in page and DAUGHTER.name in page
    while relay.round_once(timezone.now()):
        pass
    assert InboxMessage.objects.filter(person_id=her.person_id, kind="acted_for_you").count() == 1

    end = reverse("portal:capacity", args=[given.pk])
    assert mother.post(end, {"key": str(new_id())}).status_code == 302
    assert daughter.get(reverse("cases:progress", args=[case.number])).status_code == 404
    assert "正在以邱桂芬的名义办事" not in daughter.get("/").content.decode()
    assert daughter.get(end).status_code == 200
    assert "终止授权" not in daughter.get(end).content.decode()


def test_each_side_hears_of_the_offer_the_answer_and_the_end(db):
    mother, her = browser(MOTHER)
    daughter, user = browser(DAUGHTER)
    refused = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)
    page = reverse("portal:capacity", args=[refused.pk])
    assert daughter.post(page, {"accept": "no", "key": str(new_id())}).status_code == 302
    taken = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)
    accept(daughter, taken)
    ending = reverse("portal:capacity", args=[taken.pk])
    assert mother.post(ending, {"key": str(new_id())}).status_code == 302
    while relay.round_once(timezone.now()):
        pass

    def told(user: User) -> list[str]:
        return sorted(InboxMessage.objects.filter(person_id=user.person_id).values_list("kind", flat=True))

    assert told(user) == ["capacity_ended", "capacity_offered", "capacity_offered"]
    assert told(her) == ["capacity_accepted", "capacity_declined"]


def test_a_draft_begun_before_the_end_is_not_handed_in_after_it(w):
    mother, her = browser(MOTHER)
    daughter, user = browser(DAUGHTER)
    given = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)
    accept(daughter, given)
    switch(daughter, given)
    draft_id = applying.begun(daughter)
    mother.post(reverse("portal:capacity", args=[given.pk]), {"key": str(new_id())})

    assert daughter.get(reverse("cases:check", args=[draft_id])).status_code == 404
    assert Draft.objects.get(pk=draft_id).owner_id == her.person_id
    assert mother.get(reverse("cases:draft", args=[draft_id])).status_code == 200


def test_an_authority_for_other_matters_does_not_begin_this_one(w):
    mother, _her = browser(MOTHER)
    daughter, user = browser(DAUGHTER)
    given = grant(mother, reverse("portal:relative"), user, DAUGHTER.name, scope="kinds", kinds=["20"])
    accept(daughter, given)
    switch(daughter, given)

    begun = daughter.post(
        f"{applying.START}begin/",
        {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["hot"]},
    )

    assert begun.status_code == 403
    assert OutsideAuthority.sentence in begun.content.decode()


def test_who_is_not_known_yet_is_led_to_the_real_name_step_and_to_no_form_that_would_refuse(w):
    newcomer = services.open_account(phone=f.phone(), at=timezone.now())
    page = f.signed_in(Client(), newcomer).get(reverse("portal:acting")).content.decode()

    assert f"{reverse('identity:real_name')}?next={reverse('portal:acting')}" in page
    assert reverse("portal:relative") not in page and reverse("portal:acting_firm") not in page


def test_a_page_that_is_only_for_oneself_leads_back_to_oneself(w):
    mother, _her = browser(MOTHER)
    daughter, user = browser(DAUGHTER)
    given = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)
    accept(daughter, given)
    switch(daughter, given)

    refused = daughter.get(reverse("notifications:inbox"))

    assert refused.status_code == 403
    assert "换回本人" in refused.content.decode()


def test_matters_are_named_as_the_guide_names_them(w):
    mother, _her = browser(MOTHER)
    _daughter, user = browser(DAUGHTER)
    url = reverse("portal:relative")
    given = {"name": DAUGHTER.name, "phone": user.phone, "scope": "items", "days": "30", "key": str(new_id())}

    for wrong in ("", "没有的事"):
        assert mother.post(url, given | {"items": wrong}).status_code == 400
    assert mother.post(url, given | {"scope": "kinds"}).status_code == 400
    assert mother.post(url, given | {"items": "QH-SPJYXK"}).status_code == 302
    assert Capacity.objects.get(pk=given["key"]).items == ["QH-SPJYXK"]


def test_a_handler_files_for_the_firm_and_its_representative_sees_it(w):
    head, boss = browser(HEAD)
    handler, user = browser(HANDLER)
    answer = head.post(reverse("portal:acting_firm"), {"credit_code": FIRM, "key": str(new_id())})
    assert answer.status_code == 302
    own = Capacity.objects.get(agent_id=boss.person_id)
    url = reverse("portal:handler", args=[own.principal_id])
    assert handler.get(url).status_code == 404
    given = grant(head, url, user, HANDLER.name)
    accept(handler, given)
    switch(handler, given)
    case = hand_in(handler, applying.begun(handler, subject="firm"))

    assert (case.applicant_id, case.firm_id, case.capacity_id) == (user.person_id, own.principal_id, given.pk)
    assert case.party_name == "澜州市青澜文具有限公司"
    progress = reverse("cases:progress", args=[case.number])
    as_himself = head.get(progress)  # not his own, but he may say in whose name
    assert (as_himself.status_code, "switch_first" in as_himself.content.decode()) == (403, True)
    switch(head, own)
    assert case.number in head.get("/my/?show=all").content.decode()
    assert "经办人" in head.get(progress).content.decode()

    # The same rule as filter and as check, in every capacity.
    other = Case.objects.get(pk=case.pk)
    assert visible_cases(actor_of(user, given)).filter(pk=case.pk).exists()
    assert visible_cases(actor_of(boss, own)).filter(pk=case.pk).exists()
    assert not visible_cases(actor_of(boss)).filter(pk=case.pk).exists()
    assert visible_cases(actor_of(user)).filter(pk=case.pk).exists()
    head.post(reverse("portal:capacity", args=[given.pk]), {"key": str(new_id())})
    assert not visible_cases(actor_of(user)).filter(pk=other.pk).exists()
    assert handler.get(progress).status_code == 404


def test_strangers_find_no_authority_of_others(w):
    mother, _her = browser(MOTHER)
    _daughter, user = browser(DAUGHTER)
    stranger, _nobody = browser(HANDLER)
    given = grant(mother, reverse("portal:relative"), user, DAUGHTER.name)

    assert stranger.get(reverse("portal:capacity", args=[given.pk])).status_code == 404
    assert stranger.post(reverse("portal:switch"), {"capacity": str(given.pk)}).status_code == 302
    assert stranger.session["acting"] == ""
