"""What this room holds of a person: what she was told, how she wants to be told."""

from collections.abc import Iterable
from uuid import UUID

from mingqu.identity.services.own_data import Holding, Part, table
from mingqu.notifications.models import Choices, InboxMessage

NAMES = frozenset({"notifications.InboxMessage.person_id"})


def holding() -> Holding:
    return Holding("notifications", NAMES, copy)


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "messages",
        "收到的消息",
        (("at", "时间"), ("title", "标题"), ("body", "内容"), ("read_at", "读的时间")),
        InboxMessage.objects.filter(person_id=person_id).order_by("-created_at"),
        lambda one: (one.created_at, one.title, one.body, one.read_at),
    )
    yield table(
        "choices",
        "接收消息的设置",
        (("sms", "短信"), ("by_email", "电子邮件"), ("links", "短信里带链接"), ("email", "电子邮箱")),
        Choices.objects.filter(pk=person_id),
        lambda one: (one.sms, one.by_email, one.links, one.email),
    )
