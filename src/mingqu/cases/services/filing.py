"""Filing: a draft becomes a received case (收件)."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case as Either
from django.db.models import Value, When

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import (
    FormIncomplete,
    IdentityNeeded,
    MaterialsMissing,
    SituationStops,
    SituationUnanswered,
)
from mingqu.cases.events import CaseReceived
from mingqu.cases.models import Case, CaseMaterial, CaseNumber, MaterialFile
from mingqu.cases.types import Filed
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, Material, SituationResult
from mingqu.clocks import services as clocks
from mingqu.clocks.types import CORRECTION_NOTICE
from mingqu.forms import services as forms
from mingqu.forms.types import DraftView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView, PersonView
from mingqu.kernel.commands import Command, command
from mingqu.kernel.identifiers import CaseNumber as PublicNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class _Dates:
    """When the application came, and by when it must be answered."""

    at: Instant
    due_on: date | None


@dataclass(frozen=True)
class Hand:
    """
    Through whose hands an application comes in: the applicant's own (网上), or those of a clerk at a window, whose
    post is written down then.
    """

    applicant_id: UUID
    channel: str = Case.Channel.ONLINE
    post_id: UUID | None = None

    @property
    def visits(self) -> int:
        """到现场次数: who files at a window has come once."""
        return int(self.channel == Case.Channel.WINDOW)


@dataclass(frozen=True)
class _Party:
    """Who applies, to which organ, and through whose hands."""

    person: PersonView
    organ: DepartmentView
    hand: Hand


class _Own:
    """What the access rule looks at while a case does not exist yet: it would be this person's."""

    def __init__(self, person_id: UUID) -> None:
        self.party_ids = (person_id,)


def file_case(*, draft_id: UUID, base_version: int, by: Actor, at: Instant, key: UUID) -> Filed:
    """
    Hand in an application; the five days for a correction notice start (行政许可法 32(4)).

    At any hour: what comes at night or on a holiday is received that day, and the clock counts from the
    next working day. `base_version` is the draft as the person checked it. Raises NotAuthorised,
    IdentityNeeded, SituationUnanswered, SituationStops, FormIncomplete, MaterialsMissing, or what the draft
    refuses (DraftNotFound, DraftAlreadyFiled, DraftChangedElsewhere); then nothing is filed.
    """
    with command("case.file", draft_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return filed_before(cmd, draft_id)
        access.require(by, "case.file", _Own(by.id))
        draft = forms.take_for_filing(draft_id=draft_id, base_version=base_version, by=by, at=at)
        return take_in(cmd, draft, definition_of_draft(draft), Hand(by.id))


def filed_before(cmd: Command, draft_id: UUID) -> Filed:
    """What the same key brought the first time; the code is read where it is kept encrypted."""
    code = Case.objects.values_list("query_code", flat=True).get(pk=draft_id)
    return replace(cmd.first_result(Filed), query_code=code)


def take_in(cmd: Command, draft: DraftView, definition: Definition, hand: Hand) -> Filed:
    """
    Make the draft a received case: the same for who files online and for a clerk at a window (ARC-07). The caller
    has checked access and taken the draft.
    """
    at, draft_id = cmd.at, draft.draft_id
    person = _known_person(hand.applicant_id)
    situation = checked_situation(definition, draft.context.get("situation", {}))
    check_answers(definition, draft.answers, at)
    check_files(situation.materials, selectors.pending_files(draft_id))

    organ = identity.department_by_code(definition.item.organ)
    _materials(draft_id, situation)
    due_on = clocks.start(root_id=draft_id, clocks=[CORRECTION_NOTICE], day=legal_day(at), by=cmd.by)
    # Numbers come last: a series is held until the commit, and whoever files that day waits for it.
    case = _new_case(draft, definition, _Party(person, organ, hand), _Dates(at, due_on))
    papers.receipt(case, organ, situation.materials, at)
    cmd.note(number=case.number, item=case.item_code, channel=case.channel)
    cmd.publish(CaseReceived(case.pk, case.number, case.item_code, case.applicant_id, case.received_on))
    filed = Filed(case.pk, case.number, case.query_code, case.received_on)
    # The record of the command is in the clear, and the code opens the case: it is kept encrypted, once.
    cmd.done(replace(filed, query_code=""))
    return filed


def _known_person(person_id: UUID) -> PersonView:
    """Raises IdentityNeeded: no name, or neither a citizen number nor another document."""
    person = identity.person(person_id)
    if not person.name or (person.provisional and not person.document_number):
        raise IdentityNeeded()
    return person


def checked_situation(definition: Definition, answers: dict[str, object]) -> SituationResult:
    """Every question answered and no stop reached; raises SituationUnanswered or SituationStops."""
    given = {k: [str(e) for e in v] if isinstance(v, list) else [str(v)] for k, v in answers.items()}
    result = catalogue.situation(definition, given)
    if result.missing:
        text = next(q.text for q in definition.situations if q.ask == result.missing[0])
        raise SituationUnanswered(field=result.missing[0], question=text)
    if result.stop:
        raise SituationStops(because=result.stop.because)
    return result


def check_answers(definition: Definition, answers: Mapping[str, Any], at: Instant) -> None:
    """The form as the definition's schema wants it; raises FormIncomplete."""
    schema = forms.read_schema(definition.form.schema, definition.form.pages)
    problems = forms.check(schema, answers, forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO))
    if problems:
        raise FormIncomplete([(p.path, p.message) for p in problems])


