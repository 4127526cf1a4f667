"""预览: a draft of a definition as the clerk at the window will meet it: the questions, then each material."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mingqu.cases.services import window
from mingqu.catalogue import selectors as catalogue
from mingqu.ui.access import staff
from mingqu.ui.preview import enclosed
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG
from mingqu.workbench.window_forms import MaterialsForm, SituationForm

HTTP_OK = 200
HANDLING, ASKED = "_handling", "_asked"  # in the address: which 业务办理项, that the questions were answered
WORDS = "窗口人员会看到这样的页面。可以试着选，什么都不会保存。"


@staff("catalogue.see")
@never_cache
@require_http_methods(GET_OR_POST)
def look(request: Any, draft_id: UUID) -> HttpResponse:
    """The questions; with their answers in the address, the materials."""
    of = catalogue.drafted(request.actor, draft_id, request.GET.get(HANDLING, ""))
    answers = _answers(of, request.GET)
    if ASKED in request.GET or not of.definition.situations:
        return _materials(request, of, answers)
    form = SituationForm(of.definition.situations, request.POST or None, initial=answers)
    stop = ""
    if request.method == "POST" and form.is_valid():
        came = catalogue.situation_of_answers(of.definition, form.cleaned_data)
        if came.stop is None:
            pairs = [(ask, one) for ask, value in form.cleaned_data.items() for one in _list(value)]
            named = [(HANDLING, of.definition.handling_item.code), (ASKED, "1")]
            return redirect(f"{request.path}?{urlencode([*named, *pairs])}")
        stop = came.stop.because
    name = f"{of.definition.item.name}（{of.definition.handling_item.name}）"
    context = {"page": SimpleNamespace(name=name, certificates_needed=False), "form": form, "stop": stop}
    return _drawn(request, of, "workbench/window_start.html", context, WRONG if form.errors or stop else 200)


def _answers(of: catalogue.Drafted, data: Any) -> dict[str, Any]:
    """Those of the address that the definition knows."""
    found: dict[str, Any] = {}
    for question in of.definition.situations:
        given = [value for value in data.getlist(question.ask) if value in question.options]
        if given:
            found[question.ask] = given if question.many else given[0]
    return found


def _list(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]


def _materials(request: Any, of: catalogue.Drafted, answers: dict[str, Any]) -> HttpResponse:
    draft = window.look(of, answers, request.at)
    form = MaterialsForm(draft.provided, request.POST or None, initial=pages.ways(draft))
    wrong = request.method == "POST" and not form.is_valid()
    context = {
        "form": form,
        "rows": pages.materials(draft, form),
        "accept": "",
        "draft": draft,
        "steps": pages.steps(draft.schema, "materials"),
        "base_url": "/desk/window/",  # closed like all ways out
    }
    return _drawn(request, of, "workbench/window_materials.html", context, WRONG if wrong else 200)


def _drawn(
    request: Any, of: catalogue.Drafted, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    done = request.method == "POST" and status == HTTP_OK
    page = enclosed(
        render_to_string(template, context, request),
        within=f"/desk/items/drafts/{of.id}/preview/",
        words="每一份都选好了，真的收件时下一步是核对和签名。预览到这里。" if done else WORDS,
        back=reverse("catalogue:draft", args=[of.id]),
        back_words="返回草稿",
    )
    return HttpResponse(page, status=status)
