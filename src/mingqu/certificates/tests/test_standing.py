"""暂停使用 and 恢复使用: who may, with what basis, what others then see, that the holder hears of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mingqu.certificates import errors, finding, selectors, services
from mingqu.certificates.events import CertificateRestored, CertificateSuspended
from mingqu.certificates.models import Certificate, Measure
from mingqu.certificates.tests.factories import (
    AT,
    DECIDED_ON,
    MINUTE,
    TYPE,
    code_of,
    issued,
    make_files,
    organ,
    seen,
    with_file,
)  # fmt: skip
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
UNTIL = DECIDED_ON + timedelta(days=30)
PENALTY = services.Suspension(
    "withheld", "食品安全法和它的实施条例", "两次抽检不合格", "清禾市监罚〔2026〕7号", UNTIL
)
STOPPED = services.Suspension("stopped", "食品经营许可和备案管理办法", "申请人自己要求停业")


@pytest.fixture
def approver():
    return people.staff_actor("approver", department_id=organ())


def suspend(certificate, by, order=PENALTY, at=AT + MINUTE, key=None):
    services.suspend(
        certificate_id=certificate.certificate_id, order=order, by=by, at=at, key=key or new_id()
    )


def restore(certificate, by, at=AT + 2 * MINUTE):
    services.restore(
        certificate_id=certificate.certificate_id,
        basis="暂扣期满",
        reason="整改完成，已经复查",
        by=by,
        at=at,
        key=new_id(),
    )


def names(certificate):
    rows = OutboxEvent.objects.filter(root_id=certificate.certificate_id).order_by("order")
    return list(rows.values_list("name", flat=True))


def test_a_suspended_certificate_is_not_in_force_for_anybody_until_it_is_restored(approver):
    holder = people.citizen("张三")[1]
    certificate, data = with_file(holder.id)

    suspend(certificate, approver)

    assert selectors.check_file(data, AT).finding == "not_in_force"
    public = selectors.public_by_code(code_of(certificate), AT)
    assert (public.state, public.suspended_on, public.suspended_until) == ("suspended", DECIDED_ON, UNTIL)
    assert selectors.valid_of_holder([holder.id], [TYPE], DECIDED_ON) == {}, "no item looks it up"
    assert selectors.held_of_type(holder, TYPE, AT) == [], "nothing can be applied for on it"
    view = seen(certificate)
    assert (view.suspension.words, view.suspension.reason) == ("暂扣许可证件", "两次抽检不合格")

    restore(certificate, approver)

    assert selectors.check_file(data, AT).finding == "in_force"
    assert selectors.valid_of_holder([holder.id], [TYPE], DECIDED_ON)[TYPE].number == certificate.number
    assert seen(certificate).suspension is None
    assert [m.kind for m in selectors.measures_of(certificate.certificate_id)] == ["restored", "suspended"]
    assert names(certificate)[-2:] == [CertificateSuspended.name, CertificateRestored.name]


def test_the_holder_is_told_and_reads_why_on_the_certificate(approver, client):
    user, holder = people.citizen("张三")
    certificate = issued(holder.id)
    people.signed_in(client, user)

    suspend(certificate, approver)
    make_files()

    told = InboxMessage.objects.get(person_id=holder.id, kind="certificate_suspended")
    assert "预计到2026年12月20日" in told.body and "抽检" not in told.body
    page = client.get(told.link).content.decode()
    assert "两次抽检不合格" in page and "清禾市监罚〔2026〕7号" in page
    shown = client.get(reverse("certificates:show", args=[certificate.number]), follow=True)
    assert "已暂停使用，现在不能亮证" in shown.content.decode()

    restore(certificate, approver)
    make_files(AT + 3 * MINUTE)

    assert InboxMessage.objects.filter(person_id=holder.id, kind="certificate_restored").count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal", "place"),
    [
        ({"way": ""}, errors.SuspensionUnknown, "way"),
        ({"basis": " "}, errors.GroundMissing, "basis"),
        ({"reason": ""}, errors.GroundMissing, "reason"),
        ({"document_number": ""}, errors.DecisionNumberMissing, "document_number"),
        ({"until": None}, errors.UntilMissing, "until"),
        ({"until": date(2026, 11, 19)}, errors.UntilPast, "until"),
    ],
)
def test_what_is_incomplete_changes_nothing(approver, changed, refusal, place):
    """行政处罚法 9: 暂扣许可证件 is a penalty; it rests on a decision and has an end."""
    certificate = issued()
    order = services.Suspension(**{**PENALTY.__dict__, **changed})

    with pytest.raises(refusal) as refused:
        suspend(certificate, approver, order)

    assert refused.value.field == place
    assert Certificate.objects.get(pk=certificate.certificate_id).status == "valid"
    assert not Measure.objects.exists() and CertificateSuspended.name not in names(certificate)


def test_what_another_law_stops_needs_neither_decision_number_nor_end(approver):
    certificate = issued()

    suspend(certificate, approver, STOPPED)

    assert seen(certificate).suspension.until is None


@pytest.mark.parametrize("role", ["window_clerk", "reviewer", "checker", "data_steward"])
def test_only_an_approver_of_the_organ_suspends_and_restores(role, approver):
    certificate = issued()
    other = people.staff_actor(role, department_id=organ())

    with pytest.raises(NotAuthorised):
        suspend(certificate, other)
    suspend(certificate, approver)
    with pytest.raises(NotAuthorised):
        restore(certificate, other)


def test_an_approver_of_another_organ_may_not(approver):
    certificate = issued()
    elsewhere = people.staff_actor("approver", department_id=people.department("清禾区水务局", code="QH-SWJ"))

    with pytest.raises(NotAuthorised):
        suspend(certificate, elsewhere)


def test_twice_is_refused_and_the_same_deed_again_is_the_same(approver):
    certificate, key = issued(), new_id()
    suspend(certificate, approver, key=key)
    suspend(certificate, approver, key=key)

    with pytest.raises(errors.CertificateNotInForce, match="已暂停使用"):
        suspend(certificate, approver)
    assert Measure.objects.count() == 1
    entry = AuditEntry.objects.get(root_id=certificate.certificate_id, action="certificate.suspend")
    assert entry.notes["document_number"] == "清禾市监罚〔2026〕7号"


def test_what_is_in_force_or_has_ended_is_not_restored(approver):
    certificate = issued()
    with pytest.raises(errors.CertificateNotInForce, match="有效"):
        restore(certificate, approver)
    suspend(certificate, approver)

    with pytest.raises(errors.CertificateNotInForce, match="已过期"):
        restore(certificate, approver, at=AT + timedelta(days=6 * 365))


def test_the_desk_finds_it_by_number_suspends_it_and_lists_it(approver, client):
    certificate = issued()
    people.signed_in(client, User.objects.get(pk=approver.user_id))
    desk, one = reverse("certificates:desk"), reverse("certificates:at_desk", args=[certificate.number])

    assert client.get(desk, {"number": certificate.number}).url == one
    assert "没有找到这个证照" in client.get(desk, {"number": "JY00"}).content.decode()
    assert "暂停使用</a>" in client.get(one).content.decode()
    deed = reverse("certificates:suspend", args=[certificate.number])
    asked = {
        "key": new_id(),
        "way": "withheld",
        "basis": "依据",
        "reason": "原因",
        "document_number": "罚1号",
    }
    wrong = client.post(deed, asked)
    assert wrong.status_code == 400 and "请填写暂扣到哪一天" in wrong.content.decode()
    given = asked | {"until_year": "2099", "until_month": "1", "until_day": "1"}
    assert client.post(deed, given).url == one

    assert certificate.number in client.get(desk).content.decode()
    text = client.get(one).content.decode()
    assert "恢复使用</a>" in text and "罚1号" in text
    back = client.post(
        reverse("certificates:restore", args=[certificate.number]),
        {"key": new_id(), "basis": "期满", "reason": "复查合格"},
    )
    assert back.url == one and "没有暂停使用的证照" in client.get(desk).content.decode()


def test_the_desk_finds_certificates_by_a_part_of_their_number(approver, client):
    first, second = issued(name="张三"), issued(name="李四")
    people.signed_in(client, User.objects.get(pk=approver.user_id))
    desk = reverse("certificates:desk")
    shared = first.number[:8]
    assert second.number.startswith(shared) and first.number[-4:] != second.number[-4:]

    both = client.get(desk, {"number": shared.lower()}).content.decode()
    assert first.number in both and second.number in both and "张三" not in both
    alone = client.get(desk, {"number": f" {first.number[-6:]} "})
    assert alone.url == reverse("certificates:at_desk", args=[first.number])

    short = client.get(desk, {"number": first.number[-3:]})
    assert short.status_code == 400 and "至少填写编号里连着的4位" in short.content.decode()
    nobody = client.get(desk, {"number": "%%%%"})
    assert nobody.status_code == 404 and "没有找到这个证照" in nobody.content.decode()


def test_a_part_of_a_number_finds_nothing_of_another_organ(client):
    certificate = issued()
    other = people.staff_actor("approver", department_id=people.department("清禾区水务局", code="QH-SWJ"))

    with pytest.raises(errors.CertificateNotFound):
        finding.by_number(other, certificate.number[:8], AT)
    with pytest.raises(errors.PartTooShort):  # or the whole register could be leafed through by it
        finding.by_number(other, certificate.number[:3], AT)
