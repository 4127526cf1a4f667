"""What this room holds of a person: the account, who she is, authorities, ways in, what was done in her name."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from mingqu.identity.models import (
    AccountClosing,
    AppGrant,
    Capacity,
    OutsideLink,
    OwnCopy,
    Person,
    PhoneRecovery,
    User,
)
from mingqu.identity.services import access
from mingqu.identity.services.own_data import Holding, Part, table
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.masking import mask_name, mask_phone
from mingqu.kernel.models import AuditEntry

NAMES = frozenset(
    f"identity.{one}"
    for one in (
        "User.person_id",
        "Capacity.principal_id",
        "Capacity.agent_id",
        "OutsideLink.person_id",
        "PhoneRecovery.person_id",
        "AccountClosing.person_id",
        "OwnCopy.person_id",
        "AppGrant.user_id",
        "OutsideLink.user_id",
        "PhoneRecovery.user_id",
        "AccountClosing.user_id",
        "OwnCopy.user_id",
    )
)
KINDS = {"representative": "法定代表人（负责人）", "handler": "经办人授权", "relative": "亲友代办"}
STATES = {"offered": "等待答复", "active": "有效", "declined": "没有接受", "ended": "已终止"}


def holding() -> Holding:
    return Holding("identity", NAMES, copy)


def copy(person_id: UUID) -> Iterable[Part]:
    users = User.objects.filter(person_id=person_id, kind=User.Kind.CITIZEN).order_by("created_at")
    ids = [user.pk for user in users]
    yield _person(person_id)
    yield table(
        "accounts",
        "账号",
        (("phone", "登录手机号码"), ("opened_at", "开通时间"), ("phone_proved_at", "号码验证时间")),
        users,
        lambda one: (one.phone, one.created_at, one.phone_verified_at),
    )
    yield _authorities(person_id)
    yield table(
        "applications",
        "用本账号登录的应用",
        (
            ("app", "应用"),
            ("operator", "运行单位"),
            ("scopes", "能读取的"),
            ("granted_at", "同意时间"),
            ("ended_at", "收回时间"),
        ),
        AppGrant.objects.filter(user_id__in=ids).select_related("app").order_by("-granted_at"),
        lambda one: (one.app.name, one.app.operator, "、".join(one.scopes), one.granted_at, one.ended_at),
    )
    yield table(
        "outside_accounts",
        "连接的外部账号",
        (("issuer", "外部身份服务"), ("linked_at", "连接时间"), ("ended_at", "解除时间")),
        OutsideLink.objects.filter(user_id__in=ids).order_by("-linked_at"),
        lambda one: (one.issuer, one.linked_at, one.ended_at),
    )
    yield _requests(ids)
    yield _deeds(person_id, ids)


def _person(person_id: UUID) -> Part:
    return table(
        "person",
        "本人",
        (
            ("name", "姓名"),
            ("citizen_number", "公民身份号码"),
            ("document", "其他证件号码"),
            ("contact_phone", "联系手机"),
            ("level", "认证等级"),
        ),
        Person.objects.filter(pk=person_id),
        lambda one: (
            one.name,
            one.citizen_number,
            one.document_number,
            one.contact_phone,
            f"L{one.assurance}",
        ),
    )


def _authorities(person_id: UUID) -> Part:
    """Both what she gave and what she was given; the other's name is masked, a firm's is not."""

    def line(one: Capacity) -> Sequence[Any]:
        gave = person_id in (one.principal_id, one.granted_by)
        principal = one.principal_name or ""
        return (
            KINDS[one.kind],
            principal if gave or one.kind != "relative" else mask_name(principal),
            mask_name(one.agent_name or "") if gave else one.agent_name,
            mask_phone(one.agent_phone or "") if gave else one.agent_phone,
            "、".join([*one.items, *one.item_types]) or "全部事项",
            one.from_on,
            one.until_on,
            STATES[one.state],
        )

    phones = User.objects.filter(person_id=person_id, kind=User.Kind.CITIZEN).values("phone_index")
    asked = Q(state=Capacity.State.OFFERED, agent_phone_index__in=phones)
    hers = asked | Q(agent_id=person_id) | Q(principal_id=person_id) | Q(granted_by=person_id)
    return table(
        "authorities",
        "授权和代办",
        (
            ("kind", "种类"),
            ("principal", "授权人"),
            ("agent", "代办人"),
            ("agent_phone", "代办人手机"),
            ("matters", "事项"),
            ("from_on", "开始"),
            ("until_on", "到期"),
            ("state", "状态"),
        ),
        Capacity.objects.filter(hers).order_by("-id"),
        line,
    )


ASKED = {
    "waiting": "等办理",
    "ready": "准备好了",
    "done": "办好了",
    "refused": "没有办成",
    "called_off": "已撤回",
    "stopped": "已停下",
    "gone": "已删除",
}


def _requests(ids: list[UUID]) -> Part:
    """What was asked about the account itself."""
    rows = [
        *(("换登录号码", one.asked_at, one.state) for one in PhoneRecovery.objects.filter(user_id__in=ids)),
        *(("注销账号", one.asked_at, one.state) for one in AccountClosing.objects.filter(user_id__in=ids)),
        *(("下载我的数据", one.asked_at, one.state) for one in OwnCopy.objects.filter(user_id__in=ids)),
    ]
    lines = [
        [what, at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"), ASKED[state]]
        for what, at, state in sorted(rows, key=lambda one: one[1])
    ]
    return Part("requests", "关于账号的申请", (("what", "申请"), ("at", "时间"), ("state", "状态")), lines)


# What everybody may: in no list of permissions.
OWN_DEEDS = {
    "identity.open_account": "开通账号",
    "identity.sign_in": "登录",
    "identity.sign_out": "退出登录",
}


def _deeds(person_id: UUID, ids: list[UUID]) -> Part:
    """What the ledger has of her own doing and of her account; who else did it is not told."""
    rows = AuditEntry.objects.filter(
        Q(root_id__in=[person_id, *ids]) | Q(actor_kind="citizen", actor_id=person_id)
    )
    return table(
        "ledger",
        "办理存证里本人的记录",
        (("at", "时间"), ("deed", "做了什么"), ("code", "代码")),
        rows.only("at", "action").order_by("-at"),
        lambda one: (
            one.at,
            access.action_words(one.action) or OWN_DEEDS.get(one.action, "系统记录"),
            one.action,
        ),
    )
