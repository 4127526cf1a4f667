"""What the address of the questions holds: the 业务办理项, the certificate it acts on, and the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases.services.filing import handling_of
from mingqu.cases.views.shared import CHANGED_DRAFT, drafting
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import NotApplicable
from mingqu.catalogue.types import Choice, Definition, Document, Handling, Situation
from mingqu.forms.errors import DraftNotFound
from mingqu.ui.language import worded
from mingqu.ui.types import Action, Fact

# Names in the address that are no question of the definition.
ASK, ASKED, DRAFT = "_ask", "_asked", CHANGED_DRAFT
HANDLING, CERTIFICATE = "_handling", "_certificate"
LATER = "later"  # in the place of a certificate: chosen after signing in
NUMBER_LENGTH = 40


@dataclass(frozen=True)
class Asking:
    """The questions of one 业务办理项 of a service and the answers in the address."""

    item_code: str
    revision_id: UUID
    digest: str
    document: Document
    definition: Definition
    given: Mapping[str, Sequence[str]]
    draft: str  # the draft whose situation is being changed, or ""
    handling_given: str = ""  # as the address has it: perhaps none of the service's
    certificate: str = ""  # the number of the certificate acted on, LATER, or ""
    chosen: bool = True  # which 业务办理项 is known: given, the only one, or told by the answers

    @property
    def questions(self) -> list[Situation]:
        return self.definition.situations

    @property
    def asked(self) -> list[Situation]:
        """Everything that is asked, in its order."""
        first = [self.which] if self.may_choose else []
        second = [self.which_certificate] if self.acts_on_certificate else []
        return [*first, *second, *self.questions]

    def counted(self, question: Situation) -> dict[str, int]:
        """
        Where the page stands among the questions of the definition, as the guide counts them. To choose what is to be
        done, and on which certificate, comes before them and has no number.
        """
        asks = [q.ask for q in self.questions]
        if question.ask not in asks:
            return {"number": 0, "total": 0, "percent": 0}
        place = asks.index(question.ask)
        return {"number": place + 1, "total": len(asks), "percent": round(100 * place / len(asks))}

    @property
    def may_choose(self) -> bool:
        """The service has several, and no form was begun for one of them yet."""
        return len(ready(self.document)) > 1 and not self.draft

    @property
    def must_choose(self) -> bool:
        return not self.chosen

    @property
    def acts_on_certificate(self) -> bool:
        return self.chosen and self.definition.handling_item.acts_on_certificate

    @property
    def which(self) -> Situation:
        """业务办理项 as a question."""
        choices = [Choice(h.code, f"{worded(h.name)}{_('：')}{_what(h.kind)}") for h in ready(self.document)]
        return Situation(HANDLING, _("您要办哪一项？"), choices, hint=_("要交的材料、办理期限都不一样。"))

    @property
    def which_certificate(self) -> Situation:
        """As a place in the order of questions; `which.ask_certificate` shows it."""
        words = _("要%(handling)s哪一个证照？") % {"handling": worded(self.definition.handling_item.name)}
        return Situation(CERTIFICATE, words, [])

    @property
    def name(self) -> str:
        if not self.chosen:
            return self.definition.item.name
        return f"{self.definition.item.name}（{self.definition.handling_item.name}）"

    def query(self, **more: str) -> str:
        return urlencode([*self._pairs(), *more.items()])

    def _pairs(self, without: str = "") -> list[tuple[str, str]]:
        handling = [(HANDLING, self.handling_given)] if self.handling_given and self.chosen else []
        named = [*handling, *([(CERTIFICATE, self.certificate)] if self.certificate else [])]
        pairs = [(name, value) for name, value in named if name != without]
        pairs += [(q.ask, v) for q in self.questions if q.ask != without for v in self.given.get(q.ask, [])]
        return [*pairs, (DRAFT, self.draft)] if self.draft else pairs

    def address(self, page: str) -> str:
        return reverse(f"cases:{page}", args=[self.item_code])

    @property
    def start_url(self) -> str:
        return self.address("start")

    @property
    def begin_url(self) -> str:
        return self.address("begin")

    def url(self, page: str = "start", **more: str) -> str:
        address, query = self.address(page), self.query(**more)
        return f"{address}?{query}" if query else address

    def hidden(self, without: str = "") -> list[tuple[str, str]]:
        """The answers as hidden inputs; another 业务办理项 asks other questions, so none goes with it."""
        if without == HANDLING:
            return []
        return self._pairs(without)

    def answers(self, without: str = "") -> list[Fact]:
        """What is known so far, each with the way to change it."""
        facts = []
        if self.may_choose and self.chosen and without != HANDLING:
            name = self.definition.handling_item.name
            facts.append(Fact(_("办理项"), name, action=Action(_("修改"), self.url(**{ASK: HANDLING}))))
        if self.certificate and self.acts_on_certificate and without not in {HANDLING, CERTIFICATE}:
            words = _("登录以后再选") if self.certificate == LATER else self.certificate
            facts.append(Fact(_("证照编号"), words, action=Action(_("修改"), self.url(**{ASK: CERTIFICATE}))))
        if without == HANDLING:
            return facts
        return facts + [
            Fact(q.text, self._words(q), action=Action(_("修改"), self.url(**{ASK: q.ask})))
            for q in self.questions
            if q.ask != without and self.given.get(q.ask)
        ]

    def _words(self, question: Situation) -> str:
        return "、".join(question.options[v] for v in self.given[question.ask] if v in question.options)


def ready(document: Document) -> list[Handling]:
    """Those that can be applied for; one whose form, limits or result nobody knows yet is only shown in the guide."""
    return [h for h in document.handling if None not in (h.form, h.clocks, h.decide, h.result)]


def _what(kind: str) -> str:
    return {
        "new": _("第一次办，还没有这个证"),
        "change": _("证上写的内容要改"),
        "renew": _("快到期了，要接着用"),
        "replace": _("证丢了，或者坏了"),
        "cancel": _("不再使用，把证销掉"),
    }[kind]


def asking(request: Any, item_code: str, data: Any) -> Asking:
    """
    The questions as of now; of a draft that is being changed, those it was begun with.

    Raises ItemUnknown, NotApplicable, NotLawful, DraftNotFound, DraftAlreadyFiled.
    """
    if data.get(DRAFT, ""):
        return _of_draft(request, item_code, data)
    item, document = catalogue.current_document(item_code)
    assert item.current is not None
    given, codes = data.get(HANDLING, ""), [h.code for h in ready(document)]
    if not codes:
        raise NotApplicable()
    if not item.lawful:
        catalogue.require_lawful(item_code)
    code = given if given in codes else codes[0]
    definition = catalogue.definition(item.current.pk, code)
    named = {*data, data.get(ASK, ""), data.get(ASKED, "")}
    # An address kept from when the service had only one 业务办理项 has answers, and does not name it.
    told = not given and any(q.ask in named for q in definition.situations)
    chosen = given in codes or len(codes) == 1 or told
    found = Asking(item_code, item.current.pk, item.current.digest, document, definition, {}, "")
    return answered(replace(found, handling_given=given, chosen=chosen), data)


def _of_draft(request: Any, item_code: str, data: Any) -> Asking:
    draft = data[DRAFT]
    found = drafting(request, uuid_of(draft))
    document = catalogue.document(found.revision_id)
    definition = catalogue.definition(found.revision_id, handling_of(found.view))
    known = Asking(item_code, found.revision_id, found.view.form_digest, document, definition, {}, draft)
    return answered(known, data)


def answered(known: Asking, data: Any) -> Asking:
    given = {q.ask: [v for v in data.getlist(q.ask) if v] for q in known.questions}
    number = "".join(data.get(CERTIFICATE, "").split())[:NUMBER_LENGTH]
    number = number if number == LATER else number.upper()
    given |= {
        HANDLING: [known.handling_given] if known.handling_given else [],
        CERTIFICATE: [number] if number else [],
    }
    return replace(known, given=given, certificate=number if known.acts_on_certificate else "")


def uuid_of(text: str) -> UUID:
    """Raises DraftNotFound."""
    try:
        return UUID(text)
    except ValueError as wrong:
        raise DraftNotFound() from wrong
