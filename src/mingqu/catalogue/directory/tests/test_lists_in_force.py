"""
清单: two persons bring an edition to publication; what is in force decides what may be published and applied for.

优化营商环境条例 20 (one negative list, made by the state), 行政许可法 30 (basis is public), CAT-01..05, 07, 11.
"""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from mingqu.cases import services as cases
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue import services as definitions
from mingqu.catalogue.directory import selectors, services
from mingqu.catalogue.directory.errors import (
    BeforeChanged,
    EditionChanged,
    EditionNotNew,
    EditionOpen,
    EditionState,
    EditionUnknown,
    InheritedChanged,
    ListReadOnly,
    NoEntryInList,
    NothingTaken,
    NotLawful,
    SamePerson,
    TypesUnconfirmed,
)
from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.config import demo
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel import regions, relay
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.law.services import import_laws
from mingqu.notifications.models import InboxMessage

REGION = "990104000000"
LAWS = Path(demo.__file__).parent / "laws"
NOW = f.FRIDAY_NOON
FOOD = {
    "事项编码": "QH-SPJYXK",
    "事项名称": "食品经营许可",
    "事项类型": "行政许可",
    "实施机关": "市场监督管理局",
    "设定依据": "《中华人民共和国食品安全法》第三十五条",
}
OTHER = FOOD | {"事项编码": "QH-YS", "事项名称": "演示许可"}
DIRECTORY = {
    "基本编码": "000131014000",
    "事项名称": "食品经营许可",
    "事项类型": "行政许可",
    "设定依据": "《食品安全法》第三十三条、第三十五条",
    "行使层级": "县级",
}


def of_the_region(*roles, name):
    """Somebody whose roles cover the whole region: a list is of no department."""
    post_id = people.post()
    for role in roles:
        identity.grant_role(
            post_id=post_id, role=role, within=Within(REGION, None), by=f.SYSTEM, at=people.NOON, key=uuid4()
        )
    user = people.staff_user(name, post_id)
    return Actor(kind="staff", id=user.person_id, post_id=post_id, user_id=user.id, name=name)


class House:
    """The demo's service, an editor, a reviewer, and no list yet."""

    def __init__(self):
        self.world = f.world()
        regions.load_demo_district()
        self.editor = of_the_region("catalogue_editor", name="叶知秋")
        self.reviewer = of_the_region("catalogue_reviewer", name="范定")
        self.both = of_the_region("catalogue_editor", "catalogue_reviewer", name="一人两岗")
        self.document = Revision.objects.get(item__code="QH-SPJYXK").document

    def laws(self):
        import_laws(LAWS, by=f.SYSTEM, at=NOW)

    def read(self, rows, kind="power", by=None, **more):
        return services.import_list(
            of=Listed(kind, REGION),
            data=json.dumps(rows).encode(),
            name="清单.json",
            by=by or self.editor,
            at=NOW,
            key=uuid4(),
            **more,
        )

    def submit(self, read, by=None):
        return services.submit_edition(
            edition_id=read.edition_id, version=read.version, by=by or self.editor, at=NOW, key=uuid4()
        )

    def publish(self, sent, by=None, key=None):
        return services.publish_edition(
            edition_id=sent.edition_id,
            version=sent.version,
            by=by or self.reviewer,
            at=NOW,
            key=key or uuid4(),
        )

    def in_force(self, rows, kind="power"):
        done = self.publish(self.submit(self.read(rows, kind)))
        services.keep_items(NOW, region_code=REGION)
        return done

    @property
    def item(self):
        return ServiceItem.objects.get(code="QH-SPJYXK")

    def save(self, **changed):
        document = copy.deepcopy(self.document)
        document["item"] |= changed
        return definitions.save_draft(document=document, by=self.editor, at=NOW, key=uuid4())

    def release(self, saved):
        """送审, 审核, 发布, each by who may."""
        sent = definitions.submit_draft(
            draft_id=saved.draft_id, version=saved.version, by=self.editor, at=NOW, key=uuid4()
        )
        passed = definitions.approve_draft(
            draft_id=sent.draft_id, version=sent.version, comment="", by=self.reviewer, at=NOW, key=uuid4()
        )
        return definitions.publish_draft(draft_id=passed.draft_id, by=self.reviewer, at=NOW, key=uuid4())


