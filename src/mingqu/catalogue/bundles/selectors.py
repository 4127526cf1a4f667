"""Questions about bundles. What is published is public, so none of them checks access."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import rules
from mingqu.catalogue.bundles.errors import BundleDefinitionUnknown, BundleOutOfStep
from mingqu.catalogue.bundles.models import BundleDefinition, BundleRevision
from mingqu.catalogue.bundles.types import (
    BundleDocument,
    MergedForm,
    MergedMaterial,
    Needed,
    OpenBundle,
    Part,
    Question,
)
from mingqu.catalogue.errors import AnswerUnknown, HandlingUnknown
from mingqu.catalogue.types import Definition
from mingqu.kernel import training
from mingqu.kernel.json import load


def published_bundles(kind: str = "bundle", *, life_event: str = "") -> QuerySet[BundleDefinition]:
    """Bundles that can be applied for, by name."""
    found = BundleDefinition.objects.exclude(current=None).filter(kind=kind).select_related("lead")
    if life_event:
        found = found.filter(life_event=life_event)
    return found.order_by("name", "code")


def document(revision_id: UUID) -> BundleDocument:
    """A page that asks for one of a training region says so."""
    found = _document(revision_id)
    training.notice(found.region_code)
    return found


@lru_cache(maxsize=256)
def _document(revision_id: UUID) -> BundleDocument:
    """Revisions never change, so each is read once per process."""
    return load(BundleDocument, BundleRevision.objects.get(pk=revision_id).document)


def documents_in_force() -> list[tuple[str, dict[str, Any]]]:
    """Code and document of every bundle and stage in force, as it was written, by code."""
    rows = BundleDefinition.objects.exclude(current=None).order_by("code")
    found = rows.values_list("code", "region_code", "current__document")
    return [(code, document) for code, region, document in found if not training.is_training(region)]


def definitions_now(bundle: BundleDocument) -> tuple[dict[str, Definition], dict[str, UUID]]:
    """The definitions in force of the bundle's parts, and their revisions; a part without one is left out."""
    definitions: dict[str, Definition] = {}
    revisions: dict[str, UUID] = {}
    offered = catalogue.items(part.item for part in bundle.parts if part.item)
    for part in bundle.parts:
        if (item := offered.get(part.item)) is None:
            continue
        assert item.current_id is not None
        with suppress(HandlingUnknown):
            definitions[part.code] = catalogue.definition_now(item, part.handling)
            revisions[part.code] = item.current_id
    return definitions, revisions


def open_bundle(code: str) -> OpenBundle:
    """The bundle as it can be applied for today. Raises BundleDefinitionUnknown, BundleOutOfStep."""
    listed = BundleDefinition.objects.filter(code=code).exclude(current=None).first()
    if listed is None:
        raise BundleDefinitionUnknown()
    assert listed.current_id is not None
    bundle = document(listed.current_id)
    definitions, revisions = definitions_now(bundle)
    if _problems(listed.current_id, tuple(sorted(revisions.items()))):
        raise BundleOutOfStep(name=bundle.name)
    return OpenBundle(listed.current_id, bundle, definitions, revisions)


@lru_cache(maxsize=256)
def _problems(revision_id: UUID, revisions: tuple[tuple[str, UUID], ...]) -> tuple[str, ...]:
    pinned = pinned_bundle(revision_id, dict(revisions))
    return tuple(rules.problems(pinned.document, pinned.definitions))


def pinned_bundle(revision_id: UUID, revisions: Mapping[str, UUID]) -> OpenBundle:
    """The bundle as a draft or a filed bundle pinned it."""
    bundle = document(revision_id)
    handling = {p.code: p.handling for p in bundle.parts}
    definitions = {
        part: catalogue.definition(pinned, handling[part])
        for part, pinned in revisions.items()
        if part in handling
    }
    return OpenBundle(revision_id, bundle, definitions, dict(revisions))


def questions(of: OpenBundle, answers: Mapping[str, Any]) -> list[Question]:
    """The questions these answers leave or have answered, in order."""
    return rules.questions_asked(of.document, answers, catalogue.evaluate)


def needed(of: OpenBundle, given: Mapping[str, Sequence[str]]) -> Needed:
    """What raw answers (question → chosen values) come to. Raises AnswerUnknown naming the question."""
    raw = {ask: list(values) for ask, values in given.items()}
    answers, unknown = rules.cleaned(of.document, raw, catalogue.evaluate)
    if unknown:
        raise AnswerUnknown(field=unknown.ask, question=unknown.text)
    return needed_of_answers(of, answers)


def needed_of_answers(of: OpenBundle, answers: Mapping[str, Any]) -> Needed:
    """The same for answers as a draft or a bundle keeps them."""
    return rules.needed(of, answers, catalogue.evaluate)


def merged_form(of: OpenBundle, wanted: Needed) -> MergedForm:
    """One form for these parts, each common field once."""
    return rules.merged_form(of, wanted.parts, wanted.answers, catalogue.evaluate)


def merged_materials(of: OpenBundle, wanted: Needed) -> list[MergedMaterial]:
    """What has to be handed in, each once."""
    return rules.merged_materials(of, wanted.parts, wanted.answers, catalogue.evaluate)


def situation_of_part(of: OpenBundle, part: Part, answers: Mapping[str, Any]) -> dict[str, Any]:
    return rules.situation_of_part(of.document, part, answers)


def answers_of_part(
    of: OpenBundle, part: Part, merged: Mapping[str, Any], subject: Mapping[str, Any]
) -> dict[str, Any]:
    return rules.answers_of_part(of.document, part, merged, subject)


def place_in_merged(of: OpenBundle, part: Part, path: str) -> str:
    return rules.place_in_merged(of.document, part, path)


def place_of(document: BundleDocument, part: str, path: str) -> str:
    """The same by the part's code, without the definitions of the parts."""
    return rules.place_in_merged(document, document.part(part), path)


def brought(of: OpenBundle, part: Part, wanted: Needed) -> dict[str, str]:
    """Materials of this part that another needed part's result stands for."""
    return rules.brought(of.document, part, [p.code for p in wanted.parts])


def depending_on(after: Mapping[str, Sequence[str]], code: str) -> list[str]:
    return rules.depending_on(after, code)


def provisional_firm(of: OpenBundle, answers: Mapping[str, Any]) -> tuple[str, str] | None:
    """The fields with the reserved name and its number, where the subject is a firm not yet registered."""
    rule = of.document.provisional
    if rule is None or catalogue.evaluate(rule.when, {"situation": dict(answers)}) is not True:
        return None
    return rule.name, rule.number
