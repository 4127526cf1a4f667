"""Questions to the law library. An empty library knows no law and says so."""

from collections.abc import Iterable, Mapping
from datetime import date

from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import spoken, to_citizens
from mingqu.kernel.types import Actor
from mingqu.law import naming, rules
from mingqu.law.models import Article, AwaitedChange, Law, LawVersion
from mingqu.law.rules import anchor, article_of, citations, key_of, words_of
from mingqu.law.types import ArticleText, Mention, Standing
from mingqu.law.uses import Use, offer_uses
from mingqu.ui import language

NOT_KEPT = to_citizens("法规库里没有{law}，是否有效没有查证。")
NO_SUCH = to_citizens("{law}（{version}）里没有{place}。")
NO_ARTICLES = to_citizens("这一版的条文还没有入库，条号请核对。")
NOT_VERBATIM = to_citizens("这里是条文的要点，不是原文。")

Place = tuple[str, int, int]  # law as written, article (0: the whole), suffix

__all__ = [
    "Use",
    "anchor",
    "any_known",
    "article",
    "article_of",
    "changes_awaited",
    "citations",
    "edition_of",
    "key_of",
    "known",
    "laying_down",
    "mentions",
    "offer_uses",
    "slug_of",
    "slugs_of",
    "standing",
    "standings",
    "words_of",
]


def known(law: str) -> bool:
    """Whether the library has this law, by full or short name."""
    return Law.objects.filter(key=rules.key_of(law)).exists()


def any_known() -> bool:
    """Whether there is a library at all."""
    return Law.objects.exists()


def changes_awaited(actor: Actor) -> int:
    """How many recorded changes wait for this officer's word: those of others (four eyes)."""
    waiting = AwaitedChange.objects.filter(state=AwaitedChange.State.WAITING)
    return waiting.exclude(by_id=actor.id).count()


def slug_of(law: str) -> str:
    """The address of a law's page within /laws/, by full or short name; "" if the library has not got it."""
    return Law.objects.filter(key=rules.key_of(law)).values_list("slug", flat=True).first() or ""


def slugs_of(laws: Iterable[str]) -> Mapping[str, str]:
    """`slug_of` of many, by the name as given; what is unknown is left out."""
    keys = {law: rules.key_of(law) for law in laws}
    held = dict(Law.objects.filter(key__in=set(keys.values())).values_list("key", "slug"))
    return {law: held[key] for law, key in keys.items() if key in held}


def standing(law: str, article: int, *, on: date, suffix: int = 0) -> Standing:
    """How an article (0: the law as a whole) stands on a day, and in words what that rests on."""
    return standings([(law, article, suffix)], on=on)[law, article, suffix]


def article(law: str, article: int, *, on: date, suffix: int = 0) -> ArticleText | None:
    """The article as the version of that day has it; None if there is none or nothing was in force."""
    return standing(law, article, on=on, suffix=suffix).article


def standings(places: Iterable[Place], *, on: date) -> Mapping[Place, Standing]:
    """`standing` of many at once, in three statements."""
    wanted = list(dict.fromkeys(places))
    keys = {law: rules.key_of(law) for law, _, _ in wanted}
    laws = {law.key: law for law in Law.objects.filter(key__in=set(keys.values()))}
    versions: dict[object, list[LawVersion]] = {}
    for version in LawVersion.objects.filter(law__in=laws.values()).defer("history"):
        versions.setdefault(version.law_id, []).append(version)
    chosen = {key: _chosen(versions.get(law.pk, []), on) for key, law in laws.items()}
    rows = _articles(wanted, keys, chosen)
    answers = {}
    for place in wanted:
        law, number, suffix = place
        key = keys[law]
        if key not in laws or chosen[key] is None:
            answers[place] = Standing("unknown_law", spoken(NOT_KEPT).format(law=f"《{law}》"))
            continue
        version, found = chosen[key]  # type: ignore[misc]  # not None: looked at above
        row = rows.get((version.pk, number, suffix))
        answers[place] = _standing(laws[key], version, found, (number, suffix), row)
    return answers


MOST_PLACES = 400  # of one name: what stands in more articles is a common word
TRIED = 6  # of the articles that lay a thing down, the first that stands so today counts


def laying_down(names: Iterable[str], *, on: date) -> Mapping[str, tuple[Place, Standing]]:
    """
    By name of a thing (取水许可, 保安员证) the article in force that asks for it or gives it, as a proposal for what an
    item called so may rest on. Names of which the library finds none are left out.
    """
    found = {name: naming.foremost(name, _places(name)) for name in dict.fromkeys(names) if len(name) > 1}
    tried = {name: [(one.law, one.article, 0) for one in rows[:TRIED]] for name, rows in found.items()}
    wanted = [place for places in tried.values() for place in places]
    stand = standings(wanted, on=on) if wanted else {}
    answers = {}
    for name, places in tried.items():
        good = (place for place in places if stand[place].state == "in_force" and _says(stand[place], name))
        if (first := next(good, None)) is not None:
            answers[name] = (first, stand[first])
    return answers


