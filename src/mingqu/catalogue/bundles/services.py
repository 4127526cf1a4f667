"""Publishing bundles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue import rules as service_rules
from mingqu.catalogue.bundles import rules, selectors
from mingqu.catalogue.bundles.errors import BundleInvalid
from mingqu.catalogue.bundles.events import BundlePublished
from mingqu.catalogue.bundles.models import BundleDefinition, BundleRevision
from mingqu.catalogue.bundles.types import BundleDocument, OpenBundle
from mingqu.catalogue.search import services as search
from mingqu.decisions import services as decisions
from mingqu.forms import services as forms
from mingqu.forms.errors import FormSchemaRefused
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import require_open
from mingqu.identity.types import Place
from mingqu.kernel.commands import command
from mingqu.kernel.json import load
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class BundlePublication:
    bundle_id: UUID
    revision_id: UUID
    number: int
    digest: str


def bundle_definition_id(code: str) -> UUID:
    """The id follows from the code, so that publishing can lock it before it exists."""
    return uuid5(NAMESPACE_URL, f"mingqu:bundle:{code}")


def publish_bundle(*, document: Mapping[str, Any], by: Actor, at: Instant, key: UUID) -> BundlePublication:
    """
    Publish a bundle: from now on new applications use it; running ones keep theirs.

    The same document again changes nothing. Raises BundleInvalid (each problem in words), NotAuthorised, or
    what identity says of an unknown lead department.
    """
    bundle = checked(document)
    root, lead = bundle_definition_id(bundle.code), identity.department_by_code(bundle.lead)
    with command("catalogue.publish", root, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundlePublication)
        access.require(by, "catalogue.publish", Place(lead.id, bundle.region_code))
        require_open(lead.id)
        if held := BundleDefinition.objects.filter(
            pk=root
        ).first():  # a code gives nobody the bundle of others
            access.require(by, "catalogue.publish", Place(held.lead_id, held.region_code))
        digest = service_rules.digest(document)
        known = BundleRevision.objects.filter(digest=digest).first()
        if known:
            return cmd.done(BundlePublication(known.bundle_id, known.pk, known.number, digest))
        row = _listed(root, bundle, lead.id)
        last = BundleRevision.objects.filter(bundle=row).order_by("-number").first()
        revision = BundleRevision.objects.create(
            bundle=row,
            number=last.number + 1 if last else 1,
            digest=digest,
            document=dict(document),
            published_at=at,
        )
        row.current = revision
        row.save(update_fields=["current"])
        if bundle.kind == "bundle":
            search.put_bundle(bundle, lead.name)
        cmd.note(bundle=bundle.code, revision=revision.number, digest=digest)
        cmd.publish(BundlePublished(root, bundle.code, revision.pk, digest))
        return cmd.done(BundlePublication(row.pk, revision.pk, revision.number, digest))


def checked(document: Mapping[str, Any]) -> BundleDocument:
    """The typed bundle. Raises BundleInvalid with each problem in words."""
    if not isinstance(document, Mapping):
        raise BundleInvalid(["整份定义应是一组键和值"])
    if found := service_rules.shape_of(BundleDocument, document):
        raise BundleInvalid(found)
    bundle = load(BundleDocument, dict(document))
    definitions, revisions = selectors.definitions_now(bundle)
    found = rules.problems(bundle, definitions)
    names = rules.vocabulary(bundle)
    for text in rules.expressions(bundle):
        found += [f"“{text}”：{problem.sentence}" for problem in decisions.check(text, names)]
    if not found:
        found = _form_problems(OpenBundle(UUID(int=0), bundle, definitions, revisions))
    if found:
        raise BundleInvalid(found)
    return bundle


def _form_problems(of: OpenBundle) -> list[str]:
    """The form with every part in it must be one a person can fill in."""
    form = rules.merged_form(of, of.document.parts, {}, lambda *_: True)
    if not form.pages:
        return []
    try:
        forms.read_schema(form.schema, form.pages)
    except FormSchemaRefused as refused:
        return [refused.message]
    return []


def _listed(root: UUID, bundle: BundleDocument, lead_id: UUID) -> BundleDefinition:
    BundleDefinition.objects.bulk_create(
        [BundleDefinition(pk=root, code=bundle.code, lead_id=lead_id, audience=[])], ignore_conflicts=True
    )
    row = BundleDefinition.objects.select_for_update().get(pk=root)
    row.kind, row.name, row.summary = bundle.kind, bundle.name, bundle.summary
    row.lead_id, row.region_code = lead_id, bundle.region_code
    row.audience, row.life_event = bundle.audience, bundle.life_event
    row.save()
    return row


__all__ = ["BundlePublication", "bundle_definition_id", "checked", "publish_bundle"]