@pytest.fixture
def house(db):
    return House()


# Two persons ----------------------------------------------------------------------------------------------------


def test_an_edition_is_published_by_a_second_person_and_numbered(house):
    sent = house.submit(house.read([FOOD], by=house.both), by=house.both)

    with pytest.raises(SamePerson):
        house.publish(sent, by=house.both)
    with pytest.raises(NotAuthorised):
        house.publish(sent, by=house.editor)
    done = house.publish(sent)

    assert (done.state, done.number) == ("published", 1)


def test_the_second_edition_shows_its_difference_to_the_first_and_drafts_are_invisible(house):
    house.in_force([FOOD, OTHER])
    draft = house.read([FOOD | {"事项名称": "食品经营许可证核发"}])
    address = reverse("portal:list_edition", args=["power", REGION, 2])
    assert Client().get(address).status_code == 404  # CAT-01: not published, not to be seen
    assert "核发" not in Client().get(reverse("portal:list", args=["power", REGION])).content.decode()

    house.publish(house.submit(draft))
    shown = Client().get(reverse("portal:list_changes", args=["power", REGION, 2])).content.decode()

    assert "核发" in shown and "删去" in shown and "演示许可" in shown


def test_what_is_published_is_never_changed(house):
    done = house.in_force([FOOD])
    entry = ListEntry.objects.get()
    which = {"edition_id": done.edition_id, "version": done.version, "by": house.editor, "at": NOW}

    with pytest.raises(EditionState):
        services.save_entry(**which, values={}, entry_id=entry.pk, key=uuid4())
    with pytest.raises(EditionState):
        services.remove_entry(**which, entry_id=entry.pk, key=uuid4())
    with pytest.raises(EditionState):
        services.drop_edition(edition_id=done.edition_id, reason="x", by=house.editor, at=NOW, key=uuid4())

    assert ListEntry.objects.get().name == "食品经营许可"


def test_one_open_edition_of_a_list_and_a_stale_page_changes_nothing(house):
    read = house.read([FOOD])
    with pytest.raises(EditionOpen):
        house.read([OTHER])
    again = house.read([OTHER], edition_id=read.edition_id)
    with pytest.raises(EditionChanged):
        house.submit(read)

    house.submit(again)
    assert ListEntry.objects.get().code == "QH-YS"


def test_the_same_edition_again_is_refused_and_one_overtaken_goes_back(house):
    house.in_force([FOOD])
    with pytest.raises(EditionNotNew):
        house.submit(house.read([FOOD]))
    ListEdition.objects.filter(state="draft").update(state="dropped")
    sent = house.submit(house.read([FOOD, OTHER]))
    ListEdition.objects.filter(pk=sent.edition_id).update(before=None)

    with pytest.raises(BeforeChanged):
        house.publish(sent)


def test_a_list_is_its_regions_and_another_regions_people_do_not_see_its_drafts(house):
    read = house.read([FOOD])
    stranger = people.staff_actor("catalogue_editor", department_id=house.world.bureau, name="一个部门的")

    with pytest.raises(EditionUnknown):
        selectors.edition(stranger, read.edition_id)
    with pytest.raises(NotAuthorised):
        services.drop_edition(edition_id=read.edition_id, reason="x", by=stranger, at=NOW, key=uuid4())
    assert selectors.editions(stranger) == []


def test_published_twice_at_once_is_one_edition(committed_db):
    house = House()
    sent = house.submit(house.read([FOOD]))
    other = of_the_region("catalogue_reviewer", name="另一位")
    start = Barrier(2)

    def run(by):
        start.wait(timeout=20)
        try:
            return house.publish(sent, by=by)
        except EditionState as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, [house.reviewer, other]))

    assert sorted(type(one).__name__ for one in answers) == ["EditionState", "Passed"]
    assert ListEdition.objects.get().number == 1


