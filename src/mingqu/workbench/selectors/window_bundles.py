"""What a clerk at the window sees of bundles (一件事): of the person's, and of the draft she fills in."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.services import Provision, window, words_of
from mingqu.cases.bundles.services.drafts import BundleDraft, open_draft
from mingqu.cases.services.on_paper import ON_PAPER
from mingqu.cases.services.window import ways_of
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.search import selectors as search
from mingqu.catalogue.search.types import Narrow
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.types import Fact
from mingqu.workbench.selectors.window import LOOKED_AT, STATES, MaterialLine, copies_of, paper_words

LISTED = 20


@dataclass(frozen=True)
class BundleLine:
    """A bundle of the person, and what can be done with it at the window now."""

    number: str
    name: str
    words: str
    due_on: date | None
    waits: bool
    collect: bool
    owed: list[tuple[str, str]]  # (name, case number) of parts for which something promised is to follow


@dataclass(frozen=True)
class DraftLine:
    id: UUID
    name: str
    saved_on: date


def offered(by: AssistingActor, words: str) -> list[tuple[str, str]]:
    """(code, name) of bundles this window receives, found as citizens find them: words, pinyin, initials."""
    if not words.strip():
        return []
    found = [hit.code for hit in search.find(words, Narrow(kind="bundle"), most=LOOKED_AT).hits]
    within = access.scope(by, "bundle.file").q(department="lead_id", item_type="kind")
    names = dict(catalogue.published_bundles().filter(within, code__in=found).values_list("code", "name"))
    return [(code, names[code]) for code in found if code in names][:LISTED]


def person(by: AssistingActor, at: Instant) -> dict[str, Any]:
    """The bundles of who stands here, as far as this window may see them, and drafts of bundles it receives."""
    assert by.applicant_id is not None
    return {"bundles": _bundles(by), "bundle_drafts": _drafts(by, at)}


def _bundles(by: AssistingActor) -> list[BundleLine]:
    assert by.applicant_id is not None
    found = [b for b in selectors.bundles_of(by.applicant_id, limit=LISTED) if selectors.may_see(by, b)]
    lines = []
    for bundle in found:
        actions = selectors.actions_now(by, bundle)
        parts = list(bundle.parts.all())
        waits = any(part.state == "correction" for part in parts)
        owing = {part.case_number: part.name for part, _material in selectors.owed_materials(parts)}
        lines.append(
            BundleLine(
                number=bundle.number,
                name=bundle.name,
                words=bundle.get_status_display(),
                due_on=bundle.due_on,
                waits=waits and "bundle.supplement" in actions,
                collect="bundle.deliver" in actions
                and bundle.delivery_way == "window"
                and not bundle.by_post,
                owed=[(name, number) for number, name in owing.items()],
            )
        )
    return lines


def _drafts(by: AssistingActor, at: Instant) -> list[DraftLine]:
    assert by.applicant_id is not None
    lines = []
    for view in drafts.drafts_of(by, at=at):
        if "bundle_revision" not in view.context:
            continue
        draft = open_draft(draft_id=view.draft_id, by=by, at=at)
        try:
            window.require_mandate(by, draft.of)
        except NotAuthorised:
            continue
        lines.append(DraftLine(draft.id, draft.name, legal_day(view.saved_at)))
    return lines


def materials(draft: BundleDraft, form: Any) -> list[MaterialLine]:
    names = {part.code: part.name for part in draft.wanted.parts}
    return [
        MaterialLine(
            code=one.code,
            name=one.material.name,
            explain=f"用于：{'、'.join(names[part] for part in one.merged.to)}。{one.material.explain}",
            copies=one.material.copies,
            field=form[f"way-{one.code}"],
            counted=form[f"copies-{one.code}"],
            files=draft.files.get(one.code, []),
            state=STATES.get(one.provided.state, ""),
            certificate=one.certificate,
            told=_told(draft, one),
        )
        for one in draft.provisions
    ]


def _told(draft: BundleDraft, one: Provision) -> list[str]:
    """What the applicant promises, to be read out before she signs."""
    lines: list[Any] = []
    for way, kind in (("promise", "promise"), ("owed", "gap")):
        if way in ways_of(one):  # type: ignore[arg-type]
            for _part, wording in words_of(draft.of, one.merged, kind):
                promised: Any = wording.words.get("promised", [])
                lines += promised
    return list(dict.fromkeys(str(line) for line in lines))


def ways(draft: BundleDraft) -> dict[str, Any]:
    """How each material stands now, and how many there are on paper, as the form begins."""
    chosen: dict[str, Any] = {}
    for one in draft.provisions:
        if one.certificate is not None:
            way = "certificate"
        elif one.provided.how in ON_PAPER:
            way = one.provided.how
        elif draft.files.get(one.code):
            way = "scan"
        elif one.provided.state == "owed":
            way = "owed"
        else:
            way = "promise" if one.signed is not None else ""
        chosen[f"way-{one.code}"] = way
        chosen[f"copies-{one.code}"] = copies_of(one)
    return chosen


def summary(draft: BundleDraft) -> dict[str, Any]:
    """The last look: what was typed, what was handed in, what still stands in the way."""
    rows = forms.rows(draft.schema, draft.view.answers, reveal=True)
    asked = catalogue.questions(draft.of, draft.wanted.answers)
    return {
        "sections": [
            (page, [Fact(r.title, r.text) for r in rows if r.page == page.number])
            for page in draft.schema.pages
        ],
        "situation": [
            *(
                Fact(q.text, _words(q.options, draft.wanted.answers[q.ask]))
                for q in asked
                if q.ask in draft.wanted.answers
            ),
            Fact("一起办的事项", "、".join(str(part.name) for part in draft.wanted.parts)),
            Fact("牵头部门", identity.department_by_code(draft.of.document.lead).name),
        ],
        "materials": [Fact(one.material.name, _how(draft, one)) for one in draft.provisions],
        "problems": draft.problems,
        "missing": [one.material.name for one in draft.missing],
    }


def _words(options: dict[str, str], given: Any) -> str:
    chosen = given if isinstance(given, list) else [given]
    return "、".join(str(options.get(value, value)) for value in chosen)


def _how(draft: BundleDraft, one: Provision) -> str:
    if one.provided.state == "owed":
        return "容缺后补，已书面承诺"
    if not one.done:
        return "还缺"
    words = {
        "certificate": "调用电子证照",
        "paper": paper_words(one),
        "copy": paper_words(one),
        "commitment": "告知承诺，已签名",
        "upload": f"扫描件{len(draft.files.get(one.code, []))}个",
    }
    return words.get(one.provided.how, "有了") if one.provided.state == "given" else "不交"
