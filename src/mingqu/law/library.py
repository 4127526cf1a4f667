"""What the pages of the library show: laws by name, one law as of a day, words found in articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet

from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import to_citizens
from mingqu.law import rules, selectors
from mingqu.law.errors import LawUnknown
from mingqu.law.models import Article, AwaitedChange, Law, LawChange, LawVersion
from mingqu.law.types import State
from mingqu.ui import language

PAGE = 30
LONGEST = 60  # characters of a search
SHORTEST = 2  # an article is looked up by pairs of signs
STATES: dict[State, tuple[str, str]] = {
    "in_force": ("done", to_citizens("现行有效")),
    "not_yet": ("special", to_citizens("尚未施行")),
    "repealed": ("void", to_citizens("已失效")),
    "unknown_date": ("special", to_citizens("是否有效尚待核实")),
    "no_such_article": ("refused", to_citizens("没有这一条")),
    "unknown_law": ("refused", to_citizens("没有收录")),
}
SOURCES = {
    "index": to_citizens("资料目录载明"),
    "header": to_citizens("法规题注载明"),
    "text": to_citizens("法规条文载明"),
    "staff": to_citizens("工作人员登记"),
    "": to_citizens("来源没有写明"),
}


@dataclass(frozen=True)
class Shown:
    """A law or one version of it on a day, in words."""

    law: Law
    version: LawVersion
    state: State
    sentence: str
    kind: str

    @property
    def tag(self) -> tuple[str, str]:
        return STATES[self.state]

    @property
    def since_words(self) -> str:
        return SOURCES[self.version.since_from]


@dataclass(frozen=True)
class Part:
    """The articles under one heading."""

    heading: str
    anchor: str
    articles: list[Article]


@dataclass(frozen=True)
class Hit:
    """An article in which the words stand: what is before, the words, what is after."""

    article: Article
    law: Law
    before: str
    words: str
    after: str


def as_of() -> date | None:
    """
    The newest day for which what was read in holds; None while the library is empty. One change recorded by staff says
    nothing of the other laws.
    """
    found: date | None = LawVersion.objects.exclude(files=[]).aggregate(newest=Max("as_of"))["newest"]
    return found


def laws(*, on: date, words: str = "", kind: str = "", after: str = "") -> tuple[list[Shown], str]:
    """By name, and the key to go on from ("" at the end)."""
    found = Law.objects.order_by("key")
    for word in words[:LONGEST].split():
        found = found.filter(full_name__icontains=word)
        if len(word) >= SHORTEST:
            found = found.filter(signs__contains=rules.grams(word))
    if kind:
        found = found.filter(kind=kind)
    if after:
        found = found.filter(key__gt=after)
    rows = list(found[: PAGE + 1])
    return _shown(rows[:PAGE], on), rows[PAGE - 1].key if len(rows) > PAGE else ""


def kinds() -> list[tuple[str, str]]:
    """Those that the library has, in the order of their rank."""
    held = set(Law.objects.values_list("kind", flat=True).distinct())
    return [(one.code, one.name) for one in code_list("law_kind") if one.code in held]


def _shown(rows: Sequence[Law], on: date) -> list[Shown]:
    versions: dict[UUID, list[LawVersion]] = {}
    for version in LawVersion.objects.filter(law__in=rows).defer("history", "files"):
        versions.setdefault(version.law_id, []).append(version)
    return [one for law in rows if (one := _on_day(law, versions.get(law.pk, []), on))]


def _on_day(law: Law, versions: Sequence[LawVersion], on: date) -> Shown | None:
    found = rules.on_day([selectors.edition_of(version) for version in versions], on)
    if found is None:
        return None
    version = next(one for one in versions if one.label == found.edition.label)
    kind = code_list("law_kind").name(law.kind)
    return Shown(law, version, found.state, rules.sentence(law.name, found, language.day), kind)


def law_by_slug(slug: str) -> Law:
    """Raises LawUnknown."""
    found = Law.objects.filter(slug=slug).first()
    if found is None:
        raise LawUnknown()
    return found


def versions_of(law: Law) -> list[LawVersion]:
    """Newest first."""
    return sorted(
        LawVersion.objects.filter(law=law),
        key=lambda one: (one.decided_on or date.min, one.label),
        reverse=True,
    )


def law_on(law: Law, versions: Sequence[LawVersion], on: date, label: str = "") -> Shown:
    """The version of a day, or the one asked for with what it is on that day. Raises LawUnknown."""
    counts = _on_day(law, versions, on)
    if counts is None:
        raise LawUnknown()
    if not label or counts.version.label == label:
        return counts
    version = next((one for one in versions if one.label == label), None)
    if version is None:
        raise LawUnknown()
    found = rules.of_edition([selectors.edition_of(one) for one in versions], label, on)
    return Shown(law, version, found.state, rules.sentence(law.name, found, language.day), counts.kind)


def parts(version: LawVersion) -> list[Part]:
    """Its articles in order, under their headings."""
    found: list[Part] = []
    for row in Article.objects.filter(version=version).defer("grams").order_by("position"):
        if not found or found[-1].heading != row.heading:
            found.append(Part(row.heading, f"p{len(found) + 1}", []))
        found[-1].articles.append(row)
    return found


def awaited(law: Law | None = None) -> list[AwaitedChange]:
    """What waits for another officer, the oldest first: of one law, or of all."""
    found = AwaitedChange.objects.filter(state=AwaitedChange.State.WAITING).select_related("law")
    return list((found.filter(law=law) if law else found).order_by("at", "id")[:PAGE])


def declined(law: Law) -> list[AwaitedChange]:
    """What was recorded and never had an effect, newest first."""
    return list(
        AwaitedChange.objects.filter(law=law, state=AwaitedChange.State.DECLINED).order_by("-at")[:PAGE]
    )


def changes(law: Law) -> list[LawChange]:
    """What staff recorded, newest first."""
    return list(LawChange.objects.filter(law=law).select_related("version").order_by("-at"))


def hits(words: str, *, after: str = "") -> tuple[list[Hit], str]:
    """Articles with these words side by side, and the id to go on from; none for a single sign."""
    asked = "".join(words.split())[:LONGEST]
    if len(asked) < SHORTEST:
        return [], ""
    found = _with_words(asked)
    try:
        found = found.filter(pk__gt=UUID(after)) if after else found
    except ValueError:
        return [], ""
    rows = list(found[: PAGE + 1])
    return [_hit(row, asked) for row in rows[:PAGE]], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def _with_words(asked: str) -> QuerySet[Article]:
    found = Article.objects.filter(grams__contains=rules.grams(asked), text__contains=asked)
    found = found.exclude(version__retired=True)
    return found.defer("grams").select_related("version__law").order_by("pk")


def _hit(row: Article, asked: str) -> Hit:
    before, words, after = row.text.partition(asked)
    short = "…" + before[-40:] if len(before) > 40 else before
    return Hit(row, row.version.law, short, words, after[:80] + ("…" if len(after) > 80 else ""))
