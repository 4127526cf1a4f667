"""What this room holds of a person: drafts by what they are for."""

from collections.abc import Iterable
from uuid import UUID

from mingqu.forms.models import Draft
from mingqu.identity.services.own_data import Holding, Part, table


def holding() -> Holding:
    return Holding("forms", frozenset({"forms.Draft.owner_id"}), copy)


def copy(person_id: UUID) -> Iterable[Part]:
    """Drafts by what they are for; their answers stand on the draft's own page until it is handed in."""
    yield table(
        "drafts",
        "没有提交的草稿",
        (("about", "事项"), ("started_at", "开始"), ("saved_at", "最后保存"), ("expires_at", "到期删除")),
        Draft.objects.filter(owner_id=person_id, filed_at=None).order_by("-saved_at"),
        lambda one: (one.about, one.started_at, one.saved_at, one.expires_at),
    )
