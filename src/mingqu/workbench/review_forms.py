"""审查意见: what an officer fills in on the case page."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mingqu.cases.types import HOW_KNOWN, Finding, Point
from mingqu.workbench.forms import LONGEST, ActForm
from mingqu.workbench.phrases import phrases_of
from mingqu.workbench.types import OwnTask


class OpinionForm(ActForm):
    """审查意见 of one step: each point met or not, the finding, the words, the second officer."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    finding = forms.ChoiceField(
        label="审查意见", choices=[("met", "符合"), ("not_met", "不符合")], widget=forms.RadioSelect
    )
    phrase = forms.ChoiceField(
        label="常用语", required=False, widget=forms.Select({"data-mq-phrase": "id_text"})
    )
    text = forms.CharField(
        label="说明",
        required=False,
        help_text="不符合的，必须写明理由。",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": "最多写2000字，您写了%(show_value)s字。"},
    )

    def __init__(self, data: Any = None, *, task: OwnTask, own: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": task.task_id}, **kwargs)
        self.task = task
        groups = [("我的常用语", own), ("平台常用语", phrases_of(task.kind))]
        known = [(name, [(phrase, phrase) for phrase in phrases]) for name, phrases in groups if phrases]
        self.fields["phrase"].choices = [("", "不用常用语"), *known]  # type: ignore[attr-defined]
        if task.kind == "check":
            finding = self.fields["finding"]
            finding.label = "审核意见"
            finding.choices = [("met", "同意"), ("not_met", "不同意")]  # type: ignore[attr-defined]
            self.fields["text"].help_text = "不同意的，必须写明理由。要承办人重新办的，用“内部退回”。"
        self.points: list[tuple[str, str, str]] = []  # field, material code, point
        for place, (material, name, point) in enumerate(task.points):
            field = f"point-{place}"
            self.points.append((field, material, point))
            self.fields[field] = forms.ChoiceField(
                label=f"{name}：{point}",
                choices=[("met", "符合"), ("not_met", "不符合")],
                widget=forms.RadioSelect,
                error_messages={"required": f"请选择“{point}”是否符合。"},
            )
            self.fields[f"how-{place}"] = forms.ChoiceField(
                label=f"怎样核对“{point}”",
                choices=[("", "没有写怎样核对"), *HOW_KNOWN.items()],
                required=False,
                initial="paper",
            )
        if task.people > 1:
            self.fields["second_officer"] = forms.CharField(
                label="另一名工作人员姓名",
                max_length=40,
                help_text=f"这个环节须由两名以上工作人员办理{task.law}。",
                error_messages={"required": f"“{task.name}”须由两名以上工作人员办理，请填写另一名工作人员。"},
            )

    @property
    def point_rows(self) -> list[tuple[int, Any, Any]]:
        return [
            (number, self[field], self[f"how-{number - 1}"])
            for number, (field, _, _) in enumerate(self.points, start=1)
        ]

    @property
    def officer(self) -> Any:
        return self["second_officer"] if "second_officer" in self.fields else None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if (phrase := given.get("phrase", "")) and phrase not in given.get("text", ""):
            given["text"] = phrase + given.get("text", "")  # without JavaScript it is put in here
        not_met = [point for field, _, point in self.points if given.get(field) == "not_met"]
        if given.get("finding") == "met" and not_met:
            self.add_error("finding", f"“{not_met[0]}”选了不符合，审查意见却是符合。请核对。")
        if given.get("finding") == "not_met" and not given.get("text", "").strip():
            words = "不同意" if self.task.kind == "check" else "不符合"
            self.add_error("text", f"意见是{words}的，请写明理由。")
        return given

    def finding_given(self) -> Finding:
        given = self.cleaned_data
        return Finding(
            outcome=given["finding"],
            text=given["text"],
            second_officer=given.get("second_officer", ""),
            points=tuple(
                Point(material, point, given[field] == "met", given.get(f"how-{place}", ""))
                for place, (field, material, point) in enumerate(self.points)
            ),
        )
