"""归档清单 and 归档包: which days and files, how long one is kept, who received it."""

from datetime import date, timedelta
from typing import Any

from django import forms

from mingqu.cases.archiving.selectors import Asked
from mingqu.kernel.codelists import code_list
from mingqu.ui.forms import DayField
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors.archive import STAGES

LONGEST = 366  # days a list spans


def _day(label: str) -> forms.DateField:
    return DayField(
        label=label,
        error_messages={"required": "请填写日期。", "invalid": "没有这一天，例如2026-11-09。"},
    )


class ArchiveListForm(forms.Form):
    since = _day("从哪天归档")
    until = _day("到哪天")
    organ = forms.ChoiceField(label="机关", required=False)
    item = forms.CharField(label="事项名称里有", required=False, max_length=60)
    retention = forms.ChoiceField(label="保管期限", required=False)
    stage = forms.ChoiceField(label="归档包", required=False)

    def __init__(self, data: Any, *, organs: list[tuple[str, str]], today: date) -> None:
        usual = {"since": date(today.year, 1, 1), "until": today}
        bound = data if "since" in data or "until" in data else None
        super().__init__(bound, initial=usual)
        self.usual: dict[str, Any] = usual
        self._choices("organ", "全部机关", organs)
        self._choices("retention", "全部", code_list("retention_period").choices())
        self._choices("stage", "全部", [(code, words) for code, (_, words) in STAGES.items()])

    def _choices(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and not since <= until <= since + timedelta(days=LONGEST):
            self.add_error("until", "结束日期不能早于开始日期，最长一年。")
        return given

    @property
    def asked(self) -> Asked:
        """What was asked for; this year so far, where nothing was, or something was typed wrong."""
        if self.is_bound and self.is_valid():
            return Asked(**self.cleaned_data)
        return Asked(**self.usual)


class MakeArchiveForm(ActForm):
    retention = forms.ChoiceField(
        label="保管期限",
        widget=forms.RadioSelect,
        help_text="按本机关经档案主管部门审核同意的保管期限表选。",
        error_messages={"required": "请选保管期限。"},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["retention"].choices = code_list("retention_period").choices()  # type: ignore[attr-defined]


class HandOverArchiveForm(ActForm):
    to = forms.CharField(
        label="移交给哪个单位",
        max_length=60,
        help_text="例如本机关档案室、区档案馆。",
        error_messages={"required": "请写明移交给哪个单位。"},
    )
