"""A stage is asked for under a project, and in the name of the project's owner (建设单位)."""

from uuid import UUID

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.errors import ProjectUnknown, StageOfNoProject
from mingqu.cases.models import Bundle, Case, Project
from mingqu.catalogue.bundles.types import OpenBundle
from mingqu.forms.types import DraftView
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor


def project_of(of: OpenBundle, draft: DraftView, applicant_id: UUID, by: Actor) -> Project | None:
    """The project a draft is for; None for what is no stage. Raises StageOfNoProject, ProjectUnknown."""
    given = draft.context.get("project")
    if not given:
        if of.document.kind == "stage":
            raise StageOfNoProject()
        return None
    project = selectors.project_visible_to(by, str(given))
    if applicant_id not in project.party_ids:
        raise ProjectUnknown()
    return project


def project_named(draft: DraftView, by: Actor) -> Project | None:
    """The project a draft names, as far as it is this person's; filing refuses any other."""
    given = draft.context.get("project")
    try:
        return selectors.project_visible_to(by, str(given)) if given else None
    except ProjectUnknown:
        return None


def owner_of(draft: DraftView, by: Actor) -> UUID | None:
    """The firm in whose name a stage is asked for; None for the person herself, and where its project is not hers."""
    return owner_firm(project_named(draft, by))


def owner_firm(project: Project | None) -> UUID | None:
    """The firm whose project it is; None where a person owns it."""
    return project.owner_id if project and project.owner_kind == Case.PartyKind.FIRM else None


def in_the_name_of(bundle: Bundle, project: Project | None) -> None:
    """
    The bundle becomes the project's, and its subject the owner: whoever hands it in was entered as the owner's
    handler (经办人) at the window, where her document and the owner's were looked at.
    """
    if project is None:
        return
    bundle.project_id = project.pk
    if project.owner_kind == Case.PartyKind.FIRM:
        owner = identity.firm(project.owner_id)
        bundle.party_kind, bundle.party_id = Case.PartyKind.FIRM, owner.id
        bundle.party_name, bundle.credit_code = owner.name, owner.credit_code
