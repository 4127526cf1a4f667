"""What a clerk at the window sees of the person before her and of the draft she fills in; masked where it can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.amending import selectors as paper
from mingqu.cases.services import promises, window
from mingqu.cases.services.filing import definition_of_draft
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.search import selectors as search
from mingqu.catalogue.search.types import Narrow
from mingqu.catalogue.types import Definition
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import DocumentView, FileView
from mingqu.evaluation import selectors as evaluation
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView, FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.identity.types import AssistingActor
from mingqu.kernel.codelists import code_list
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name, mask_number, mask_phone
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_moment
from mingqu.ui.types import Fact
from mingqu.workbench.selectors.words import status_words
from mingqu.workbench.types import StatusWords

if TYPE_CHECKING:
    from mingqu.cases.models import AskedAnswer, Case
    from mingqu.catalogue.models import ServiceItem

LISTED = 20
LOOKED_AT = 200  # answers that are looked through for what this window receives for


@dataclass(frozen=True)
class CaseLine:
    """A case of the person, and what can be done with it at the window now."""

    number: str
    name: str
    status: StatusWords
    due_on: date | None
    waits: bool  # for something to be brought
    collect: bool


@dataclass(frozen=True)
class DraftLine:
    id: UUID
    name: str
    saved_on: date


@dataclass(frozen=True)
class PersonPage:
    """Who stands here, masked."""

    name: str
    document: str
    phone: str
    cases: list[CaseLine]
    drafts: list[DraftLine]
    certificates: list[CertificateView]


def person(by: AssistingActor, at: Instant) -> PersonPage:
    """Her cases, drafts and certificates as far as this window may see them."""
    assert by.applicant_id is not None
    known = identity.person(by.applicant_id)
    phone = identity.contact_of(known.id)
    found = cases.cases_of_people(by, [known.id], limit=LISTED)
    kind = known.document_kind or "citizen_number"
    number = known.citizen_number or known.document_number
    return PersonPage(
        name=mask_name(known.name),
        document=f"{code_list('identity_document').name(kind)} {mask_number(number)}",
        phone=mask_phone(phone) if phone else "",
        cases=[_case_line(by, case) for case in sorted(found, key=lambda c: not c.is_open)],
        drafts=_drafts(by, at),
        certificates=certificates.held_by(by, known.id, at)[:LISTED],
    )


def _case_line(by: AssistingActor, case: "Case") -> CaseLine:
    actions = cases.actions_now(by, case)
    return CaseLine(
        number=case.number,
        name=f"{case.item_name}（{case.handling_item}）",
        status=status_words(case.status, case.outcome),
        due_on=case.due_on,
        waits="case.supplement" in actions or ("case.bring_owed" in actions and case.owes),
        collect="case.deliver" in actions and case.delivery_way == "window" and not case.by_post,
    )


def _drafts(by: AssistingActor, at: Instant) -> list[DraftLine]:
    assert by.applicant_id is not None
    lines = []
    for view in drafts.drafts_of(by, at=at):
        definition = _definition(by, view)
        if definition is not None:
            name = f"{definition.item.name}（{definition.handling_item.name}）"
            lines.append(DraftLine(view.draft_id, name, legal_day(view.saved_at)))
    return lines


def _definition(by: AssistingActor, view: DraftView) -> Definition | None:
    """None for what is no application of this window's: another department's, or a bundle."""
    if "revision_id" not in view.context:
        return None
    definition = definition_of_draft(view)
    try:
        window.require_mandate(by, definition)
    except NotAuthorised:
        return None
    return definition


# What she wants to have done ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemLine:
    """An item with its 业务办理项."""

    code: str
    name: str
    organ: str
    handling: list[tuple[str, str]]


def items(by: AssistingActor, words: str) -> list[ItemLine]:
    """Items of every department this window receives for, found as citizens find them: words, pinyin, initials."""
    within = access.scope(by, "case.file").q()
    offered = catalogue.published_items().filter(within, applicable=True)
    if not words.strip():
        return [_item_line(row) for row in offered[:LISTED]]
    found = search.find(words, Narrow(gate="applicable", kind="item"), most=LOOKED_AT).hits
    rows = {row.code: row for row in offered.filter(code__in=[hit.code for hit in found])}
    return [_item_line(rows[hit.code]) for hit in found if hit.code in rows][:LISTED]


def _item_line(row: "ServiceItem") -> ItemLine:
    assert row.current_id is not None
    document = catalogue.document(row.current_id)
    return ItemLine(
        row.code, row.name, row.department.name, [(h.code, h.name) for h in catalogue.applicable(document)]
    )


@dataclass(frozen=True)
class StartPage:
    """The questions of one 业务办理项; for all but 新办 the certificates it may act on."""

    item_code: str
    definition: Definition
    certificates: list[CertificateView]
    known: dict[str, Any]  # answers that the only certificate brings along

    @property
    def name(self) -> str:
        return f"{self.definition.item.name}（{self.definition.handling_item.name}）"

    @property
    def certificates_needed(self) -> bool:
        return self.definition.handling_item.acts_on_certificate

    def chosen(self, text: str) -> UUID | None:
        return next((c.id for c in self.certificates if str(c.id) == text), None)


def start(by: AssistingActor, item_code: str, handling: str, at: Instant) -> StartPage:
    """Raises ItemUnknown, HandlingUnknown, NotAuthorised."""
    assert by.applicant_id is not None
    _item, definition = catalogue.current_definition(item_code, handling)
    window.require_mandate(by, definition)
    held: list[CertificateView] = []
    if definition.handling_item.acts_on_certificate:
        wanted = definition.result.certificate_type
        every = certificates.held_by(by, by.applicant_id, at)
        held = [c for c in every if c.type_code == wanted and c.state in {"valid", "expired"}]
    known: dict[str, Any] = {}
    if len(held) == 1:
        carried, _answers = window.carried(item_code, definition, held[0], by)
        many = {q.ask for q in definition.situations if q.many}
        known = {ask: values if ask in many else values[0] for ask, values in carried.items() if values}
    return StartPage(item_code, definition, held, known)


# The draft ------------------------------------------------------------------------------------------------


def steps(schema: FormSchema, here: str) -> list[tuple[str, str, bool]]:
    """Name, address part and whether it is this page: the way through a draft, of a bundle too."""
    pages = [(page.title, f"page/{page.number}", here == f"page{page.number}") for page in schema.pages]
    return [
        *pages,
        ("材料", "materials", here == "materials"),
        ("核对、签名、提交", "check", here == "check"),
    ]


@dataclass(frozen=True)
class MaterialLine:
    """A material on the clerk's table."""

    code: str
    name: str
    explain: str
    copies: int
    field: Any
    counted: Any  # the field for how many came
    files: list[FileView]
    state: str
    certificate: CertificateView | None
    told: list[str]  # the words to read out where it may be promised


