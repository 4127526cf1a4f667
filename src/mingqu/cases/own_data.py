"""What this room holds of a person: her applications, bundles, projects and tables of many, with what she filled in."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingqu.cases import selectors
from mingqu.cases.models import Bundle, Case, DeliveryAddress, ManyFiling, Project
from mingqu.cases.models.case import OPEN
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.identity.services.own_data import Holding, Matter, Part, table
from mingqu.kernel.masking import mask_name

NAMES = frozenset(
    f"cases.{one}"
    for one in (
        "Case.applicant_id",
        "Case.party_id",
        "Bundle.applicant_id",
        "Bundle.party_id",
        "Project.owner_id",
        "Project.handler_id",
        "ManyFiling.owner_id",
        "ManyFiling.agent_id",
    )
)
UNDER_WAY = (Bundle.Status.RECEIVED, Bundle.Status.HANDLING, Bundle.Status.DECIDED)
FILLED_IN = 200  # applications whose form is in the copy, the newest first


def holding() -> Holding:
    return Holding("cases", NAMES, copy, open_matters, keeps, owns)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """Her own that go on; those of firms she is the representative of."""
    running = Case.objects.filter(applicant_id=person_id, status__in=OPEN).order_by("-id")
    yield from _running(list(running.values_list("number", flat=True)[:100]))
    of_bundles = Bundle.objects.filter(applicant_id=person_id, status__in=UNDER_WAY).order_by("-id")
    if number := of_bundles.values_list("number", flat=True).first():
        yield Matter(
            _("一件事%(number)s还没有办完") % {"number": number}, reverse("bundles:progress", args=[number])
        )
    table_of = ManyFiling.objects.filter(agent_id=person_id, state=ManyFiling.State.FILING).first()
    if table_of is not None:
        yield Matter(_("批量申报正在提交"), reverse("cases:many_batch", args=[table_of.pk]))
    firms = identity.firms_represented(person_id)
    if firms and Case.objects.filter(party_kind="firm", party_id__in=firms, status__in=OPEN).exists():
        yield Matter(_("您是法定代表人（负责人）的单位，还有申请没有办完"))


def _running(numbers: list[str]) -> Iterable[Matter]:
    if numbers:
        words = ngettext("%(many)s件申请还没有办完", "%(many)s件申请还没有办完", len(numbers))
        yield Matter(words % {"many": len(numbers)}, reverse("cases:progress", args=[numbers[0]]))


def keeps(person_id: UUID) -> bool:
    """Whatever was filed is kept, also withdrawn and refused."""
    mine = Q(applicant_id=person_id)
    projects = Project.objects.filter(Q(handler_id=person_id) | Q(owner_id=person_id))
    return Case.objects.filter(mine).exists() or Bundle.objects.filter(mine).exists() or projects.exists()


def owns(person_id: UUID, number: str) -> bool:
    return Case.objects.filter(applicant_id=person_id, number=number).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    mine = Case.objects.filter(applicant_id=person_id).order_by("-id")
    yield table(
        "cases",
        "申请",
        (
            ("number", "办件编号"),
            ("item", "事项"),
            ("handling", "办理项"),
            ("applicant", "申请人"),
            ("party", "申请单位"),
            ("organ", "承办机关"),
            ("status", "状态"),
            ("received_at", "收件"),
            ("accepted_on", "受理"),
            ("due_on", "期限"),
            ("decided_on", "决定"),
            ("delivered_on", "送达"),
        ),
        mine.select_related("department").defer("answers"),
        lambda one: (
            one.number,
            one.item_name,
            one.handling_item,
            one.applicant_name,
            one.party_name,
            one.department.name,
            one.get_status_display(),
            one.received_at,
            one.accepted_on,
            one.due_on,
            one.decided_on,
            one.delivered_on,
        ),
    )
    yield _filled_in(person_id, list(mine[:FILLED_IN]))
    yield table(
        "addresses",
        "结果寄到哪里",
        (
            ("case", "办件编号"),
            ("receiver", "收件人"),
            ("phone", "手机"),
            ("address", "地址"),
            ("at", "时间"),
        ),
        DeliveryAddress.objects.filter(case__applicant_id=person_id).select_related("case").order_by("-at"),
        lambda one: (one.case.number, one.receiver, one.phone, one.address, one.at),
    )
    yield from _of_many(person_id)


def _filled_in(person_id: UUID, cases: list[Case]) -> Part:
    person = identity.person(person_id)
    own = (
        person.name,
        person.citizen_number,
        person.document_number,
        person.contact_phone,
        identity.phone_of(person_id),
    )
    rows = []
    for case in cases:
        form = selectors.definition_of(case).form
        schema = forms.read_schema(form.schema, form.pages)
        rows += [
            [case.number, row.title, row.text] for row in forms.own_rows(schema, case.answers or {}, own)
        ]
    columns = (("number", "办件编号"), ("question", "问题"), ("answer", "填写的内容"))
    return Part("answers", "申请表里填写的内容", columns, rows, more=len(cases) == FILLED_IN)


def _of_many(person_id: UUID) -> Iterable[Part]:
    yield table(
        "bundles",
        "一件事",
        (("number", "编号"), ("name", "名称"), ("status", "状态")),
        Bundle.objects.filter(applicant_id=person_id).order_by("-id"),
        lambda one: (one.number, one.name, one.get_status_display()),
    )
    yield table(
        "bundle_addresses",
        "一件事的结果寄到哪里",
        (("number", "编号"), ("receiver", "收件人"), ("phone", "手机"), ("address", "地址")),
        Bundle.objects.filter(applicant_id=person_id, by_post=True).order_by("-id"),
        lambda one: (one.number, *(one.sent_to[name] for name in ("receiver", "phone", "address"))),
    )
    yield table(
        "projects",
        "项目",
        (("number", "编号"), ("name", "名称"), ("owner", "业主"), ("registered_at", "登记时间")),
        Project.objects.filter(Q(handler_id=person_id) | Q(owner_id=person_id)).order_by("-id"),
        lambda one: (
            one.number,
            one.name,
            one.owner_name
            if one.owner_kind == "firm" or one.owner_id == person_id
            else mask_name(one.owner_name),
            one.registered_at,
        ),
    )
    yield table(
        "tables",
        "批量申报的表",
        (("item", "事项"), ("rows", "行数"), ("state", "状态"), ("uploaded_at", "上传时间")),
        ManyFiling.objects.filter(agent_id=person_id).order_by("-id"),
        lambda one: (one.item_name, one.total, one.get_state_display(), one.uploaded_at),
    )
