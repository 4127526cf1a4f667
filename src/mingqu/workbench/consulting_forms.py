"""征求意见: what is filled in to ask another organ, to answer, to call a question off."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from mingqu.cases.consulting.types import ANSWERS, LIMITS, Question
from mingqu.ui.forms import Option
from mingqu.workbench.case_types import Consulting
from mingqu.workbench.forms import ActForm, long_text

INSIDE = "只有机关内的工作人员看得到，申请人看不到。"
GO_ON, WAIT = "go_on", "wait"


class ConsultForm(ActForm):
    """To which organ's post, what, by when, whether the step waits, which files go along."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    post = forms.ChoiceField(label="征求哪个部门的意见")
    text = long_text("要对方答复什么", help_text=INSIDE + "对方看不到申请人的个人信息，不要写进问题里。")
    limit = forms.IntegerField(label="几个工作日内答复")
    waits = forms.ChoiceField(
        label="这个环节等不等答复",
        choices=[
            (GO_ON, Option("不等，接着办", "答复来了写在办件里")),
            (WAIT, Option("等，答复以前不能办结这个环节", "办理时限照常计算")),
        ],
        widget=forms.RadioSelect,
        initial=GO_ON,
    )
    attached = forms.MultipleChoiceField(
        label="附哪些材料", required=False, widget=forms.CheckboxSelectMultiple, help_text="最多5个文件。"
    )

    def __init__(self, data: Any = None, *, may: Consulting, **kwargs: Any) -> None:
        first = max(may.limit, LIMITS.start)
        super().__init__(data, initial={"task_id": may.task_id, "limit": first, "waits": GO_ON}, **kwargs)
        self.may = may
        self.fields["post"].choices = [("", "请选择"), *_grouped(may.posts)]  # type: ignore[attr-defined]
        limit = self.fields["limit"]
        least = may.limit if may.silence else LIMITS.start
        limit.min_value, limit.max_value = least, LIMITS.stop - 1  # type: ignore[attr-defined]
        limit.widget.attrs.update(min=least, max=LIMITS.stop - 1)
        limit.help_text = (
            may.silence or "快到期和逾期都会提醒对方；逾期没有答复，不等于同意。办理时限照常计算。"
        )
        if may.files:
            self.fields["attached"].choices = [  # type: ignore[attr-defined]
                (str(one), name) for one, name in may.files
            ]
        else:
            del self.fields["attached"]

    @property
    def question(self) -> Question:
        given = self.cleaned_data
        files = tuple(UUID(one) for one in given.get("attached", ()))
        return Question(given["post"], given["text"], given["limit"], given["waits"] == WAIT, files)

    @property
    def post_name(self) -> str:
        return next(
            (f"{organ}·{name}" for code, organ, name in self.may.posts if code == self.cleaned_data["post"]),
            "",
        )


def _grouped(posts: Sequence[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Posts under the names of their organs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, organ, name in posts:
        found.setdefault(organ, []).append((code, f"{organ}·{name}"))
    return list(found.items())


class ConsultationAnswerForm(ActForm):
    outcome = forms.ChoiceField(
        label="同意还是不同意", choices=list(ANSWERS.items()), widget=forms.RadioSelect
    )
    text = long_text("意见和理由", help_text="写明依据。" + INSIDE)


class EndConsultationForm(ActForm):
    reason = long_text("撤回的理由", help_text=INSIDE)
