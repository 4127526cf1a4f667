"""转办, 委派, 加签, 减签, 挂起, 恢复, 撤回: what is filled in for each."""

from typing import Any

from django import forms

from mingqu.cases.types import Handed
from mingqu.process.types import TaskRow
from mingqu.ui.forms import Option
from mingqu.workbench.case_types import Handing
from mingqu.workbench.forms import ActForm, long_text

INSIDE = "只有机关内的工作人员看得到。"


class PassForm(ActForm):
    """To which post a step goes, for good or to come back; a step that is lent is called back."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label="怎样交给别的岗位", widget=forms.RadioSelect)
    post = forms.ChoiceField(label="交给哪个岗位")
    reason = long_text("理由", help_text=INSIDE)

    def __init__(self, data: Any = None, *, may: Handing, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": may.task_id}, **kwargs)
        self.may = may
        how = [("pass", Option("转办", "从此由那个岗位办"))]
        if not may.whole:
            how.append(("lend", Option("委派", "那个岗位办完交回，最后由您这里办结")))
        if may.lender:
            how = [("recall", Option("收回委派", f"由{may.lender[1]}自己办"))]
        self.fields["how"].choices = how  # type: ignore[attr-defined]
        posts = [may.lender] if may.lender else list(may.posts)
        self.fields["post"].choices = [("", "请选择"), *posts]  # type: ignore[attr-defined]
        if may.lender:
            self.initial.update(how="recall", post=may.lender[0])

    @property
    def to(self) -> Handed:
        given = self.cleaned_data
        return Handed(given["post"], given["reason"], back=given["how"] == "lend")

    @property
    def post_name(self) -> str:
        return str(dict(self.fields["post"].choices)[self.cleaned_data["post"]])  # type: ignore[attr-defined]


class SignersForm(ActForm):
    """Another post signs too, or one that was added does not."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    which = forms.ChoiceField(label="加签或者减签哪个岗位")
    reason = long_text("理由", help_text=INSIDE)

    def __init__(self, data: Any = None, *, may: Handing, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": may.task_id}, **kwargs)
        add = [(f"add {code}", f"加签：{name}") for code, name in may.posts]
        drop = [(f"drop {code}", f"减签：{name}") for code, name in may.added]
        self.fields["which"].choices = [("", "请选择"), *drop, *add]  # type: ignore[attr-defined]

    @property
    def to(self) -> Handed:
        how, _, post = self.cleaned_data["which"].partition(" ")
        return Handed(post, self.cleaned_data["reason"], add=how == "add")

    @property
    def choice(self) -> str:
        return str(dict(self.fields["which"].choices)[self.cleaned_data["which"]])  # type: ignore[attr-defined]


class HoldForm(ActForm):
    """Why a step stands still; nothing has to be said when it goes on."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    held = forms.BooleanField(widget=forms.HiddenInput, required=False)
    reason = long_text("理由", help_text=INSIDE)

    def __init__(self, data: Any = None, *, may: Handing, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": may.task_id, "held": not may.held}, **kwargs)
        reason = self.fields["reason"]
        reason.required = not may.held
        reason.label = "恢复的说明" if may.held else "挂起的理由"
        what = "恢复以后接着办。" if may.held else "挂起以后，恢复以前谁也不能办这个环节；办理期限照常计算。"
        reason.help_text = what + INSIDE


class ClaimForm(ActForm):
    """Which step is claimed, or put back."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)


class PutBackForm(ActForm):
    """Why the head of the organ puts back what somebody else has claimed."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = long_text("放回的理由", help_text=INSIDE)

    def __init__(self, data: Any = None, *, task: TaskRow | None, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": task.task_id if task else None}, **kwargs)
        self.step_name = task.name if task else ""


class TakeBackForm(ActForm):
    task_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = long_text("撤回的理由", help_text=INSIDE)

    def __init__(self, data: Any = None, *, task: TaskRow | None, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": task.task_id if task else None}, **kwargs)
        self.step_name = task.name if task else ""
