"""Where a finding is put right: the sheet, and the row on it. Pure; where nothing is known, the first sheet."""

import re
from collections.abc import Mapping
from typing import Any

from mingqu.catalogue import places
from mingqu.catalogue.studio.edits import placed, value_at
from mingqu.catalogue.studio.fields import dom_id
from mingqu.catalogue.studio.sections import Section, section_of, sections

# By which word before a quoted name an element is meant, and where such elements stand.
QUOTED = (
    ("材料", "materials", ("name", "code")),
    ("环节", "steps", ("name", "id")),
    ("场景", "scenarios", ("name",)),
    ("问题", "situations", ("text",)),
    ("承诺书", "commitments", ("code", "title")),
    ("核查表", "checklists", ("code", "name")),
)
# Otherwise by what is spoken of, the particular before the general.
TOPICS = (
    (r"办理性质|网址|实施机关|事项编码|依据", "item"),
    (r"申请表|表单|schema|title（", "form"),
    (r"时限|期限", "main"),
    (r"证照|结果|编号前缀|文书名称|收费", "result"),
    (r"流程|环节|岗位|并行|决定", "steps"),
    (r"情形|资格", "situations"),
    (r"材料|承诺书", "materials"),
    (r"场景", "scenarios"),
)
PATH = re.compile(r"(?:item|basis|guide|handling|sources)[\w.\[\]-]*")


def located(document: Mapping[str, Any], text: str) -> tuple[Section, str]:
    """(the sheet, the id of the row or input on it or "") of a finding as it is told: place, colon, sentence."""
    if path := _path(document, text):
        found = section_of(document, path)
        if found is not None:
            return found, "" if found.is_form else dom_id(path)
    if "责任岗位" in text:  # its input is there, whether or not the document has it
        return sections(document)[0], dom_id("item.responsible_post")
    number = _handling(document, text)
    base = f"handling[{number}]"
    if path := _quoted(document, base, text):
        found = section_of(document, path)
        assert found is not None  # every list of a 业务办理项 has its sheet
        return found, dom_id(path)
    short = next((name for pattern, name in TOPICS if re.search(pattern, text)), "item")
    ordered = sections(document)
    wanted = short if short == "item" else f"{number}-{short}"
    return next((one for one in ordered if one.name == wanted), ordered[0]), ""


def in_words(document: Mapping[str, Any], text: str) -> str:
    """A finding, or its place alone, with a path as the sheets call it: 办理结果 · 编号前缀：缺少."""
    path, colon, sentence = text.partition("：")
    return f"{places.words(document, path)}{colon}{sentence}" if PATH.fullmatch(path) else text


def _path(document: Mapping[str, Any], text: str) -> str:
    """The deepest place of a path at the beginning that the document has, counted from 0; "" where there is none."""
    match = PATH.match(text)
    path = match[0] if match else ""
    while path:
        try:
            return placed(document, path)
        except KeyError:
            path = path[: max(path.rfind("."), path.rfind("["))] if "." in path or "[" in path else ""
    return ""


def _handling(document: Mapping[str, Any], text: str) -> int:
    found = document.get("handling")
    for number, one in enumerate(found if isinstance(found, list) else ()):
        name = str(one.get("name") or "") if isinstance(one, Mapping) else ""
        if name and text.startswith(f"{name}："):
            return number
    return 0


def _quoted(document: Mapping[str, Any], base: str, text: str) -> str:
    for word, name, keys in QUOTED:
        rows = value_at(document, f"{base}.{name}")
        for said in re.findall(f"{word}(?:编码)?“([^”]*)”", text):
            for number, row in enumerate(rows if isinstance(rows, list) else ()):
                if isinstance(row, Mapping) and said in [str(row.get(key)) for key in keys]:
                    return f"{base}.{name}[{number}]"
    element = text.partition("：")[0]
    steps = value_at(document, f"{base}.steps")
    for number, row in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(row, Mapping) and row.get("id") == element:
            return f"{base}.steps[{number}]"
    return f"{base}.decide" if element == "decide" else ""
