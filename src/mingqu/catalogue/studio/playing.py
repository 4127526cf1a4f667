"""Examples of a draft, with what the installation has: its calendar and stored files."""

from collections.abc import Mapping
from typing import Any

from mingqu.catalogue import rules, selectors
from mingqu.catalogue.checking import referred
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.scenarios import CannotDo
from mingqu.catalogue.studio.typical import typical
from mingqu.catalogue.types import complete, view
from mingqu.clocks import selectors as clocks
from mingqu.kernel.errors import DomainError
from mingqu.process.errors import PlanRefused

NOT_WHOLE = "时限、申请表、批准环节或者办理结果还没有填。"
NO_WAY = "没有一种情形可以申请。"


def example(document: Mapping[str, Any], handling: int) -> dict[str, Any]:
    """A scenario of one 业务办理项, made from the draft. Raises DefinitionInvalid with what stands in its way."""
    if shape := rules.shape_problems(document):
        raise DefinitionInvalid(shape)
    whole = rules.document_of(document)
    one = whole.handling[handling]
    if not complete(one):
        raise DefinitionInvalid([NOT_WHOLE])
    try:
        found = typical(
            view(whole, one.code), clocks.current_calendar(), selectors.files_of(referred(document))
        )
    except PlanRefused as refused:
        raise DefinitionInvalid([finding.sentence for finding in refused.findings]) from refused
    except (DomainError, CannotDo, KeyError) as refused:
        raise DefinitionInvalid([getattr(refused, "message", "") or str(refused)]) from refused
    if found is None:
        raise DefinitionInvalid([NO_WAY])
    return found
