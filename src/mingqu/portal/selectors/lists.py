"""What the public pages of lists are composed of."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.directory import selectors as lists
from mingqu.catalogue.directory.types import KINDS, Difference, Kind
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list
from mingqu.kernel.tables import XLSX, book
from mingqu.ui import language
from mingqu.ui.types import Fact

SHOWN_DIFFERENCES = 300


def groups(latest: Iterable[Any]) -> list[dict[str, Any]]:
    """The four lists in the order people ask for them, each with the newest edition of every region."""
    told = {
        "power": _("政府部门有哪些权力、依据什么、承担什么责任。"),
        "service": _("政府和公共服务单位提供哪些服务。"),
        "base": _("全国和各地统一的事项名称、类型、依据。"),
        "negative": _("国家规定禁止或者要许可才能进入的行业；清单以外的，各类经营主体都可以依法平等进入。"),
    }
    rows = list(latest)
    found = []
    for kind in KINDS:
        own = [{"edition": one, "region": region_name(one.region_code)} for one in rows if one.kind == kind]
        found.append({"kind": kind, "name": kind_name(kind), "told": told[kind], "rows": own})
    return found


def kind_name(kind: str) -> str:
    return {
        "power": _("权责清单"),
        "service": _("公共服务清单"),
        "base": _("基本目录"),
        "negative": _("市场准入负面清单"),
    }[kind]


def region_name(code: str) -> str:
    found = regions.current(code)
    return found.name if found else code


def type_names(kinds: Sequence[str]) -> list[tuple[str, str]]:
    known = code_list("item_type")
    return [(one, _(known.name(one))) for one in kinds if one in known]


def facts(row: Any) -> list[Fact]:
    """The short columns of an entry that say something."""
    levels = code_list("exercise_level")
    found = [
        Fact(_("类型"), row.type_words),
        Fact(_("实施机关"), row.organ_name),
        Fact(_("行使层级"), _("、").join(_(levels.name(one)) for one in row.levels if one in levels)),
        Fact(_("编码"), row.code),
        Fact(_("基本编码"), row.base_code if row.base_code != row.code else ""),
        Fact(_("状态"), row.get_state_display()),
        Fact(_("生效日期"), _day(row.effective_on)),
        Fact(_("取消日期"), _day(row.cancelled_on)),
    ]
    return [fact for fact in found if fact.value]


def _day(day: Any) -> str:
    return language.day(day) if day else ""


def services_of(edition: Any, row: Any) -> list[dict[str, str]]:
    """Guides of the items that this entry covers; each guide draws the way of an application."""
    items = catalogue.items_of_entry(edition.region_code, row.code, row.base_code, row.organ_code)
    return [
        {"name": one.name, "organ": one.department.name, "url": reverse("portal:guide", args=[one.code])}
        for one in items
    ]


def as_file(edition: Any) -> HttpResponse:
    """A published edition never changes: its file is made once, not for everybody who asks."""
    answer = HttpResponse(_file(edition), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{edition.name}.xlsx") or ""
    return answer


@lru_cache(maxsize=4)
def _file(edition: Any) -> bytes:
    headers, rows = lists.table(cast(Kind, edition.kind), edition)
    return book(edition.kind_words, headers, rows)


@lru_cache(maxsize=16)
def differences(old: Any, new: Any) -> tuple[list[Difference], int]:
    """The first differences of two published editions, and how many there are besides; they never change either."""
    found = lists.differences(old, new)
    return found[:SHOWN_DIFFERENCES], max(0, len(found) - SHOWN_DIFFERENCES)
