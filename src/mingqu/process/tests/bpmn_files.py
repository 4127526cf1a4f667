"""BPMN files for tests: our own beside this file, and the 21 reference models if they are here."""

import itertools
import os
from pathlib import Path

from mingqu.process import bpmn
from mingqu.process.bpmn.model import BPMN, BpmnFile
from mingqu.process.bpmn.reading import model_of
from mingqu.process.bpmn.tree import Document, Element

OWN = Path(__file__).parent / "bpmn"
OWN_NAMES = sorted(path.name for path in OWN.glob("*.bpmn"))
PROJECT = Path(__file__).resolve().parents[4]


def reference_folder() -> Path | None:
    """The reference models of the BPMN Model Interchange Working Group: MINGQU_DATA, then ../shared/data."""
    roots = [os.environ.get("MINGQU_DATA", ""), str(PROJECT.parent / "shared" / "data")]
    folders = (Path(root) / "bpmn-miwg" for root in roots if root)
    return next((folder for folder in folders if folder.is_dir()), None)


FOLDER = reference_folder()
REFERENCES = sorted(FOLDER.glob("*.bpmn")) if FOLDER is not None else []


def own(name: str) -> bytes:
    return (OWN / name).read_bytes()


def file_of(*elements: str, process: str = "p", more: str = "") -> BpmnFile:
    """A file of one process that holds these elements. Prefix mq is ours, x a stranger's."""
    return bpmn.read(xml_of(*elements, process=process, more=more))


def xml_of(*elements: str, process: str = "p", more: str = "") -> bytes:
    return (
        f'<definitions xmlns="{BPMN}" xmlns:mq="https://mingqu.org/bpmn" xmlns:x="urn:x" targetNamespace="urn:t">'
        f'<process id="{process}">{"".join(elements)}</process>{more}</definitions>'
    ).encode()


def start(name: str = "s") -> str:
    return f'<startEvent id="{name}"/>'


def end(name: str = "e") -> str:
    return f'<endEvent id="{name}"/>'


def task(name: str, /, **attributes: str) -> str:
    given = {"name": name, "mq:post": "W", **{key.replace("_", ":"): v for key, v in attributes.items()}}
    words = "".join(f' {key}="{value}"' for key, value in given.items() if value)
    return f'<userTask id="{name}"{words}/>'


def flow(source: str, target: str, condition: str | None = None, more: str = "") -> str:
    said = "" if condition is None else f"<conditionExpression{more}>{condition}</conditionExpression>"
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{said}</sequenceFlow>'


def way(*names: str) -> list[str]:
    return [flow(source, target) for source, target in itertools.pairwise(names)]


def without_positions(file: BpmnFile) -> BpmnFile:
    root = file.document.root
    kept = tuple(
        child for child in root.children if not (isinstance(child, Element) and child.local == "BPMNDiagram")
    )
    bare = Element(root.name, root.attributes, kept, root.space, root.local, root.scope)
    return model_of(Document(file.document.before, bare, file.document.after))
