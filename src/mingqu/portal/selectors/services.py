"""Lists of services: by words, theme, audience, department, life event; and what the front page shows of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingqu.across import selectors as across
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.search import selectors as index
from mingqu.catalogue.search.types import Bucket, Hit, Narrow
from mingqu.catalogue.types import life_event_name, life_event_rank
from mingqu.identity import selectors as identity
from mingqu.kernel import regions, training
from mingqu.kernel.codelists import code_list
from mingqu.portal.types import Choice, Filters, SearchPage, ServiceLine, ServicePage

ON_FRONT = 6
GROUPS = ("personal", "legal")
NAMES = ("audience", "theme", "department", "life_event", "gate", "kind", "region", "across")


def audience_names(codes: Iterable[str]) -> tuple[str, ...]:
    """The audiences in words; a code that the list does not have is left out."""
    known = code_list("audience")
    return tuple(_(known.name(code)) for code in codes if code in known)


def _line(hit: Hit, words: str = "") -> ServiceLine:
    """One line of a list; on a page of results its link tells which words led there."""
    bundle = hit.kind == "bundle"
    guide = reverse("bundles:start" if bundle else "portal:guide", args=[hit.code])
    begin = reverse("bundles:start" if bundle else "cases:start", args=[hit.code]) if hit.applicable else ""
    if words:
        guide = f"{reverse('portal:opened', args=[hit.kind, hit.code])}?{urlencode({'q': words})}"
    tag, state = _state(hit)
    return ServiceLine(
        hit.code,
        _marked(hit.name, hit.marks),
        hit.summary,
        hit.department,
        audience_names(hit.audience),
        guide,
        begin,
        tag,
        state,
        _why(hit),
    )


def _lines(hits: Iterable[Hit], words: str = "", today: date | None = None) -> list[ServiceLine]:
    """
    Lines of a list; one with a service of a training region says so at the top of its page. `today`: with the mark of
    what halls of other districts receive on that day, by one statement.
    """
    found = list(hits)
    catalogue.notice_items(hit.code for hit in found)
    marked = across.codes_elsewhere(today, [hit.code for hit in found]) if today and found else frozenset()
    return [replace(_line(hit, words), across=hit.code in marked) for hit in found]


def _state(hit: Hit) -> tuple[str, str]:
    if hit.kind == "bundle":
        return "done", _("一件事一次办")
    if hit.applicable:
        return "done", _("可在线办理")
    if hit.handling_kind == "enquiry":
        return "received", _("查询、指引")
    if hit.handling_kind == "ex_officio":
        return "void", _("依职权，不用申请")
    return "special", _("指南不完整，暂不能网上申请")


def _marked(name: str, marks: Iterable[str]) -> str:
    """The name with what was asked for set off; signs between the words are no obstacle."""
    lit = [False] * len(name)
    for mark in marks:
        start = name.lower().find(mark)
        while mark and start >= 0:
            lit[start : start + len(mark)] = [True] * len(mark)
            start = name.lower().find(mark, start + len(mark))
    if not any(lit):
        return name
    runs: list[tuple[str, bool]] = []
    for letter, on in zip(name, lit, strict=True):
        if runs and runs[-1][1] == on:
            runs[-1] = (runs[-1][0] + letter, on)
        else:
            runs.append((letter, on))
    return format_html_join("", "{}", [(_mark(text) if on else text,) for text, on in runs])


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


def _why(hit: Hit) -> str:
    """Why something was found that does not say so itself."""
    where = {
        "alias": _("别名：{words}"),
        "text": _("材料、情形里有：{words}"),
        "sound": _("读音相近：{words}"),
        "initials": _("拼音首字母：{words}"),
        "name": _("“{said}”就是：{words}"),
    }
    told = []
    for said, place, words in hit.why:
        if place in where and (place != "name" or said.replace("…", "") != words.replace(" ", "")):
            told.append(where[place].format(said=said, words=words))
    return _("；").join(dict.fromkeys(told))


def _narrow(filters: Filters, today: date | None = None) -> Narrow:
    return Narrow(
        codes=across.codes_elsewhere(today) if filters.across and today else None,
        audience=filters.audience,
        theme=filters.theme,
        department=filters.department,
        life_event=filters.life_event,
        region=filters.region,
        gate=filters.gate,
        handling_kind=filters.kind,
    )


def search(filters: Filters, *, today: date | None = None, after: str = "") -> SearchPage:
    """What answers the words, best first; nothing where nothing does. `today`: for what is received elsewhere."""
    found = index.find(filters.words, _narrow(filters, today), after=after)
    return SearchPage(
        tuple(_lines(found.hits, filters.words, today)), found.hits[-1].code if found.more else "", found.said
    )


def suggestions(words: str) -> list[ServiceLine]:
    """The first few, while somebody types."""
    return _lines(index.suggestions(words), words)


def services(
    filters: Filters, *, today: date | None = None, after: str = "", before: str = ""
) -> ServicePage:
    """A page of the published services that fit, by name; an unknown cursor shows the first page."""
    page = index.listed(_narrow(filters, today), after=after, before=before)
    return ServicePage(tuple(_lines(page.hits, "", today)), page.before, page.after)


def on_front(audience: str) -> list[ServiceLine]:
    """The first services of this audience that can be applied for, for the front page."""
    found = index.listed(Narrow(audience=audience, gate="applicable"), most=ON_FRONT)
    return _lines(found.hits)


def by_audience() -> dict[str, dict[str, list[tuple[str, str, int]]]]:
    """
    Themes and life events that have a service for 个人 and for 法人, each (value, words, how many); events in the order
    of their lists. From counts, one statement.
    """
    counted = index.counted(index.THEMES, index.EVENTS)
    themes, events = (
        {group: [one for one in counted.get((letter, group), []) if one[0]] for group in GROUPS}
        for letter in (index.THEMES, index.EVENTS)
    )
    return {
        "themes": {group: [(one, one, n) for one, n in found] for group, found in themes.items()},
        "events": {group: _events(found) for group, found in events.items()},
    }


def _events(found: Iterable[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """Life events with their names, in the order of the lists."""
    return [
        (one, _(life_event_name(one)), n) for one, n in sorted(found, key=lambda of: life_event_rank(of[0]))
    ]


def buckets(audience: str) -> list[Bucket]:
    """First letters of names, in pages of about the same size."""
    return index.buckets(audience)


def of_letters(first: str, last: str, audience: str, after: str) -> tuple[list[ServiceLine], str]:
    """Services whose names begin with letters between these, a page of them, and after which code they go on."""
    found, more = index.of_letters(first, last, audience, after=after)
    return _lines(found), more


def choices(filters: Filters) -> list[tuple[str, list[Choice]]]:
    """The ways to narrow the list, each leading to something that exists; from counts, three statements."""
    group = filters.audience
    found = index.counted(index.THEMES, index.ORGANS, index.EVENTS, to=_narrow(filters))
    themes, organ_codes, events = (
        found.get((one, group), []) for one in (index.THEMES, index.ORGANS, index.EVENTS)
    )
    organs = {one.code: one.name for one in identity.departments()}
    return [
        _audience_choice(filters),
        (_("主题"), _choices(filters, "theme", [(one, one, n) for one, n in themes if one])),
        (
            _("部门"),
            _choices(filters, "department", [(one, organs.get(one, one), n) for one, n in organ_codes]),
        ),
        (_("人生和经营的大事"), _choices(filters, "life_event", _events(events))),
        *narrower(filters),
    ]


def chosen(filters: Filters) -> int:
    """How many ways of narrowing are in use; the words of a search are not counted."""
    return sum(getattr(filters, name) not in ("", "all") for name in NAMES)


def narrower(filters: Filters) -> list[tuple[str, list[Choice]]]:
    """Ways to narrow that fit a page of results too."""
    kinds = [(value.code, _(value.name), 0) for value in code_list("handling_kind")]
    return [
        (_("办理方式"), _choices(filters, "gate", [("applicable", _("可在线办理"), 0)])),
        (_("办理性质"), _choices(filters, "kind", kinds)),
        (_("在哪里交"), _choices(filters, "across", [("yes", _("可在别的区县交（通办）"), 0)])),
        (_("地区"), _regions(filters)),
    ]


def search_choices(filters: Filters) -> list[tuple[str, list[Choice]]]:
    """The ways to narrow what a search found."""
    return [_audience_choice(filters), *narrower(filters)]


def training_choices(filters: Filters) -> list[tuple[str, list[Choice]]]:
    """Where nothing was found: the training regions, which are looked into only for who asks for them."""
    marked = [(stem, n) for stem, n in index.region_counts() if training.is_training(stem)]
    return [(_("地区"), _region_choices(filters, marked))] if marked else []


def _audience_choice(filters: Filters) -> tuple[str, list[Choice]]:
    values = [("personal", _("个人"), 0), ("legal", _("法人"), 0)]
    return _("服务对象"), _choices(filters, "audience", values, everything="all")


def _regions(filters: Filters) -> list[Choice]:
    """Regions below which something stands; none to choose where all is of one."""
    found = index.region_counts()
    whole = max((n for _stem, n in found), default=0)
    return _region_choices(filters, [(stem, n) for stem, n in found if n < whole])


def _region_choices(filters: Filters, parts: list[tuple[str, int]]) -> list[Choice]:
    return _choices(filters, "region", [(stem, _region_name(stem), n) for stem, n in parts[:40]])


@cache
def _region_name(stem: str) -> str:
    return regions.full_name(f"{stem:0<12}") or stem


def _choices(
    filters: Filters, name: str, values: list[tuple[str, str, int]], *, everything: str = ""
) -> list[Choice]:
    given = getattr(filters, name)
    if not values:
        return []
    # A number tells what the list will show: it counts by audience alone, and regions not even by that.
    others = set(NAMES) - {name, *(() if name == "region" else ("audience",))}
    alone = not filters.words and all(getattr(filters, one) in ("", "all") for one in others)
    every = [(everything, _("全部"), 0), *values]
    return [
        Choice(label, address(filters, **{name: value}), value == given, number if alone else 0)
        for value, label, number in every
    ]


def address(filters: Filters, **changed: str) -> str:
    """The query of a list with these filters; what is not narrowed is left out, the audience always stands."""
    values = {"q": filters.words, **{name: getattr(filters, name) for name in NAMES}}
    return "?" + urlencode({name: value for name, value in {**values, **changed}.items() if value})
