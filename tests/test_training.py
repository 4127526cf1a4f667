"""培训区域: every page about something of a marked region says so, and no page of any other does."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.models import Case
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.certificates.models import Certificate
from mingqu.documents.models import DocumentRequest
from mingqu.evaluation.tests.factories import delivered_case
from mingqu.identity.errors import DomainError, RegionInUse
from mingqu.identity.models import User
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay, training
from mingqu.kernel.ids import new_id
from mingqu.kernel.models_regions import Region
from mingqu.kernel.regions import load_demo_district
from mingqu.notifications.models import InboxMessage
from tests.pages import PAGES

BANNER = "培训区域：内容未经确认，办理没有法律效力"
# Pages about people, accounts and the platform; the inbox, whose messages lead to the case; what finds by a number.
ABOUT_NO_REGION = re.compile(
    r"(identity|ui|notifications|law|linting):|demo_codes|portal:(ledger|list)|cases:(query|resume)"
    r"|certificates:(verify|imports?_?\w*)$|workbench:(audit\w*|health|search|window|seals)$"
    r"|portal:(code|kiosk|programs)|catalogue:(search_|sayings|edition|list|import)"
    # Training regions are nobody's figures.
    r"|portal:(depth|efficiency)|workbench:figures|evaluation:tally|assist:figures"
    r"|portal:(acting\w*|relative|handler|capacity)$"  # who may act for whom
    r"|evaluation:rate_by_code|assist:look|cases:phone_(code|send)$"  # a code or a number is typed
    r"|payments:double_bank|exchange:double|hall:double_courier"  # the demo's other side
)


@pytest.fixture
def world(db):
    load_demo_district()
    return f.world()


def mark():
    mark_training(region_code=people.REGION, on=True, by=people.SYSTEM, at=people.NOON, key=new_id())


def looks(world, case):
    citizen = people.signed_in(Client(), User.objects.get(pk=world.citizen.user_id))
    reviewer = people.signed_in(Client(), User.objects.get(pk=world.reviewer.user_id))
    pages = [
        (Client(), reverse("portal:guide", args=["QH-SPJYXK"])),
        (Client(), reverse("portal:services")),
        (Client(), reverse("cases:start", args=["QH-SPJYXK"])),
        (citizen, reverse("cases:progress", args=[case.number])),
        (reviewer, reverse("workbench:case", args=[case.number])),
    ]
    if case.certificate_id:
        code = Certificate.objects.get(pk=case.certificate_id).verification_code
        pages.append((Client(), reverse("certificates:verify_code", args=[code])))
    return {address: BANNER in client.get(address).content.decode() for client, address in pages}


def test_guide_list_application_case_certificate_and_paper_of_a_training_region_say_so(world):
    mark()
    case = delivered_case(world)
    issue_certificate(case_id=case.pk, at=people.NOON)
    case = Case.objects.get(pk=case.pk)

    assert [address for address, said in looks(world, case).items() if not said] == []
    papers = DocumentRequest.objects.filter(root_id__in=[case.pk, case.certificate_id])
    assert papers.count() > 2
    code = Certificate.objects.get(pk=case.certificate_id).verification_code
    verified = Client().get(reverse("certificates:verify_code", args=[code])).content.decode()
    assert "培训样本 无法律效力" in verified
    assert "<h1>培训样本，无法律效力</h1>" in verified and "这个证照有效" not in verified
    while relay.round_once(timezone.now()):
        pass
    assert all("【培训】" in title for title in InboxMessage.objects.values_list("title", flat=True))
    assert all(paper.data["training"] for paper in papers)


@pytest.mark.parametrize("ask", [{}, {"q": "食品经营许可"}])
def test_nobody_is_shown_services_for_training_who_does_not_ask_for_their_region(world, settings, ask):
    mark()
    settings.MINGQU_SITE = settings.MINGQU_SITE | {"region_code": "110101000000"}
    guide = reverse("portal:guide", args=["QH-SPJYXK"])
    address = reverse("portal:search" if ask else "portal:services")

    def shown(**more):
        return "QH-SPJYXK" in Client().get(address, ask | more).content.decode()

    assert not shown()
    assert shown(region="990104")
    assert Client().get(guide).status_code == 200, "who knows the address finds it, with the banner"


def test_outside_a_training_region_no_page_and_no_paper_does(world):
    mark_training(region_code="990104100201", on=True, by=people.SYSTEM, at=people.NOON, key=new_id())
    case = f.accepted_case(world)

    assert not any(looks(world, case).values())
    assert not any("training" in paper.data for paper in DocumentRequest.objects.all())


def test_what_was_filed_in_a_training_region_never_becomes_real_and_the_other_way_round(world):
    case = f.received_case(world)
    with pytest.raises(DomainError) as refused:
        mark()
    assert refused.value.code == "region_in_use"
    Case.objects.filter(pk=case.pk).update(region_code="110101000000")
    mark()
    Case.objects.filter(pk=case.pk).update(region_code=people.REGION)
    with pytest.raises(DomainError):
        mark_training(region_code=people.REGION, on=False, by=people.SYSTEM, at=people.NOON, key=new_id())


def test_the_mark_stays_while_something_unconfirmed_is_published_or_an_organ_is_only_for_training(db):
    region, other = "990105000000", "990106000000"
    for code in (region, other):
        Region.objects.create(code=code, name="练习区", level="county", list_version="test", training=True)
    f.world()
    item = ServiceItem.objects.get(code="QH-SPJYXK")
    item.region_code = region
    item.save(update_fields=["region_code"])
    document = item.current.document | {"sources": [{"path": "limits", "source": "模板", "default": True}]}
    unconfirmed = Revision(item=item, number=9, digest="9" * 64, document=document, published_at=people.NOON)
    unconfirmed.save(force_insert=True)
    end = {"on": False, "by": people.SYSTEM, "at": people.NOON}

    ServiceItem.objects.filter(pk=item.pk).update(current=unconfirmed)
    with pytest.raises(RegionInUse, match="1个已发布的事项还没有人确认"):
        mark_training(region_code=region, key=new_id(), **end)
    people.department("练习局", code="PX-11990104MB0000350P", region=other)
    with pytest.raises(RegionInUse, match="只为培训设立的部门"):
        mark_training(region_code=other, key=new_id(), **end)
    assert {row.code for row in training.marked()} == {region, other}

    ServiceItem.objects.filter(pk=item.pk).update(withdrawn_at=people.NOON)
    mark_training(region_code=region, key=new_id(), **end)
    assert [row.code for row in training.marked()] == [other]


def test_every_page_of_the_desk_says_so_to_who_acts_for_an_organ_of_the_region(world):
    desk = reverse("workbench:phrases")  # shows nothing of any region
    reviewer = people.signed_in(Client(), User.objects.get(pk=world.reviewer.user_id))
    assert BANNER not in reviewer.get(desk).content.decode()

    mark()

    assert BANNER in reviewer.get(desk).content.decode()
    assert BANNER not in reviewer.get(reverse("evaluation:tally")).content.decode(), "not a page of the desk"


@pytest.mark.long
def test_every_page_about_a_region_says_that_it_is_for_training(full_stage):
    """Each page of the list, in the first state that shows something, with everything there is marked."""
    people.for_training()
    silent = []
    for page in (page for page in PAGES if page.states and not ABOUT_NO_REGION.match(page.url_name)):
        said = []
        for state in page.states:
            if state.house == "full" and state.status == 200 and state.name != "empty" and not state.fields:
                client = full_stage.client(state.who)
                to = state.way(client, full_stage) if state.way else None
                answer = client.get(to or page.address(full_stage, state))
                said.append(answer.status_code != 200 or BANNER in answer.content.decode())
        if said and not any(said):
            silent.append(page.url_name)

    assert not silent, " ".join(silent)
