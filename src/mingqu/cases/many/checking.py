"""One row: read as the answers of an application, and everything that stands in its way, by column."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from mingqu.cases import rules
from mingqu.cases.errors import TooManyFiles
from mingqu.cases.many import columns
from mingqu.cases.many.columns import Column
from mingqu.cases.many.commands import name_of
from mingqu.cases.models import ManyFiling
from mingqu.cases.provisions import Asking, provisions
from mingqu.cases.services.files import FILES_PER_MATERIAL
from mingqu.cases.services.party import Party, owners, party_of
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition, SituationResult
from mingqu.forms import services as forms
from mingqu.forms.types import FormSchema
from mingqu.identity import selectors as identity
from mingqu.identity.types import PersonView
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import CELL
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class Service:
    """What every row of a table is looked at with."""

    definition: Definition
    schema: FormSchema
    columns: list[Column]
    places: dict[str, int]
    person: PersonView
    party: Party
    profile: dict[str, str]
    circumstances: forms.Circumstances

    def cell(self, column: Column, cells: Sequence[str]) -> str:
        place = self.places.get(column.header)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def header(self, kind: str, code: str) -> str:
        return next((one.header for one in self.columns if (one.kind, one.code) == (kind, code)), "")


@dataclass
class Checked:
    """`files`: material → (header, names as written); `findings`: [header of the column, sentence]."""

    own: str = ""
    situation: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    findings: list[list[str]] = field(default_factory=list)


def service_of(batch: ManyFiling, by: Actor, at: Instant) -> Service:
    """The definition the table was made for, and what is known of who applies. Raises PartyNotYours."""
    definition = catalogue.definition(batch.revision_id, batch.handling_code)
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    wanted = columns.columns_of(definition, schema)
    found, _missing = columns.places(wanted, batch.headers)
    person = identity.person(by.id)
    party = party_of(name_of(by), person, by=by)
    profile = {
        "applicant.name": person.name,
        "applicant.citizen_number": person.citizen_number,
        "applicant.phone": identity.phone_of(by.id),
    }
    if party.id is not None:
        profile |= {"organisation.name": party.name, "organisation.credit_code": party.credit_code}
    when = forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
    return Service(definition, schema, wanted, found, person, party, profile, when)


def read(service: Service, cells: Sequence[str]) -> Checked:
    """The row as answers; with findings only of what can't be read at all."""
    found = Checked()
    _read_situation(service, cells, found)
    given = {
        one.code: forms.coerce(field, columns.answer(field, service.cell(one, cells)))
        for one in service.columns
        if one.kind == "field"
        for field in [service.schema.fields[one.code]]
    }
    found.answers = forms.merged({}, {path: value for path, value in given.items() if value is not None})
    found.answers = forms.merged(
        found.answers, forms.prefilled(service.schema, found.answers, service.profile)
    )
    for one in service.columns:
        if one.kind == "own":
            found.own = service.cell(one, cells)
        if one.kind == "material" and (names := columns.names_of(service.cell(one, cells))):
            found.files[one.code] = (one.header, names)
    return found


def _read_situation(service: Service, cells: Sequence[str], found: Checked) -> None:
    given: dict[str, list[str]] = {}
    for question in service.definition.situations:
        header = service.header("situation", question.ask)
        column = next(one for one in service.columns if one.header == header)
        values, unknown = columns.chosen(question, service.cell(column, cells))
        if unknown:
            words = _("“%(given)s”不是这道题的选项，可以写：%(options)s。")
            options = "、".join(question.options.values())
            found.findings.append([header, words % {"given": unknown[:40], "options": options}])
        if values:
            given[question.ask] = values
    if not found.findings:
        found.situation = catalogue.situation(service.definition, given).answers


def look(service: Service, cells: Sequence[str], packed: Collection[str]) -> Checked:
    """
    Everything wrong with a row. `packed`: the names the zip has. A formula is refused wherever it stands; what the
    situation does not ask for is left out.
    """
    found = Checked()
    for one in service.columns:
        text = service.cell(one, cells)
        if text.startswith("="):
            found.findings.append([one.header, _("单元格是公式，请改成数值或者文字。")])
        if len(text) > CELL:
            found.findings.append([one.header, _("超过%(most)d个字。") % {"most": CELL}])
    if found.findings:
        return found
    found = read(service, cells)
    if found.findings:
        return found
    result = catalogue.situation_of_answers(service.definition, found.situation)
    _look_at_situation(service, result, found)
    _look_at_form(service, found)
    if not result.missing and not result.stop:
        _look_at_materials(service, result, packed, found)
    return found


def _look_at_situation(service: Service, result: SituationResult, found: Checked) -> None:
    for ask in result.missing:
        found.findings.append([service.header("situation", ask), _("这道题要回答。")])
    if result.stop:
        found.findings.append(["", f"{result.stop.because}{result.stop.advice}"])


def _look_at_form(service: Service, found: Checked) -> None:
    for problem in forms.check(service.schema, found.answers, service.circumstances):
        found.findings.append([service.header("field", problem.path), problem.message])


def _look_at_materials(
    service: Service, result: SituationResult, packed: Collection[str], found: Checked
) -> None:
    wanted = {one.code for one in result.materials}
    found.files = {code: given for code, given in found.files.items() if code in wanted}
    absent = [
        (header, name) for header, names in found.files.values() for name in names if name not in packed
    ]
    for header, names in found.files.values():
        if len(names) > FILES_PER_MATERIAL:
            found.findings.append([header, TooManyFiles(most=FILES_PER_MATERIAL).message])
    for header, name in absent:
        found.findings.append([header, _("压缩包里没有“%(name)s”。") % {"name": name[:80]}])
    asked = any(one.source.kind == rules.CERTIFICATE for one in result.materials)
    held = owners(service.person, service.party) if asked else []
    asking = Asking(new_id(), {}, held, service.circumstances.today)
    for one in provisions(asking, result.materials, found.files.keys()):
        if not one.done:
            found.findings.append([service.header("material", one.material.code), _("缺这份材料。")])
