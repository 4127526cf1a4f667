"""The form that goes with a material: blank, and as a sample (行政许可法 30). The same words on page and paper."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingqu.cases.views.asking import HANDLING, Asking, asking
from mingqu.cases.views.paper_form import SAMPLE
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Material, PaperForm, Which
from mingqu.documents import services as documents
from mingqu.documents.selectors import FileView
from mingqu.documents.types import FormPaper
from mingqu.identity import selectors as identity
from mingqu.identity.services.traffic import read_gently
from mingqu.kernel import regions
from mingqu.kernel.errors import NotFound
from mingqu.ui.access import public


@public
@require_safe
def material_form(request: Any, item_code: str, code: str) -> HttpResponse:
    """To read, print, save as PDF; a file an editor put in is shown or offered as it is."""
    known = asking(request, item_code, request.GET)
    if known.must_choose:
        return HttpResponseRedirect(known.url())
    material, form = _form(known, code)
    sample = SAMPLE in request.GET
    other: Which = "blank" if sample else "sample"
    file = _file(known, form, sample)
    query = f"?{HANDLING}={known.definition.handling_item.code}"
    here = reverse("cases:material_form", args=[item_code, code]) + query
    context = {
        "known": known,
        "material": material,
        "form": form,
        "sample": sample,
        "organ": _organ(known),
        "file": file,
        "paragraphs": [] if file else catalogue.paragraphs(form),
        "file_url": reverse("cases:material_form_file", args=[item_code, code])
        + query
        + (f"&{SAMPLE}=1" if sample else ""),
        "other_url": (here if sample else f"{here}&{SAMPLE}=1") if catalogue.offers(form, other) else "",
    }
    return render(request, "cases/material_form.html", context)


@public
@read_gently
@require_safe
def material_form_file(request: Any, item_code: str, code: str) -> HttpResponse:
    """The same as a file: PDF made of its words, or what an editor put in."""
    known = asking(request, item_code, request.GET)
    if known.must_choose:
        return HttpResponseRedirect(known.url())
    _material, form = _form(known, code)
    sample = SAMPLE in request.GET
    name = f"{form.title}（{_('样表') if sample else _('空白表格')}）"
    if file := _file(known, form, sample):
        return documents.file_response(file.root_id, file.id, reader=None, name=name + Path(file.name).suffix)
    answer = HttpResponse(documents.form_pdf(_paper(known, form, sample)), content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.pdf"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _form(known: Asking, code: str) -> tuple[Material, PaperForm]:
    """Raises NotFound."""
    material = next((one for one in known.definition.materials if one.code == code), None)
    form = catalogue.form_of(known.definition, material) if material else None
    if material is None or form is None:
        raise NotFound()
    return material, form


def _file(known: Asking, form: PaperForm, sample: bool) -> FileView | None:
    """What an editor put in. Raises NotFound where there is neither that nor words."""
    if not catalogue.offers(form, "sample" if sample else "blank"):
        raise NotFound()
    digest = form.sample if sample else form.blank
    return catalogue.form_file(catalogue.item(known.item_code).pk, digest) if digest else None


def _organ(known: Asking) -> str:
    return identity.department_by_code(known.definition.item.organ).name


def _paper(known: Asking, form: PaperForm, sample: bool) -> FormPaper:
    """Papers are Chinese whatever the page is."""
    item = known.definition
    return FormPaper(
        title=form.title,
        organ=_organ(known),
        about=f"{item.item.name}（{item.handling_item.name}）用表，第{form.version}版。",
        sample=sample,
        paragraphs=tuple(
            (line.heading, tuple((piece.words, piece.example) for piece in line.pieces))
            for line in catalogue.paragraphs(form)
        ),
        at=catalogue.published_at(known.revision_id),
        training=regions.is_training(item.item.region_code),
    )
