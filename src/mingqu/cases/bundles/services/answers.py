"""
Questions of a bundle's one form that corrections of its parts name: typed anew once, taken in with everything else
that was asked for, and given to the case of every part that shares them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mingqu.cases import rules
from mingqu.cases import selectors as cases
from mingqu.cases.bundles import form_points, selectors
from mingqu.cases.bundles.errors import NoCorrectionAwaited
from mingqu.cases.bundles.selectors.asking import AskedField, asked_fields, schema_of
from mingqu.cases.bundles.services.course import BUNDLES, State, order
from mingqu.cases.errors import AnswersMissing, FormIncomplete, NotInReview
from mingqu.cases.models import AskedAnswer, Bundle, BundlePart, Case
from mingqu.cases.types import Done
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms import services as forms
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

# Parts whose application can still change: decided ones keep what their result rests on.
OPEN = frozenset({State.DUE, State.FILED, State.CORRECTION, State.ACCEPTED})
# What stands in a case where a common answer was changed by another part's correction, or mended there.
SHARED = "与其他事项共用的申请表内容，随“一件事”的补正或者更正录入更改。"


def page_of(bundle: Bundle, fields: Sequence[AskedField], at: Instant, data: Any = None) -> forms.PageForm:
    """The questions asked for and no others, filled with what was typed since, or as it was handed in."""
    answers = forms.merged(bundle.answers, _typed(bundle))
    schema = schema_of(bundle, selectors.parts_of(bundle))
    return forms.fields_form(schema, [one.path for one in fields], answers, _circumstances(at), data)


def keep_answers(*, bundle_id: UUID, changes: Mapping[str, Any], by: Actor, at: Instant) -> None:
    """
    Keep what was typed for the questions asked for; it waits to be handed in. What is not asked for is not looked
    at. Raises NotAuthorised, NoCorrectionAwaited, FormIncomplete; then nothing is kept.
    """
    with transaction.atomic():
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.supplement", bundle)
        parts = selectors.parts_of(bundle)
        new = {one.path: changes.get(one.path) for one in asked_fields(bundle, parts)}
        if not new:
            raise NoCorrectionAwaited()
        if problems := _problems(bundle, parts, new, at):
            raise FormIncomplete(list(problems.items()))
        bundle.corrected = {path: {"value": value} for path, value in new.items()}
        bundle.save(update_fields=["corrected"])


def _problems(
    bundle: Bundle, parts: Sequence[BundlePart], new: Mapping[str, Any], at: Instant
) -> dict[str, str]:
    """What is wrong with the new answers, by the one form and by the form of each part they go to."""
    after, when = forms.merged(bundle.answers, new), _circumstances(at)
    schema = schema_of(bundle, parts)
    found = {one.path: one.message for one in forms.check(schema, after, when, only=set(new))}
    of = selectors.opened(bundle, parts)
    for part in parts:
        places = _places(bundle, part, new)
        if part.state not in OPEN or part.is_outside or not places:
            continue
        form = of.definitions[part.code].form
        own = forms.known_schema(form.schema, form.pages)
        given = catalogue.answers_of_part(of, of.document.part(part.code), after, {})
        for one in forms.check(own, given, when, only=set(places)):
            found.setdefault(places[one.path], one.message)
    return found


def _places(bundle: Bundle, part: BundlePart, paths: Mapping[str, Any]) -> dict[str, str]:
    """The part's own path → its place in the one form, of those of `paths` that the part's form has."""
    document = catalogue.document(bundle.revision_id)
    own = form_points.questions_of_part(bundle, part)
    found = {path: catalogue.place_of(document, part.code, path) for path in own}
    return {path: place for path, place in found.items() if place in paths}


def take_in(cmd: Command, bundle: Bundle, fields: Sequence[AskedField]) -> None:
    """Inside the command that hands in. Raises AnswersMissing."""
    if missing := [one for one in fields if not one.given]:
        raise AnswersMissing([one.path for one in missing], [one.name for one in missing])
    if fields:
        cmd.change(bundle, answers=forms.merged(bundle.answers, _typed(bundle)), corrected={})


def sharing(bundle: Bundle, parts: Sequence[BundlePart], fields: Sequence[AskedField]) -> list[BundlePart]:
    """Parts that did not ask for it and share one of these answers; a part filed later takes it from the bundle."""
    found = []
    for part in parts:
        others = {one.path: one for one in fields if part.code not in one.parts}
        if not part.is_outside and part.state in OPEN and _places(bundle, part, others):
            found.append(part)
    return found


def take_mended(
    cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], part: BundlePart, mended: Mapping[str, Any]
) -> None:
    """
    更正录入 of one part (`mended`: path in its form → value): the one form says it too, for parts filed later, and each
    open part that shares it is told. What the subject itself answers stands in no common form.
    """
    document, asked = catalogue.document(bundle.revision_id), form_points.questions_of_part(bundle, part)
    new = {
        catalogue.place_of(document, part.code, path): value
        for path, value in mended.items()
        if path in asked
    }
    if not new:
        return
    cmd.change(bundle, answers=forms.merged(bundle.answers, new))
    for other in parts:
        shares = other.code != part.code and not other.is_outside and other.state in OPEN
        if shares and other.case_id and _places(bundle, other, new):
            order(cmd, bundle, other, "answers", BUNDLES)


def hand_over(bundle: Bundle, part: BundlePart) -> None:
    """The part's case gets the answers it asked for. They wait there to be taken in."""
    assert part.case_id is not None
    document = catalogue.document(bundle.revision_id)
    for row in AskedAnswer.objects.filter(case_id=part.case_id, state=AskedAnswer.State.ASKED):
        place = catalogue.place_of(document, part.code, row.path)
        row.after, row.given = {"value": forms.get(bundle.answers, place)}, True
        row.save(update_fields=["after", "given"])


