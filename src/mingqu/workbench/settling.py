"""The seal of a department, whose page lies in this room: it has to be settled before it is closed (机构撤销)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services.settling import Tie


def _seal(department: UUID, day: date) -> QuerySet[Any]:
    return documents.seals_in_use(identity.department(department).code)


TIES = (Tie("还在用的电子印章", _seal, page="workbench:seals", how="停用；以前盖的章仍然有效。"),)
