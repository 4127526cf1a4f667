"""Publication of a definition: from then on new applications use it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue import gates, rules, selectors
from mingqu.catalogue.affected.services import keep as keep_citations
from mingqu.catalogue.checking import Checked, check, referred
from mingqu.catalogue.depth import depth_of
from mingqu.catalogue.directory.errors import NoEntryInList
from mingqu.catalogue.directory.selectors import lists_in_force, require_inherited
from mingqu.catalogue.directory.services import keep_row
from mingqu.catalogue.errors import DefinitionInvalid, DraftNeeded, ItemOfAnother, OrganOfTraining
from mingqu.catalogue.events import RevisionPublished
from mingqu.catalogue.linting.services import codes_of
from mingqu.catalogue.models import DefinitionFile, HandlingPlan, Revision, ServiceItem
from mingqu.catalogue.search import services as search
from mingqu.catalogue.search import sources
from mingqu.catalogue.services.people import powerless_people, unknown_people
from mingqu.catalogue.services.signals import unthrown
from mingqu.catalogue.types import Document, Files, Handling, Material, complete, life_event_name, tables_of
from mingqu.certificates import services as certificates
from mingqu.clocks import selectors as clocks
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import require_open
from mingqu.identity.types import DepartmentView
from mingqu.kernel import regions
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.law import selectors as law
from mingqu.process import services as process


@dataclass(frozen=True)
class Published:
    item_id: UUID
    revision_id: UUID
    number: int
    digest: str


@dataclass(frozen=True)
class ItemScope:
    """What the access rule looks at."""

    department_id: UUID
    region_code: str
    item_type: str


def item_id(code: str) -> UUID:
    """The id of an item follows from its code, so that publishing can lock it before it exists."""
    return uuid5(NAMESPACE_URL, f"mingqu:item:{code}")


def publish_revision(
    *, document: Mapping[str, Any], by: Actor, at: Instant, key: UUID, files: Files | None = None
) -> Published:
    """
    Publish a definition: from now on new applications use it; running cases keep theirs.

    `files`: the BPMN and DMN files and the files of forms it refers to by digest; what is stored already need not come
    again. The same document again changes nothing. Raises DefinitionInvalid (each problem in words), PlanRefused
    (findings by step) or NotAuthorised.
    """
    require_inherited(document, legal_day(at))
    whole, checked, scope = examined(document, legal_day(at), files)
    root = item_id(whole.item.code)
    with command("catalogue.publish", root, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Published)
        access.require(by, "catalogue.publish", scope)
        if by.kind == "staff":
            raise DraftNeeded()
        _keep_forms(whole, files or {}, at)
        return cmd.done(bring_into_force(cmd, document, checked, scope))


def examined(
    document: Mapping[str, Any], day: date, files: Files | None = None
) -> tuple[Document, Checked, ItemScope]:
    """All that must hold, with the files that are stored already. Raises DefinitionInvalid, PlanRefused."""
    known_files = {**selectors.files_of(referred(document)), **(files or {})}
    checked = check(document, clocks.current_calendar(), known_files)
    whole = checked.document
    problems = [*unknown_people(whole), *missing_forms(whole, files or {}), *unknown_articles(whole, day)]
    problems += unthrown(whole.item.code, checked.plans)
    if problems:
        raise DefinitionInvalid(problems)
    organ = identity.department_by_code(whole.item.organ)
    if problems := [*of_closed_organ(organ), *wrong_review(whole, organ)]:
        raise DefinitionInvalid(problems)
    if regions.is_training(organ.region_code) != regions.is_training(whole.item.region_code):
        raise OrganOfTraining(organ=organ.name, item=whole.item.name, field="text")
    return whole, checked, ItemScope(organ.id, whole.item.region_code, whole.item.type)


def require_able(whole: Document) -> None:
    """Of what staff hand in or publish: each post may do its step. Raises DefinitionInvalid."""
    if problems := powerless_people(whole):
        raise DefinitionInvalid(problems)


def require_own(code: str, scope: ItemScope, may: Callable[[ServiceItem], bool]) -> None:
    """
    Who makes a definition under a code that stands for an item already must have that item too, as it stands now: its
    department, region and type follow from the definition, so that a code would take it from others. Between training
    regions and others none goes at all. Raises ItemOfAnother.
    """
    item = ServiceItem.objects.filter(code=code).first()
    if item is None:
        return
    trained = [regions.is_training(one.region_code, now=True) for one in (item, scope)]
    if trained[0] != trained[1] or not may(item):
        raise ItemOfAnother(item=code, field="text")


def require_entry(whole: Document, day: date) -> None:
    """
    清单之外无权力: outside training regions staff publish what can be applied for only with an active entry, as soon as
    a list is in force there (CAT-03). Raises NoEntryInList.
    """
    if not gates.gates(whole).open("applicable") or regions.is_training(whole.item.region_code, now=True):
        return
    lists = lists_in_force(whole.item.region_code, day)
    power = gates.is_power(whole.item.type)
    entered = lists.power_entry(whole.item) if power else lists.service_entry(whole.item)
    if entered is False:
        raise NoEntryInList(why=lists.why_not(whole.item, power=power))


def unknown_articles(whole: Document, day: date) -> list[str]:
    """
    Of a 裁量基准 and of 自动判定: articles the law library has not got, so that nobody could read what they rest on.
    A house without a library checks nothing.
    """
    cited = {
        (rule.basis.law, rule.basis.article, 0): f"{handling.name}：裁量基准“{of.name}”第{number}档"
        for handling in whole.handling
        for of in tables_of(handling)
        for number, rule in enumerate(of.rules, start=1)
    }
    cited |= {
        (
            result.basis.law,
            result.basis.article,
            0,
        ): f"{handling.name}：自动判定“{route.name}”的“{result.label}”"
        for handling in whole.handling
        for route in handling.routes
        for result in route.results
    }
    stand = law.standings(cited, on=day) if cited else {}
    wrong = ("unknown_law", "no_such_article") if law.any_known() else ()
    return [f"{cited[place]}：{one.sentence}" for place, one in stand.items() if one.state in wrong]


def of_closed_organ(organ: DepartmentView) -> list[str]:
    """撤销 of a department ends what it offers: nothing is published in its name any more."""
    return [f"{organ.name}已经撤销，请写承接它职责的机关"] if organ.closed_on else []


def wrong_review(whole: Document, organ: DepartmentView) -> list[str]:
    """行政复议法 24 to 28: who is told to complain is told where; an organ led from above answers to the one above."""
    said = whole.guide.reconsideration_organ
    if not organ.review_organ or not said or said == organ.review_organ:
        return []
    return [
        f"行政复议机关写的是“{said}”，{organ.name}登记的是“{organ.review_organ}”（行政复议法第二十四条到第二十八条）"
    ]


def missing_forms(whole: Document, files: Files) -> list[str]:
    """Files of forms that nobody has put in."""
    root = item_id(whole.item.code)
    return [
        f"{handling.name}：材料“{material.name}”的{what}文件（{digest[:12]}…）没有放上来"
        for handling, material, what, digest in _form_files(whole)
        if digest not in files and selectors.form_file(root, digest) is None
    ]


def _form_files(whole: Document) -> Iterator[tuple[Handling, Material, str, str]]:
    for handling in whole.handling:
        for material in handling.materials:
            if material.form is not None:
                for what, digest in (("空白表格", material.form.blank), ("样表", material.form.sample)):
                    if digest:
                        yield handling, material, what, digest


def _keep_forms(whole: Document, files: Files, at: Instant) -> None:
    """Those that came with the definition: of the product itself, so that their bytes stay what they are."""
    root = item_id(whole.item.code)
    for _handling, material, _what, digest in _form_files(whole):
        if digest in files and selectors.form_file(root, digest) is None:
            assert material.form is not None
            upload = CheckedUpload(files[digest].kind, files[digest].content, 1)
            documents.store_file(root_id=root, kind=digest, name=material.form.title, upload=upload, at=at)


def bring_into_force(
    cmd: Command, document: Mapping[str, Any], checked: Checked, scope: ItemScope
) -> Published:
    """The revision, its plans, files and list row, inside the command of whoever publishes."""
    require_open(scope.department_id)  # held, so that it is not closed meanwhile
    whole = checked.document
    root = item_id(whole.item.code)
    digest = rules.digest(document)
    item = _listed(root, whole, scope)
    known = Revision.objects.filter(digest=digest).first()
    if known:
        return _again(cmd, item, known)
    last = Revision.objects.filter(item=item).order_by("-number").first()
    revision = Revision.objects.create(
        item=item,
        number=last.number + 1 if last else 1,
        digest=digest,
        document=dict(document),
        published_at=cmd.at,
    )
    _keep_files(checked)
    HandlingPlan.objects.bulk_create(
        HandlingPlan(
            revision=revision,
            code=h.code,
            name=h.name,
            kind=h.kind,
            position=place,
            plan_digest=process.keep_plan(checked.plans[h.code]),
        )
        for place, h in enumerate(whole.handling)
        if complete(h)
    )
    for handling in selectors.applicable(whole):
        _define_certificate(whole, handling)
    item.current, item.remarks = revision, codes_of(whole, cmd.at)
    item.save(update_fields=["current", "remarks"])
    keep_row(item.pk, cmd.at)
    keep_citations(item.pk, revision)
    cmd.note(item=whole.item.code, revision=revision.number, digest=digest)
    cmd.publish(RevisionPublished(root, whole.item.code, revision.pk, digest))
    return Published(item.pk, revision.pk, revision.number, digest)


def _again(cmd: Command, item: ServiceItem, known: Revision) -> Published:
    """An earlier revision, word for word: nothing new is stored, but it is what is in force."""
    if item.current_id != known.pk:
        item.current = known
        item.save(update_fields=["current"])
        keep_row(item.pk, cmd.at)
        keep_citations(item.pk, known)
        cmd.note(item=item.code, revision=known.number, digest=known.digest)
        cmd.publish(RevisionPublished(item.pk, item.code, known.pk, known.digest))
    return Published(item.pk, known.pk, known.number, known.digest)


def _keep_files(checked: Checked) -> None:
    """Each file once; what is stored is never written again."""
    DefinitionFile.objects.bulk_create(
        [
            DefinitionFile(digest=digest, kind=file.kind, content=file.content)
            for digest, file in checked.files.items()
        ],
        ignore_conflicts=True,
    )


def _define_certificate(whole: Document, handling: Handling) -> None:
    """The certificate type follows from the definition; certificates already issued keep what they say."""
    result = handling.result
    if result is None or not result.is_certificate or handling.kind != "new":
        return  # what acts on a certificate takes it as 新办 made it
    begin = result.begin
    certificates.define_type(
        code=result.certificate_type,
        name=result.certificate_name,
        organ_code=whole.item.organ,
        fields=[certificates.FieldSpec(f.code, f.label, f.required, f.public) for f in result.fields],
        number_prefix=result.number_prefix,
        validity_years=result.valid_years,
        renew_before_days=result.renew_before_days,
        item_type=whole.item.type,
        begin=begin
        and certificates.BeginRule(
            begin.months, begin.extensions, begin.extension_months, begin.basis.law, begin.basis.article
        ),
    )


def _listed(root: UUID, whole: Document, scope: ItemScope) -> ServiceItem:
    """The list row, made or brought up to date, and locked."""
    item = whole.item
    words = [
        item.name,
        item.summary,
        *item.aliases,
        *(life_event_name(one) for one in item.life_events),
        *dict.fromkeys(m.name for h in whole.handling for m in h.materials),
    ]
    ServiceItem.objects.bulk_create(
        [ServiceItem(pk=root, code=item.code, department_id=scope.department_id, audience=[])],
        ignore_conflicts=True,
    )
    row = ServiceItem.objects.select_for_update().get(pk=root)
    row.name, row.summary, row.region_code = item.name, item.summary, scope.region_code
    row.department_id, row.item_type = scope.department_id, scope.item_type
    row.audience, row.theme, row.life_events = item.audience, item.theme, item.life_events
    row.handling_kind = item.handling_kind
    row.applicable = gates.gates(whole).open("applicable")
    row.depth = depth_of(whole, applicable=row.applicable)
    row.words = " ".join(words)
    row.withdrawn_at, row.withdrawn_reason = None, ""  # published anew, it is offered again
    row.save()
    search.put(sources.of_item(whole, row.department.name, applicable=row.applicable))
    return row
