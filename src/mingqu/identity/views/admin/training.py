"""培训区域: which regions are for training, and the two deeds that change it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity.admin_forms import DeedForm, TrainingForm
from mingqu.identity.errors import UnknownRegion
from mingqu.identity.services import access
from mingqu.identity.services.regions import mark_training
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel import regions, training
from mingqu.kernel.models_regions import Region
from mingqu.ui.access import staff


@staff("identity.see_accounts")
@never_cache
@require_GET
def region_list(request: Any) -> HttpResponse:
    lines = [{"region": row, "name": regions.full_name(row.code) or row.name} for row in training.marked()]
    context = {"lines": lines, "may": access.may(request.actor, "system.mark_training")}
    return render(request, "identity/training_regions.html", context)


def _marked(region_code: str) -> Region:
    found = {row.code: row for row in training.marked()}.get(region_code)
    if found is None:
        raise UnknownRegion()
    return found


def _set(request: Any, about: None, form: Any) -> None:
    code = form.cleaned_data["region_code"]
    mark_training(region_code=code, on=True, by=request.actor, at=request.at, key=form.command_key)


def _take(request: Any, region: Region, form: Any) -> None:
    mark_training(region_code=region.code, on=False, by=request.actor, at=request.at, key=form.command_key)


mark = page_of(
    Deed(
        action="system.mark_training",
        title="设为培训区域",
        button="确认设为培训区域",
        done="已设为培训区域。",
        about=lambda: None,
        form=lambda about, data: TrainingForm(data),
        follows=lambda about, form: [
            f"{form.region_words}和它下面的所有区域都成为培训区域。",
            "那里没有确认的事项也能申请，用来练习。每一页、每一份文书都写明没有法律效力。",
            "在那里办过一件以后，它就不能再改成正式区域。",
        ],
        run=_set,
        back=lambda about: reverse("identity:training_regions"),
    )
)
unmark = page_of(
    Deed(
        action="system.mark_training",
        title="改为正式区域",
        button="确认改为正式区域",
        done="已改为正式区域。",
        about=_marked,
        form=lambda about, data: DeedForm(data),
        follows=lambda region, form: [
            f"{region.name}不再是培训区域，页面和文书上不再有培训的说明。",
            "从此以后，那里只有依据已经确认的事项才能申请。",
        ],
        run=_take,
        back=lambda region: reverse("identity:training_regions"),
        subject=lambda region: str(region.name),
        kind="warn",
    )
)
