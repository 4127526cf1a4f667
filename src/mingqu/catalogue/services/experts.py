"""What experts draw and tabulate for a draft: the flow (BPMN) and the decision tables (DMN), kept by their digest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mingqu.catalogue import rules
from mingqu.catalogue.directory.selectors import require_inherited
from mingqu.catalogue.errors import DraftChanged
from mingqu.catalogue.models import DefinitionFile
from mingqu.catalogue.services.draft_rows import Saved, allowed, draft_row, kept, on_draft, written
from mingqu.catalogue.services.publishing import ItemScope
from mingqu.catalogue.types import Files
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


@dataclass(frozen=True)
class ExpertChange:
    """`apply`: the document as it becomes, with the files it then refers to; `words`: what was changed."""

    words: str
    apply: Callable[[Mapping[str, Any]], tuple[dict[str, Any], Files]]


def put_expert(
    *, draft_id: UUID, version: int, change: ExpertChange, by: Actor, at: Instant, key: UUID
) -> Saved:
    """
    A drawing or a decision table comes into a draft, as this version of it was seen, or leaves it.

    Raises what the change refuses (BpmnRefused, PlanRefused, ModelInvalid …), DraftChanged, DraftState,
    InheritedChanged, NotAuthorised; then nothing is kept.
    """
    with on_draft(draft_id, "catalogue.edit", by, at, key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Saved)
        draft = draft_row(draft_id, by, "catalogue.edit")
        allowed(draft, "修改")
        if draft.version != version:
            raise DraftChanged()
        document, files = change.apply(draft.document)
        require_inherited(document, legal_day(at))
        DefinitionFile.objects.bulk_create(
            [DefinitionFile(digest=one, kind=file.kind, content=file.content) for one, file in files.items()],
            ignore_conflicts=True,
        )
        scope = ItemScope(draft.department_id, draft.region_code, draft.item_type)
        written(draft, document, scope, cmd, change.words)
        cmd.note(digest=rules.digest(document))
        return kept(cmd, draft, "修改", change.words)
