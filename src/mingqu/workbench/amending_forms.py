"""作废 and 更正: what is filled in to ask for it, and to agree or not."""

from typing import Any

from django import forms

from mingqu.cases.services.amending import NAME, Mendable
from mingqu.ui.forms import Option
from mingqu.workbench.forms import ActForm, long_text


class VoidForm(ActForm):
    reason = long_text(
        "为什么作废", rows=3, help_text="例如收错了事项、收到别人名下、同一件收了两次。复核的人看得到。"
    )


class ChooseFieldsForm(forms.Form):
    """Which fields were mistyped; it goes into the address."""

    field = forms.MultipleChoiceField(
        label="哪些内容录错了",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项。"},
    )

    def __init__(self, data: Any = None, *, fields: list[Mendable], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        hint = "涉及身份，要第二个人复核"
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (one.path, Option(one.name, hint if one.identity else "")) for one in fields
        ]


class MendForm(ActForm):
    """The reason, and the name where it is among the chosen; the fields of the form stand in a form of their own."""

    applicant_name = forms.CharField(label="申请人姓名（文书上的）", max_length=60)
    reason = long_text("为什么更正", rows=3, help_text="例如按证件原件核对，录入时打错。")

    def __init__(self, data: Any = None, *, with_name: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not with_name:
            del self.fields[NAME]


class AnswerChangeForm(ActForm):
    """Agreed to or not; only the second wants its reason. Who asked can only take it back."""

    agrees = forms.ChoiceField(
        label="复核意见",
        choices=[
            ("yes", Option("同意", "马上生效，申请人会收到通知")),
            ("no", Option("不同意", "什么也不改变")),
        ],
        widget=forms.RadioSelect,
    )
    text = long_text("说明", required=False, rows=3, help_text="不同意的，写明为什么。")

    def __init__(self, data: Any = None, *, own: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if own:
            self.fields["agrees"].choices = [("no", Option("撤回这项改动", "您自己提出的，要别人复核"))]  # type: ignore[attr-defined]
            self.initial["agrees"] = "no"
