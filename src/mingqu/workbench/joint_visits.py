"""One date for the visits of several departments, as the page of a bundle shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.finding_forms import VisitorForm
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors.visits import first_day
from mingqu.workbench.visit_forms import AnswerForm, DateForm

if TYPE_CHECKING:
    from mingqu.cases.models import Bundle, BundlePart, JointVisit, JointVisitAnswer


@dataclass(frozen=True)
class PartAsked:
    """One department: what it answered, and the form where the acting post speaks for it."""

    part: "BundlePart"
    given: "JointVisitAnswer"
    officers: list[str]
    form: ActForm | None


@dataclass(frozen=True)
class JointPanel:
    """`able`: so many departments are still to come that one date is worth proposing; `place`: of the first."""

    proposal: "JointVisit | None"
    by: str = ""
    rows: list[PartAsked] = field(default_factory=list)
    able: bool = False
    place: str = ""
    addable: list[tuple[str, str]] = field(
        default_factory=list
    )  # parts that may be asked too (加), with names
    droppable: list[tuple[str, str]] = field(default_factory=list)  # parts that may be taken out (减)

    def changes(self, allowed: Collection[str], tried: Mapping[str, ActForm]) -> list[tuple[str, ActForm]]:
        """The forms with which the lead changes who comes: address and form; refused ones as they were typed."""
        forms = [
            ("add_visitor", self.addable, True),
            ("drop_visitor", self.droppable if len(self.droppable) > selectors.TOGETHER else [], False),
        ]
        return [
            (f"workbench:bundle_{name}", tried.get(name) or VisitorForm(parts=parts, adds=adds))
            for name, parts, adds in forms
            if name in tried or (parts and f"bundle.{name}" in allowed)
        ]

    @property
    def open(self) -> bool:
        return self.proposal is not None and self.proposal.state == "proposed"

    @property
    def own(self) -> PartAsked | None:
        """What the reader has not answered yet."""
        return next((row for row in self.rows if row.form and not row.given.answer), None)

    @property
    def declined(self) -> bool:
        return self.open and any(row.given.answer == "declined" for row in self.rows)

    def with_tried(self, tried: Mapping[str, ActForm]) -> "JointPanel":
        """The same with the forms that were refused in place of empty ones."""
        rows = [replace(row, form=tried.get(f"visit:{row.part.code}", row.form)) for row in self.rows]
        return replace(self, rows=rows)

    def first(self, at: Instant) -> dict[str, object]:
        """What the form of a new proposal begins with."""
        return first_day(at) | {"place": self.proposal.place if self.proposal else self.place}


def joint_panel(actor: Actor, bundle: "Bundle", parts: Sequence["BundlePart"]) -> JointPanel:
    """At most ten statements; none where nothing is under review."""
    if bundle.status != "handling":
        return JointPanel(None)
    waiting = {one.part.code: one for one in selectors.to_visit(parts)}
    proposal = selectors.joint_visit(bundle) if waiting else None
    place = cases.address_of(next(iter(waiting.values())).case) if waiting else ""
    able = len(waiting) >= selectors.TOGETHER
    if proposal is None:
        return JointPanel(None, able=able, place=place)
    every = selectors.answers_to(proposal)
    staying = {one.part for one in every if one.dropped_at is None}
    answers = [one for one in every if one.part in waiting]
    people = {proposal.proposed_by, *(person for one in answers for person in one.officer_ids)}
    names = identity.names_of(people)
    post = identity.post_code(actor.post_id) if actor.post_id else ""
    rows = [
        PartAsked(
            own.part,
            given,
            [names.get(person, "") for person in given.officer_ids],
            answer_form(own, proposal, first=str(actor.id))
            if (proposal.state == "proposed" or given.answer != "agreed")
            and given.dropped_at is None
            and own.step.post == post
            and access.allows(actor, "bundle.answer_visit", own.case)
            else None,
        )
        for given in answers
        for own in [waiting[given.part]]
    ]
    panel = JointPanel(proposal, names.get(proposal.proposed_by, ""), rows, able, place)
    if proposal.recorded_at is not None:
        return panel
    return replace(
        panel,
        addable=[(code, one.part.name) for code, one in waiting.items() if code not in staying],
        droppable=[(part.code, part.name) for part in parts if part.code in staying],
    )


def answer_form(
    own: selectors.VisitToMake, proposal: "JointVisit", data: object = None, first: str = ""
) -> AnswerForm:
    """`first`: who is proposed to go, where she is one of the department's officers."""
    officers = identity.officers_in(own.part.department_id, legal_day(proposal.planned_for))
    law = cases.legally_bracketed("two_officers", own.case.item_type)
    chosen = {"initial": {"first": first}} if first else {}
    return AnswerForm(data, part=own.part.code, officers=officers, law=law, **chosen)


def date_form(panel: JointPanel, data: object, at: Instant) -> DateForm:
    return DateForm(data) if data is not None else DateForm(initial=panel.first(at))
