"""What other rooms are told by the catalogue; wired in `apps`."""

from collections.abc import Sequence

from django.urls import reverse

from mingqu.kernel.regions import subtree
from mingqu.kernel.types import Actor, Instant
from mingqu.law.selectors import Use
from mingqu.ui.menu import Waiting


def uses_for_staff(law_key: str) -> Sequence[Use]:
    """Items that cite a law, each with its page for staff."""
    from mingqu.catalogue.affected.selectors import items_citing  # models: not before the apps are ready

    return [
        Use(name, reverse("catalogue:item", args=[code]), articles)
        for code, name, articles in items_citing(law_key)
    ]


def count_apart(region_code: str, training: bool) -> None:
    """What is for training is counted apart, because lists hide it."""
    from mingqu.catalogue.search.services import move

    move(region_code, training)


def only_for_training(region_code: str) -> str:
    """What was published without being confirmed, and organs that are none outside training."""
    from mingqu.catalogue.imports.organs import FOR_TRAINING
    from mingqu.catalogue.models import ServiceItem
    from mingqu.identity.selectors import departments_within

    found = ServiceItem.objects.filter(subtree("region_code", region_code), withdrawn_at=None)
    unconfirmed = found.filter(current__document__sources__contains=[{"default": True}]).count()
    if unconfirmed:
        return f"那里有{unconfirmed}个已发布的事项还没有人确认，请先停办，或者确认后重新发布"
    organs = [one.name for one in departments_within(region_code) if one.code.startswith(FOR_TRAINING)]
    return f"那里有只为培训设立的部门（{organs[0]}等{len(organs)}个）" if organs else ""


def drafts_waiting(actor: Actor, at: Instant) -> Waiting | None:
    """Drafts handed in by somebody else and drafts that came back, on the first page of who reviews or writes them."""
    from mingqu.catalogue.lists import drafts_waiting as waiting

    submitted, returned = waiting(actor)
    words = [f"{submitted}份等您审核"] if submitted else []
    words += [f"{returned}份退回给您"] if returned else []
    return Waiting("，".join(words), label="在编的定义", url=reverse("catalogue:drafts")) if words else None