STATES = {"given": "有了", "owed": "容缺", "missing": "还缺", "absent": "不用交"}


def materials(draft: window.WindowDraft, form: Any) -> list[MaterialLine]:
    return [
        MaterialLine(
            code=one.material.code,
            name=one.material.name,
            explain=one.material.explain,
            copies=one.material.copies,
            field=form[f"way-{one.material.code}"],
            counted=form[f"copies-{one.material.code}"],
            files=draft.files.get(one.material.code, []),
            state=STATES.get(one.provided.state, ""),
            certificate=one.certificate,
            told=_told(draft, one),
        )
        for one in draft.provided
    ]


def _told(draft: window.WindowDraft, one: Any) -> list[str]:
    """What the applicant promises, to be read out before she signs."""
    lines: list[str] = []
    for way, kind in (("promise", "promise"), ("owed", "gap")):
        if way in window.ways_of(one):
            words: Mapping[str, Any] = promises.words_of(draft.definition, one.material, kind)
            lines += [str(line) for line in words.get("promised", [])]
    return lines


def ways(draft: window.WindowDraft) -> dict[str, Any]:
    """How each material stands now, and how many there are on paper, as the form begins."""
    chosen: dict[str, Any] = {}
    for one in draft.provided:
        code = one.material.code
        if one.certificate is not None:
            way = "certificate"
        elif code in draft.on_paper:
            way = draft.on_paper[code].how
        elif draft.files.get(code):
            way = "scan"
        elif one.provided.state == "owed":
            way = "owed"
        elif one.signed is not None:
            way = "promise"
        else:
            way = ""
        chosen[f"way-{code}"] = way
        on_paper = draft.on_paper.get(code)
        chosen[f"copies-{code}"] = (on_paper.copies if on_paper else 0) or one.material.copies
    return chosen


def copies_of(one: Any) -> int:
    """How many came on paper: as counted, else as many as are asked for."""
    return int(one.provided.copies or one.material.copies)