def check_files(materials: Iterable[Material], files: Iterable[MaterialFile]) -> None:
    """A file for each needed material; raises MaterialsMissing."""
    names = {m.code: m.name for m in materials}
    if missing := rules.missing_materials(names, (f.material_code for f in files)):
        raise MaterialsMissing(missing, [names[code] for code in missing])


def _public_number(definition: Definition, day: date) -> str:
    region = definition.item.region_code[:6]
    return str(PublicNumber(region, day, next_number("case", region, f"{day:%Y%m%d}")))


def definition_of_draft(draft: DraftView) -> Definition:
    """The 业务办理项 a draft answers, as it was when the draft was begun."""
    return catalogue.definition(_revision_id(draft), handling_of(draft))


def handling_of(draft: DraftView) -> str:
    """The code of its 业务办理项; drafts begun while a service had only one do not say it."""
    return str(draft.context.get("handling", "01"))


def _revision_id(draft: DraftView) -> UUID:
    return UUID(str(draft.context["revision_id"]))


def _new_case(draft: DraftView, definition: Definition, party: _Party, dates: _Dates) -> Case:
    item, day = definition.item, legal_day(dates.at)
    person, hand = party.person, party.hand
    number = _public_number(definition, day)
    CaseNumber.objects.create(number=number, case_id=draft.draft_id)
    return Case.objects.create(
        id=draft.draft_id,
        number=number,
        query_code="".join(secrets.choice(rules.QUERY_CODE_LETTERS) for _ in range(rules.QUERY_CODE_LENGTH)),
        revision_id=_revision_id(draft),
        item_code=item.code,
        item_name=item.name,
        handling_code=definition.handling_item.code,
        handling_item=definition.handling_item.name,
        handling_kind=definition.handling_item.kind,
        department_id=party.organ.id,
        region_code=item.region_code,
        item_type=item.type,
        applicant_id=person.id,
        applicant_name=person.name,
        channel=hand.channel,
        filed_by_post=hand.post_id,
        visits=hand.visits,
        situation=dict(draft.context.get("situation", {})),
        answers=dict(draft.answers),
        received_at=dates.at,
        received_on=day,
        due_on=dates.due_on,
    )


def _materials(case_id: UUID, situation: SituationResult) -> None:
    """One row per needed material; of the draft's files those of needed materials become current."""
    codes = [material.code for material in situation.materials]
    CaseMaterial.objects.bulk_create(
        CaseMaterial(case_id=case_id, code=material.code, name=material.name, position=place)
        for place, material in enumerate(situation.materials)
    )
    needed = When(material_code__in=codes, then=Value(MaterialFile.State.CURRENT))
    pending = MaterialFile.objects.filter(root_id=case_id, state=MaterialFile.State.PENDING)
    pending.update(state=Either(needed, default=Value(MaterialFile.State.REMOVED)))
