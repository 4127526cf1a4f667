"""
Questions about flows that an expert drew, and about step tables whose way is decided while they run. What is published
is public; nothing here checks access.
"""

from functools import lru_cache

from mingqu.catalogue.conditions import condition_words
from mingqu.catalogue.drawing import Frame, Laid, drawn_flow, laid
from mingqu.catalogue.plans import plan_of_file, plan_of_table
from mingqu.catalogue.selectors import files_of
from mingqu.catalogue.types import Definition
from mingqu.process.services import Plan

__all__ = ["Frame", "Laid", "condition_words", "drawn_flow", "drawn_plan", "laid"]


def drawn_plan(of: Definition) -> Plan | None:
    """
    The flow of a definition whose flow an expert drew, or whose step table asks a rule or how a step came out; None
    for a table that goes by the answers alone, and where a draft's drawing can't be read. One statement the first
    time, none for a step table.
    """
    if of.process is None:
        return plan_of_table(of)
    try:
        return _in_file(of.process.file, of.process.process)
    except KeyError:  # not stored yet: not kept in memory either
        return None


@lru_cache(maxsize=512)
def _in_file(digest: str, name: str) -> Plan | None:
    return plan_of_file(files_of([digest])[digest].content, name)