def paper_words(one: Any) -> str:
    """What came on paper and how many, and where there are fewer than asked for, how many lack."""
    came, asked = copies_of(one), int(one.material.copies)
    kind = "复印件" if one.provided.how == "copy" else "原件已核对"
    return f"{kind}，{came}份" + (f"（要求{asked}份，少{asked - came}份）" if came < asked else "")


def summary(draft: window.WindowDraft) -> dict[str, Any]:
    """The last look: what was typed, what was handed in, what still stands in the way."""
    rows = forms.rows(draft.schema, draft.view.answers, reveal=True)
    questions = {q.ask: q for q in draft.definition.situations}
    answers = draft.situation.answers
    return {
        "sections": [
            (page, [Fact(r.title, r.text) for r in rows if r.page == page.number])
            for page in draft.schema.pages
        ],
        "situation": [Fact(questions[ask].text, _words(questions[ask], answers[ask])) for ask in answers],
        "materials": [Fact(one.material.name, _how(draft, one)) for one in draft.provided],
        "problems": draft.problems,
        "missing": draft.missing,
    }


def _words(question: Any, given: Any) -> str:
    chosen = given if isinstance(given, list) else [given]
    return "、".join(question.options.get(value, value) for value in chosen)


def _how(draft: window.WindowDraft, one: Any) -> str:
    files = len(draft.files.get(one.material.code, []))
    words = {
        "certificate": "调用电子证照",
        "paper": paper_words(one),
        "copy": paper_words(one),
        "commitment": "告知承诺，已签名",
        "upload": f"扫描件{files}个" if files else "还缺",
    }
    if one.provided.state == "owed":
        return "容缺后补，已书面承诺"
    if not one.done:
        return "还缺"
    return words.get(one.provided.how, "有了")


@dataclass(frozen=True)
class Waits:
    """What a case waits for from its applicant: 补正 (all together) or 容缺补齐 (piece by piece)."""

    kind: str
    title: str
    done: str
    rows: list[tuple[str, str, str, list[FileView]]]  # code, name, what about it, files so far
    answers: "list[AskedAnswer]" = field(default_factory=list)  # fields of the form to be changed

    @property
    def codes(self) -> list[str]:
        return [code for code, *_ in self.rows]


def waits(by: AssistingActor, case: "Case") -> Waits | None:
    """None where nothing is waited for, or the case is another person's."""
    if case.applicant_id != by.applicant_id:
        return None
    actions = cases.actions_now(by, case)
    there = cases.waiting_uploads(case.pk)
    every = cases.materials_of(case)
    if "case.supplement" in actions:
        rows = [(m.code, m.name, m.asked or "", there.get(m.code, [])) for m in every if m.state == "asked"]
        done = "补正材料已提交，五个工作日重新计算。"
        return Waits("correction", "补正材料", done, rows, cases.asked_answers(case))
    if "case.bring_owed" in actions and case.owes:
        rows = [
            (
                m.code,
                m.name,
                f"承诺{m.owed_until:%Y年%-m月%-d日}前补交" if m.owed_until else "",
                there.get(m.code, []),
            )
            for m in every
            if m.state == "owed"
        ]
        return Waits("owed", "补齐容缺材料", "容缺材料已收到。", rows)
    return None


def slips(by: AssistingActor, draft: window.WindowDraft) -> list[tuple[str, str]]:
    """Confirmed paper slips of this item that nobody has typed in, for the last look (补录)."""
    found = paper.slips_of(by, draft.definition.item.code)
    return [(one, f"{number}，{zh_moment(received)}收件") for one, number, received in found]


def filed(by: AssistingActor, case: "Case", at: Instant) -> dict[str, Any]:
    """The slip: number and code in the clear, and what this window may do next."""
    actions = cases.actions_now(by, case)
    definition = cases.definition_of(case)
    if not definition.on_the_spot:
        actions -= {"case.settle"}
    receipt: DocumentView | None = next(
        (d for d in documents.documents_of(case.pk) if d.kind == "receipt"), None
    )
    return {
        "case": case,
        "actions": actions,
        "receipt": receipt,
        "organ": identity.department(case.department_id).name,
        "law": cases.legally_bracketed("silence", case.item_type),
        "may_be_rated": evaluation.may_be_rated_at_window(case.pk, case.status, case.item_type),
        "today": legal_day(at),
    }