def share(bundle: Bundle, part: BundlePart, *, at: Instant, key: UUID) -> None:
    """Bring the common answers of the part's case up to what the bundle says now; nothing where it was decided."""
    assert part.case_id is not None
    case = Case.objects.filter(pk=part.case_id).first()
    if case is None or case.status not in rules.ALLOWED_IN["case.take_shared_answers"]:
        return
    part.bundle = bundle
    document = catalogue.document(bundle.revision_id)
    common = {shared.to[part.code]: shared.name for shared in document.fields if part.code in shared.to}
    asked = {row.path for row in cases.asked_answers(case)}
    new = {path: forms.get(bundle.answers, place) for path, place in common.items() if path not in asked}
    changed = {path: value for path, value in new.items() if value != forms.get(case.answers, path)}
    if changed:
        take_shared_answers(case_id=case.pk, changes=changed, by=BUNDLES, at=at, key=key)


def take_shared_answers(
    *, case_id: UUID, changes: Mapping[str, Any], by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Answers that another part's correction changed, by their paths in this case's form; both answers are kept. It is no
    notice of this case: neither its clock nor what it may still ask changes. Raises NotAuthorised, NotInReview.
    """
    with command("case.take_shared_answers", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = cases.case_for_update(case_id)
        access.require(by, "case.take_shared_answers", case)
        if case.status not in rules.ALLOWED_IN["case.take_shared_answers"]:
            raise NotInReview()
        form = cases.definition_of(case).form
        every = list(forms.known_schema(form.schema, form.pages).fields.values())
        AskedAnswer.objects.bulk_create(
            AskedAnswer(
                case=case,
                path=field.path,
                name=field.title,
                position=place,
                state=AskedAnswer.State.SHARED,
                asked=SHARED,
                before={"value": forms.get(case.answers, field.path)},
                after={"value": changes[field.path]},
                given=True,
                asked_at=at,
                corrected_at=at,
            )
            for place, field in enumerate(every)
            if field.path in changes
        )
        case.answers = forms.merged(case.answers or {}, changes)
        case.save(update_fields=["answers"])
        cmd.note(fields=sorted(changes))
        return cmd.done(Done(case.pk, case.status))


def _typed(bundle: Bundle) -> dict[str, Any]:
    return {path: one["value"] for path, one in bundle.corrected.items()}


def _circumstances(at: Instant) -> forms.Circumstances:
    return forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
