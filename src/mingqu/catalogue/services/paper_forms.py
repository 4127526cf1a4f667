"""空白表格 and 样表 of a material, put into a draft: text, or files that stand in its place."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from mingqu.catalogue import selectors
from mingqu.catalogue.errors import MaterialOfNoDraft
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.kernel.types import Instant


@dataclass(frozen=True)
class NewFile:
    """A file an editor put in, as it was checked."""

    name: str
    upload: CheckedUpload


@dataclass(frozen=True)
class FormChange:
    """
    What the form of a material becomes. `blank`, `sample`: a new file, the digest of the one that stays, or "". Where
    nothing is left of it, the material has no form.
    """

    handling: str
    material: str
    title: str = ""
    text: tuple[str, ...] = ()
    blank: NewFile | str = ""
    sample: NewFile | str = ""

    @property
    def empty(self) -> bool:
        return not (self.text or self.blank or self.sample)


Keep = Callable[[NewFile], str]
CODE = re.compile(r"[\w.-]+")


def keeping(item_id: UUID, at: Instant) -> Keep:
    """Stores a file with its item and gives the digest by which definitions refer to it. Raises FileInfected."""

    def keep(file: NewFile) -> str:
        digest = sha256(file.upload.data).hexdigest()
        if selectors.form_file(item_id, digest) is None:
            documents.store_upload(root_id=item_id, kind=digest, name=file.name, upload=file.upload, at=at)
        return digest

    return keep


def with_form(
    document: Mapping[str, Any], published: Mapping[str, Any], change: FormChange, keep: Keep
) -> tuple[dict[str, Any], str]:
    """
    The document with the form, and the name of its material. What says anything else than the published one is the
    next version of it. Raises MaterialOfNoDraft.
    """
    made = deepcopy(dict(document))
    material = material_in(made, change.handling, change.material)
    if material is None:
        raise MaterialOfNoDraft()
    material.pop("form", None)
    if not change.empty:
        said: dict[str, Any] = {"title": change.title, "text": list(change.text)}
        for name, file in (("blank", change.blank), ("sample", change.sample)):
            said[name] = keep(file) if isinstance(file, NewFile) else file
        said = {name: value for name, value in said.items() if value}
        before = form_in(material_in(published, change.handling, change.material) or {})
        same = {name: value for name, value in before.items() if value and name != "version"} == said
        number = int(before.get("version", 0)) + (0 if same else 1)
        material["form"] = {"title": said.pop("title"), "version": number, **said}
    return made, str(material.get("name", change.material))


def material_in(document: Mapping[str, Any], handling: str, code: str) -> dict[str, Any] | None:
    """The material of a document as it was written, which may be wrong in any other way."""
    for one in rows(document, "handling"):
        for material in rows(one, "materials") if one.get("code") == handling else ():
            if material.get("code") == code:
                return material
    return None


def rows(of: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Those of its elements that have a code, of a document that may be wrong in any way."""
    found = of.get(name)
    whole = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return [row for row in whole if CODE.fullmatch(str(row.get("code", "")))]


def form_in(material: Mapping[str, Any]) -> dict[str, Any]:
    """Its form as it was written; empty where it has none that can be read."""
    form = material.get("form")
    whole = form if isinstance(form, dict) else {}
    text = whole.get("text")
    return {**whole, "text": [str(line) for line in text] if isinstance(text, list) else []} if whole else {}
