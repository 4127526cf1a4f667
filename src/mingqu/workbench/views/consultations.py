"""征求意见: what waits for an answer of the acting post, one question, its answer, what this post asked others."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.consulting.errors import ConsultationUnknown
from mingqu.cases.consulting.types import Answer, ConsultationLine
from mingqu.cases.services.files import Upload
from mingqu.documents import services as documents
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench.consulting_forms import ConsultationAnswerForm, EndConsultationForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
LISTS = {
    "waiting": ("等我岗位答复的", "没有等您答复的", "别的部门征求您岗位的意见，会排在这里，先到期的在前。"),
    "done": ("我岗位答复过的", "还没有答复过", "答复以后，会出现在这里。"),
    "asked": ("我岗位征求别人的", "还没有征求过别的部门", "打开自己环节的办件，按“征求意见”。"),
}


@staff("case.answer_consultation")
@never_cache
@require_GET
def consultations(request: Any) -> HttpResponse:
    which = request.GET.get("list", "waiting")
    which = which if which in LISTS else "waiting"
    page = consulting.page_of(request.actor, which, legal_day(request.at), after=request.GET.get("after", ""))
    _title, empty, onward = LISTS[which]
    lists = [(code, words[0], code == which) for code, words in LISTS.items()]
    context = {"page": page, "which": which, "lists": lists, "empty": empty, "onward": onward}
    return render(request, "workbench/consultations.html", context)


@staff("case.answer_consultation")
@never_cache
@require_http_methods(GET_OR_POST)
def consultation(request: Any, number: str, consultation_id: UUID) -> HttpResponse:
    """As the post that was asked sees it: the question, the files sent along, nothing else of the case; the answer."""
    shown = consulting.asked_of(request.actor, number, consultation_id, legal_day(request.at))
    if request.method != "POST":
        return _show(request, shown, ConsultationAnswerForm())
    form = ConsultationAnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, shown, form, status=WRONG)
    uploads = tuple(Upload(one.name, one.read()) for one in request.FILES.getlist("files"))
    try:
        services.answer_consultation(
            case_id=cases.case_id_of(number),
            consultation_id=consultation_id,
            answer=Answer(form.cleaned_data["outcome"], form.cleaned_data["text"], uploads),
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
    except NotFound:
        raise
    except DomainError as refused:
        status = form.tell(refused)
        now = consulting.asked_of(request.actor, number, consultation_id, legal_day(request.at))
        return _show(request, now, form, status=status)
    messages.success(request, "已答复，征求意见的岗位会收到通知。")
    return redirect("workbench:consultation", number, consultation_id)


def _show(request: Any, shown: ConsultationLine, form: Any, *, status: int = 200) -> HttpResponse:
    return render(request, "workbench/consultation.html", {"shown": shown, "form": form}, status=status)


@staff("case.answer_consultation")
@never_cache
@require_GET
def file(request: Any, number: str, consultation_id: UUID, file_id: UUID) -> HttpResponse:
    """A file that was sent along with the question, or with the answer."""
    root_id, found = consulting.file_for(request.actor, number, consultation_id, file_id)
    reader = documents.reader_of(request, "case.answer_consultation")
    return documents.file_response(root_id, found, reader=reader, inline=True)


@staff("case.consult")
@never_cache
@require_http_methods(GET_OR_POST)
def end(request: Any, number: str, consultation_id: UUID) -> HttpResponse:
    """撤回征求意见, with the reason."""
    case = cases.case_visible_to(request.actor, number)
    shown = next(
        (o for o in consulting.of_case(case, legal_day(request.at)) if o.id == consultation_id), None
    )
    if shown is None:
        raise ConsultationUnknown()
    form, status = EndConsultationForm(), 200
    if request.method == "POST":
        form, status = EndConsultationForm(request.POST), WRONG
        if form.is_valid():
            try:
                services.end_consultation(
                    case_id=case.pk,
                    consultation_id=consultation_id,
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "征求意见已撤回，被征求的岗位会收到通知。")
                return redirect("workbench:case", number)
    context = {"shown": shown, "form": form, "number": number, "item": case.item_name}
    return render(request, "workbench/consultation_end.html", context, status=status)