NAMED = 3  # laws shown that are called so
LOOKED_AT = 200  # articles with the words; what stands in more is a common word
AROUND = 40  # characters shown before and after the words


def mentions(words: str, *, on: date, most: int = 5) -> tuple[list[Mention], list[Mention]]:
    """
    Laws with the words in their names, and articles in which they stand, one of each law, the higher law first; none
    that is over or has not begun. For a page that searches more than laws. Three statements; nothing for a single sign.
    """
    asked = "".join(words.split())
    if len(asked) < 2:
        return [], []
    pairs = rules.grams(asked)
    called = Law.objects.filter(signs__contains=pairs, full_name__contains=asked).order_by("key")[:NAMED]
    rows = Article.objects.filter(grams__contains=pairs, text__contains=asked).exclude(version__retired=True)
    held: dict[object, Article] = {}
    for row in rows.defer("grams").select_related("version__law").order_by("pk")[:LOOKED_AT]:
        if row.number:
            held.setdefault(row.version_id, row)
    versions: dict[object, list[LawVersion]] = {}
    laws = {row.version.law_id for row in held.values()}
    for version in LawVersion.objects.filter(law__in=laws).defer("history", "files"):
        versions.setdefault(version.law_id, []).append(version)
    counts = {law: _chosen(of, on) for law, of in versions.items()}
    state: dict[object, str] = {one[0].pk: one[1].state for one in counts.values() if one}
    ranks = {one.code: rank for rank, one in enumerate(code_list("law_kind"))}
    good = [row for version, row in held.items() if state.get(version) in ("in_force", "unknown_date")]
    good.sort(key=lambda row: (ranks.get(row.version.law.kind, len(ranks)), row.version.law.key))
    articles = [_mention(row, asked, state[row.version_id] == "in_force") for row in good[:most]]
    return [Mention(law.name, law.slug) for law in called], articles


def _mention(row: Article, asked: str, sure: bool) -> Mention:
    before, words, after = row.text.partition(asked)
    return Mention(
        row.version.law.name,
        row.version.law.slug,
        row.version.label,
        rules.words_of(row.number, row.suffix),
        rules.anchor(row.number, row.suffix),
        "…" + before[-AROUND:] if len(before) > AROUND else before,
        words,
        after[:AROUND] + "…" if len(after) > AROUND else after,
        sure,
        not row.version.complete,
    )


def _places(name: str) -> list[naming.Place]:
    """Where the name stands, in whatever version; an article 第…条之… can't be cited by a definition."""
    rows = Article.objects.filter(
        grams__contains=rules.grams(name), text__contains=name, number__gt=0, suffix=0
    )
    rows = rows.exclude(version__retired=True).order_by("version__law__key", "number")
    found = rows.values_list("version__law__name", "version__law__kind", "number", "text")[:MOST_PLACES]
    ranks = {one.code: rank for rank, one in enumerate(code_list("law_kind"))}
    return [naming.Place(law, ranks.get(kind, len(ranks)), number, text) for law, kind, number, text in found]


def _says(standing: Standing, name: str) -> bool:
    return standing.article is not None and naming.lays_down(standing.article.text, name)


def edition_of(version: LawVersion) -> rules.Edition:
    return rules.Edition(
        version.label,
        version.decided_on,
        version.since,
        version.as_of,
        version.repealed,
        version.until,
    )


def _chosen(versions: list[LawVersion], on: date) -> tuple[LawVersion, rules.Found] | None:
    found = rules.on_day([edition_of(version) for version in versions], on)
    if found is None:
        return None
    return next(version for version in versions if version.label == found.edition.label), found


def _articles(
    wanted: Iterable[Place],
    keys: Mapping[str, str],
    chosen: Mapping[str, tuple[LawVersion, rules.Found] | None],
) -> Mapping[tuple[object, int, int], Article]:
    pairs = {
        (one[0].pk, number)
        for law, number, _ in wanted
        if number and (one := chosen.get(keys[law])) is not None
    }
    rows = Article.objects.filter(
        version__in={version for version, _ in pairs}, number__in={number for _, number in pairs}
    ).defer("grams")
    return {(row.version_id, row.number, row.suffix): row for row in rows}


def _standing(
    law: Law, version: LawVersion, found: rules.Found, place: tuple[int, int], row: Article | None
) -> Standing:
    number, suffix = place
    text = article_text(law, version, row) if row else None
    state, sentence = found.state, rules.sentence(law.name, found, language.day)
    if number and row is None:
        if version.complete:
            state = "no_such_article"
            given = {
                "law": f"《{law.name}》",
                "version": version.label,
                "place": rules.words_of(number, suffix),
            }
            sentence = spoken(NO_SUCH).format(**given)
        else:
            state, sentence = "unknown_date", sentence + spoken(NO_ARTICLES)
    elif not version.complete and row:
        sentence += spoken(NOT_VERBATIM)
    successor = found.successor.label if found.successor and state == "repealed" else ""
    return Standing(state, sentence, text, found.since, found.until, successor)


def article_text(law: Law, version: LawVersion, row: Article) -> ArticleText:
    return ArticleText(
        law.full_name, row.number, row.suffix, row.heading, row.text, version.label, version.since
    )
