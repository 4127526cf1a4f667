"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

import re
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from mingqu.catalogue.bundles.models import BundleDefinition
from mingqu.catalogue.directory.models import ListEntry
from mingqu.catalogue.models import DefinitionDraft, ServiceItem
from mingqu.identity import selectors as identity
from mingqu.identity.services.settling import Tie


def _entries(department: UUID, day: date) -> QuerySet[ListEntry]:
    """Those of editions that were published, without what was struck out."""
    code = identity.department(department).code
    of_organ = Q(organ_code=code, edition__state="published", cancelled_on=None)
    return ListEntry.objects.filter(of_organ).exclude(state=ListEntry.State.CANCELLED)


def _steps(department: UUID, day: date) -> QuerySet[ServiceItem]:
    """Items of others in force that name a post of this one: their cases would come to a post that nobody holds."""
    codes = list(identity.posts_in(department).values_list("code", flat=True))
    others = ServiceItem.objects.filter(current__isnull=False, withdrawn_at=None)
    named = "|".join(re.escape(f'"{code}"') for code in codes)
    text = Cast("current__document", TextField())
    found = others.exclude(department_id=department).annotate(text=text).filter(text__regex=named)
    return found if codes else found.none()


TIES = (
    Tie(
        "正在公布的事项",
        lambda department, day: ServiceItem.objects.filter(
            department_id=department, current__isnull=False, withdrawn_at=None
        ),
        page="catalogue:items",
        how="由承接的单位用自己的名义重新公布（修改定义里的实施机关），没有人承接的停办。",
    ),
    Tie(
        "别的部门公布的、有环节由这个部门的岗位办的事项",
        _steps,
        page="catalogue:items",
        how="由那个部门重新公布，把环节交给承接单位的岗位；岗位整体划转的，岗位代码不变，不用改。",
        with_posts=True,
    ),
    Tie(
        "牵头的一件事",
        lambda department, day: BundleDefinition.objects.filter(lead_id=department, current__isnull=False),
        how="重新公布，写明新的牵头单位。",
    ),
    Tie(
        "没有公布的事项草稿",
        lambda department, day: DefinitionDraft.objects.filter(
            department_id=department, state__in=DefinitionDraft.OPEN
        ),
        page="catalogue:drafts",
        how="作废，或者改成承接单位的。",
    ),
    Tie(
        "权责清单等清单里的条目",
        _entries,
        page="catalogue:editions",
        how="在下一版清单里改到承接的单位名下。",
        bars=False,
    ),
)
