"""空白表格 and 样表 of a material: what both papers say, made of one text. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mingqu.catalogue.types import Commitment, Definition, Material, PaperForm, Which

PLACE = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
HEADING = "# "


@dataclass(frozen=True)
class Piece:
    """Words of a form; with an `example`, a place to fill in, for which the words ask."""

    words: str
    example: str = ""


@dataclass(frozen=True)
class Paragraph:
    pieces: tuple[Piece, ...]
    heading: bool = False


def form_of(definition: Definition, material: Material) -> PaperForm | None:
    """Its own form; of what is promised (告知承诺) the words of the promise, to be signed on paper. Else none."""
    if material.form is None and material.source.kind == "commitment":
        return _of_promise(definition.commitment(material.source.of))
    return material.form


def offers(form: PaperForm, which: Which) -> bool:
    """Whether there is such a paper of it."""
    return bool(form.text or (form.blank if which == "blank" else form.sample))


def paragraphs(form: PaperForm) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(tuple(_pieces(line.removeprefix(HEADING))), heading=line.startswith(HEADING))
        for line in form.text
    )


def problems(form: PaperForm) -> Iterator[str]:
    """What keeps a form from being shown, in words."""
    if not form.title.strip():
        yield "没有名称"
    if not (form.text or form.blank or form.sample):
        yield "没有内容：写表格的文字，或者放上文件"
    for line in form.text:
        if not line.strip():
            yield "有空的段落"
        if re.search(r"[{}]", PLACE.sub("", line)):
            yield f"“{line[:20]}”里要填写的地方没有写对，应写成{{填什么|样例}}"


def _pieces(line: str) -> Iterator[Piece]:
    at = 0
    for place in PLACE.finditer(line):
        if place.start() > at:
            yield Piece(line[at : place.start()])
        yield Piece(place[1], place[2])
        at = place.end()
    if at < len(line):
        yield Piece(line[at:])


def _of_promise(promise: Commitment) -> PaperForm:
    text = [
        "# 一、办理机关告知",
        *(f"（{number}）{words}" for number, words in enumerate(promise.told, 1)),
        "# 二、申请人承诺",
        *(f"（{number}）{words}" for number, words in enumerate(promise.promised, 1)),
        "# 三、不实承诺的后果",
        promise.consequence,
        "承诺人（签名或者盖章）：{姓名或者单位名称|样例餐饮店（举例）}",
        "日期：{年月日|2026年9月18日}",
    ]
    return PaperForm(promise.title, promise.version, text)
