"""
What this room holds of a person: drafts. What she typed is shown with her own words for others masked by the rest.
"""

from collections.abc import Iterable
from uuid import UUID

from mingqu.forms.models import Draft
from mingqu.forms.rules import rows
from mingqu.forms.types import AnswerRow, FormSchema
from mingqu.identity.services.own_data import Holding, Part, table

OTHERS = frozenset({"person_name", "citizen_number", "phone"})  # kinds of answers that name somebody


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


def own_rows(schema: FormSchema, answers: dict[str, object], own: Iterable[str]) -> list[AnswerRow]:
    """
    A filled-in form as its owner may take it away: names, numbers and telephones that are not among her `own` are
    masked, all else is what she typed.
    """
    mine = {text for text in own if text}
    masked = {row.path: row for row in rows(schema, answers, reveal=False)}
    return [
        row if schema.fields[row.path].kind not in OTHERS or row.text in mine else masked[row.path]
        for row in rows(schema, answers, reveal=True)
    ]