# Reading --------------------------------------------------------------------------------------------------------


def test_rows_that_are_no_entries_are_left_out_and_reported_and_nothing_at_all_is_refused(house):
    read = house.read([FOOD, FOOD | {"事项编码": "B", "设定依据": ""}])
    report = ListEdition.objects.get().report

    assert (read.taken, read.refused) == (1, 1)
    assert (3, "没有写设定依据") in [(one["line"] + 1, one["sentence"]) for one in report["findings"]]
    with pytest.raises(NothingTaken):
        house.read([FOOD | {"事项名称": ""}], kind="service")
    assert ListEdition.objects.count() == 1


def test_an_old_name_of_a_type_counts_only_after_a_person_confirmed_it(house):
    read = house.read([FOOD | {"事项类型": "核准"}])
    with pytest.raises(TypesUnconfirmed):
        house.submit(read)

    sure = services.confirm_type(
        edition_id=read.edition_id,
        version=read.version,
        words="核准",
        item_type="01",
        by=house.editor,
        at=NOW,
        key=uuid4(),
    )

    assert house.submit(sure).state == "submitted"
    assert ListEntry.objects.get().item_type == "01"


def test_the_negative_list_comes_from_a_file_only_and_no_command_changes_an_entry(house):
    """优化营商环境条例 20: 各地区、各部门不得另行制定市场准入性质的负面清单."""
    read = house.read(
        [{"编号": "1", "禁止或许可事项": "演示事项", "禁止或许可准入措施描述": "演示措施"}], kind="negative"
    )
    row = ListEntry.objects.get()
    which = {"edition_id": read.edition_id, "version": read.version, "by": house.editor, "at": NOW}

    for deed in (
        lambda: services.save_entry(
            **which, values={"code": "1", "name": "改"}, entry_id=row.pk, key=uuid4()
        ),
        lambda: services.remove_entry(**which, entry_id=row.pk, key=uuid4()),
        lambda: services.begin_edition(of=Listed("negative", REGION), by=house.editor, at=NOW, key=uuid4()),
    ):
        with pytest.raises(ListReadOnly):
            deed()
    house.publish(house.submit(read))
    assert ListEntry.objects.get().name == "演示事项"


# What may be applied for ---------------------------------------------------------------------------------------


def test_without_a_list_a_confirmed_basis_counts_and_with_one_only_its_entries(house):
    assert house.item.lawful  # the demo's basis is confirmed

    house.in_force([OTHER])
    assert not house.item.lawful

    house.laws()
    house.in_force([OTHER, FOOD])
    assert house.item.lawful


def test_an_entry_rests_on_an_article_in_force(house):
    house.in_force([FOOD])
    assert not house.item.lawful  # the library knows no law
    assert any("食品安全法" in one for one in catalogue.unlawful(house.item, legal_day(NOW)))

    house.laws()
    services.keep_items(NOW)
    assert house.item.lawful


@pytest.mark.parametrize("over", [{"状态": "暂停"}, {"状态": "取消"}, {"取消日期": "2026-01-01"}])
def test_an_entry_that_does_not_count_any_more_gives_no_power(house, over):
    house.laws()
    house.in_force([FOOD | over])

    assert not house.item.lawful


def test_nothing_new_is_filed_for_what_is_not_lawful_and_running_cases_go_on(house):
    """清单之外无权力 (优化营商环境条例 40: 不得设定清单以外的许可), outside training regions."""
    running = f.received_case(house.world)
    started = f.draft(house.world)
    house.in_force([OTHER])

    with pytest.raises(NotLawful):
        cases.file_case(
            draft_id=started.draft_id,
            base_version=started.version,
            by=house.world.citizen,
            at=NOW,
            key=uuid4(),
        )
    page = Client().get(reverse("cases:start", args=["QH-SPJYXK"]))
    assert page.status_code == 409 and "现在不能申请" in page.content.decode()
    cases.accept_case(case_id=running.pk, by=house.world.clerk, at=NOW + timedelta(hours=1), key=uuid4())
    assert Case.objects.get(pk=running.pk).status != "received"


