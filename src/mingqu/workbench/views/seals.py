"""
电子印章 of each organ: the system officer asks for one, for a reason for another or none; the security officer agrees.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench import services
from mingqu.workbench.forms import SealForm

DONE = {
    "ask": "已经提出，等安全管理员复核。",
    "agree": "电子印章已经可以使用。因为没有印章而失败的文书，由系统管理员在“运行状况”里重新生成。",
    "decline": "这一件不办了。",
    "ask_end": "已经提出停用，等安全管理员复核；复核以前印章照常使用。",
    "agree_end": "电子印章已经停用。以前盖的章仍然有效；这个部门以后的文书要有新的印章才做得出来。",
    "decline_end": "不停用，印章照常使用。",
}
DEEDS = {
    "agree": services.agree_seal,
    "decline": services.decline_seal,
    "agree_end": services.agree_retirement,
    "decline_end": services.decline_retirement,
}
ASKS = {"ask": services.ask_seal, "ask_end": services.ask_retirement}


def _in_use(held: Any) -> bool:
    """Of an organ that was closed only a seal that still signs is of interest."""
    return held is not None and held.retired_at is None


@staff("system.see_seals")
@never_cache
@require_safe
def seals(request: Any) -> HttpResponse:
    keys = documents.organ_keys()
    asked = {one.about_id: one for one in second_person.waiting([document_services.MAKE_SEAL])}
    ending = {one.facts.get("organ"): one for one in second_person.waiting([document_services.RETIRE_SEAL])}
    rows = [
        (organ, keys.get(organ.code), asked.get(organ.id), ending.get(organ.code))
        for organ in identity.departments()
        if organ.closed_on is None or _in_use(keys.get(organ.code))
    ]
    # What waits for the second officer first, then what is missing.
    rows.sort(
        key=lambda row: (row[2] is None and row[3] is None, row[1] is not None and row[1].retired_at is None)
    )
    asking = [*asked.values(), *ending.values()]
    context = {
        "rows": rows,
        "missing": sum(1 for _organ, held, _asked, _ending in rows if held is None or held.retired_at),
        "names": identity.names_of({one.asked_by for one in asking}),
        "may_ask": access.may(request.actor, "system.manage_seals"),
        "may_agree": access.may(request.actor, "system.agree_seals"),
        "nobody_agrees": not identity.anybody_may("system.agree_seals", legal_day(request.at)),
        "key": new_id(),
    }
    return render(request, "workbench/seals.html", context)


@staff("system.see_seals")
@require_POST
def provide(request: Any) -> HttpResponse:
    """`deed`: ask (the default), agree or decline, the same about its end; each asks for its own right."""
    form = SealForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有看懂是哪个机关的电子印章，请刷新后再试。")
        return redirect("workbench:seals")
    given, deed = form.cleaned_data, form.cleaned_data["deed"] or "ask"
    who = {"organ_code": given["organ_code"], "by": request.actor, "at": request.at, "key": form.command_key}
    try:
        if deed in DEEDS:
            DEEDS[deed](**who)
        else:
            ASKS[deed](reason=given["reason"], **who)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, DONE[deed])
    return redirect("workbench:seals")
