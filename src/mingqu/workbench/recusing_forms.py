"""回避: what is filled in to ask for it, to decide it, and to give a step that nobody is left for to another post."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from mingqu.cases.services.recusing import StandAside
from mingqu.identity.types import OfficerView
from mingqu.process.types import TaskRow
from mingqu.ui.forms import Option
from mingqu.workbench.forms import ActForm, long_text

GROUNDS = [
    ("own", Option("涉及本人利害关系", "例如自己是申请人，或者有投资、债务")),
    ("kin", Option("涉及亲属的利害关系", "夫妻、直系血亲、三代以内旁系血亲、近姻亲")),
    ("other", Option("其他可能影响公正办理", "写清楚是什么关系")),
]
WHO_READS = "只有本人和作决定的负责人看得到。"


class RecuseForm(ActForm):
    ground = forms.ChoiceField(
        label="属于哪一种情形（公务员法第七十六条）", choices=GROUNDS, widget=forms.RadioSelect
    )
    text = long_text("理由", help_text=WHO_READS)

    @property
    def why(self) -> StandAside:
        return StandAside(self.cleaned_data["ground"], self.cleaned_data["text"])


class ExcludeForm(RecuseForm):
    person = forms.ChoiceField(label="哪一位工作人员回避")
    field_order = ("person", "ground", "text")

    def __init__(self, data: Any = None, *, officers: Sequence[OfficerView], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(str(one.person_id), f"{one.name}（{one.post}）") for one in officers]
        self.fields["person"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    @property
    def person_id(self) -> UUID:
        return UUID(self.cleaned_data["person"])

    @property
    def person_name(self) -> str:
        return str(dict(self.fields["person"].choices)[self.cleaned_data["person"]])  # type: ignore[attr-defined]


class DecideRecusalForm(ActForm):
    """Agreed to, or not needed; only the second wants its reason."""

    stands = forms.ChoiceField(
        label="决定",
        choices=[("yes", "回避"), ("no", Option("不用回避", "可以接着办这件申请"))],
        widget=forms.RadioSelect,
    )
    text = long_text("说明", required=False, help_text="不用回避的，写明为什么。" + WHO_READS)

    def __init__(self, data: Any = None, *, decided: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if decided:
            self.fields["stands"].choices = [  # type: ignore[attr-defined]
                ("no", Option("解除回避", "情形已经没有了，可以接着办这件申请"))
            ]
            self.initial["stands"] = "no"


class ReassignForm(ActForm):
    """Which step that nobody is left for goes to which post."""

    task_id = forms.ChoiceField(label="没有人可以办的环节")
    post = forms.ChoiceField(label="交给哪个岗位")
    reason = long_text("理由", help_text="只有机关内的工作人员看得到。")

    def __init__(
        self,
        data: Any = None,
        *,
        stranded: Sequence[TaskRow],
        posts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        tasks = [(str(one.task_id), one.name) for one in stranded]
        self.fields["task_id"].choices = tasks  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", "请选择"), *posts]  # type: ignore[attr-defined]