def test_in_a_training_region_what_is_not_lawful_may_be_applied_for(house):
    from mingqu.kernel import training
    from mingqu.kernel.models_regions import Region

    house.in_force([OTHER])
    Region.objects.filter(code=REGION).update(training=True)
    training.known.read_at = None

    catalogue.require_lawful("QH-SPJYXK")


def test_an_application_for_what_no_list_has_raises_an_alert_with_who_works_on_lists(house, client):
    """清单之外无权力 (CAT-02): only in a training region can there be one; it says that it is one."""
    from mingqu.kernel import training
    from mingqu.kernel.models_regions import Region

    listed = f.received_case(house.world)
    relay.deliver_root(listed.pk, NOW)
    house.in_force([OTHER])
    Region.objects.filter(code=REGION).update(training=True)
    training.known.read_at = None

    case = f.received_case(house.world)
    while relay.round_once(NOW):
        pass

    told = InboxMessage.objects.filter(kind="case_outside_lists")
    assert set(told.values_list("person_id", "about_id")) == {
        (who.id, case.pk) for who in (house.editor, house.reviewer, house.both)
    }
    assert listed.pk not in set(told.values_list("about_id", flat=True))  # it was in no doubt when it came
    message = told.get(person_id=house.editor.id)
    assert message.title.startswith("清单之外的办件：【培训】食品经营许可")
    page = people.signed_in(client, User.objects.get(pk=house.editor.user_id)).get(message.link)
    assert [(row["item"].code, row["count"]) for row in page.context["rows"]] == [("QH-SPJYXK", 2)]
    assert "第1版里没有" in page.content.decode()


def test_staff_publish_nothing_that_is_not_in_the_list_of_the_region(house):
    """法无授权不可为 (CAT-03)."""
    saved = house.save(summary="改过的简介。")
    house.in_force([OTHER])

    with pytest.raises(NoEntryInList) as refused:
        house.release(saved)

    assert "第1版里没有这个事项的有效条目" in refused.value.message


def test_with_its_entry_it_is_published(house):
    house.laws()
    house.in_force([OTHER, FOOD])

    assert house.release(house.save(summary="改过的简介。")).state == "published"


# What is inherited ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"name": "餐饮许可"}, "事项名称"), ({"type": "07"}, "事项类型"), ({"level": "2"}, "行使层级")],
)
def test_an_inherited_field_is_not_changed_locally(house, changed, words):
    """同一事项同标准 (CAT-07): refused with the field, the local and the inherited value."""
    house.in_force([DIRECTORY], kind="base")

    with pytest.raises(InheritedChanged) as refused:
        house.save(**changed)

    assert words in refused.value.message and "000131014000" in refused.value.message


def test_a_new_edition_of_the_directory_lists_the_items_it_changes_and_their_cases_go_on(house):
    house.in_force([DIRECTORY], kind="base")
    assert house.item.base_standing == "linked"

    house.in_force([DIRECTORY | {"事项名称": "食品经营许可（餐饮）"}], kind="base")
    assert house.item.base_standing == "departs" and house.item.applicable
    people.signed_in(client := Client(), User.objects.get(pk=house.editor.user_id))
    shown = client.get(reverse("catalogue:list_items")).content.decode()

    assert "食品经营许可（餐饮）" in shown
    with pytest.raises(InheritedChanged):
        house.save()


def test_what_nobody_carries_out_and_what_has_no_entry_is_shown(house):
    house.in_force([DIRECTORY | {"基本编码": "000131014999", "事项名称": "没人办的"}], kind="base")
    people.signed_in(client := Client(), User.objects.get(pk=house.reviewer.user_id))

    assert house.item.base_standing == "missing"
    for standing, words in {"unused": "没人办的", "missing": "食品经营许可"}.items():
        assert words in client.get(reverse("catalogue:list_items"), {"standing": standing}).content.decode()
