"""
BPMN 2.0 files: read and written with nothing lost, compiled where they hold only what is executed.

`read` and `write` a file; `examine` it (plan, what is not executed, findings) or `compile` it; `plan_to_bpmn`
makes a file of a plan, `with_diagram` adds positions to a file that has none. Pure: no framework, no clock.
"""

from mingqu.process.bpmn.compiling import Examination, compile, examine
from mingqu.process.bpmn.making import plan_to_bpmn, with_diagram
from mingqu.process.bpmn.model import BpmnFile
from mingqu.process.bpmn.outside import Outside
from mingqu.process.bpmn.reading import model_of
from mingqu.process.bpmn.tree import parse, serialize

__all__ = [
    "BpmnFile",
    "Examination",
    "Outside",
    "compile",
    "examine",
    "plan_to_bpmn",
    "read",
    "with_diagram",
    "write",
]


def read(xml: bytes) -> BpmnFile:
    """
    The file, with everything it holds. Raises BpmnRefused with the reason: not BPMN 2.0, not well-formed, a
    document type or entities, too large or too deep. Ids used twice and references that lead nowhere are no
    reason to refuse it, but stand in `troubles` and keep what they touch from being compiled.
    """
    return model_of(parse(xml))


def write(file: BpmnFile) -> bytes:
    """The file in UTF-8: what was read comes back, canonically the same XML."""
    return serialize(file.document)
