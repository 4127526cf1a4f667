"""What officers fill in. Every form carries the key made when its page was shown: the same key is the same deed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from mingqu.cases.types import REVEAL_PURPOSES, Asked, Finding, Point
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.workbench.types import OwnTask

if TYPE_CHECKING:
    from mingqu.cases.models import CaseMaterial

LONGEST = 2000
STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"


class ActForm(forms.Form):
    """A form with nothing to fill in but the last question."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in before the last question."""
        return bool(self.visible_fields())

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def tell(self, refused: DomainError) -> int:
        """Put a refusal beside the field it belongs to; the HTTP status of the page."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return refused.status


def _text(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"max_length": "最多写2000字，您写了%(show_value)s字。"},
    )


class RefuseAcceptanceForm(ActForm):
    """不予受理 with its reason."""

    reason = _text(
        "不予受理的理由",
        help_text="会原样写进通知书。例如：依法不需要取得行政许可；不属于本机关职权范围，请向某某机关申请。",
    )


class DecisionForm(ActForm):
    """准予 or 不予; a refusal says why."""

    outcome = forms.ChoiceField(
        label="决定",
        choices=[("granted", "准予行政许可"), ("refused", "不予行政许可")],
        widget=forms.RadioSelect,
    )
    reasons = _text("理由", required=False, help_text="不予许可的，必须写明理由；会原样写进决定书。")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("outcome") == "refused" and not given.get("reasons", "").strip():
            self.add_error("reasons", "不予许可的，请写明理由（行政许可法第三十八条）。")
        return given


class CorrectionForm(ActForm):
    """Which materials must be corrected and what is wrong with each: everything at one time."""

    def __init__(self, data: Any = None, *, materials: Sequence["CaseMaterial"], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        before = any(m.state != "given" for m in materials)
        # 行政许可法 32(4): after a first notice only what it asked for may be asked again.
        self.materials = [m for m in materials if not before or m.state != "given"]
        for m in self.materials:
            self.fields[f"pick-{m.code}"] = forms.BooleanField(label=m.name, required=False)
            self.fields[f"what-{m.code}"] = _text(f"“{m.name}”要补正什么", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        for m in self.materials:
            what = given.get(f"what-{m.code}", "").strip()
            if given.get(f"pick-{m.code}") and not what:
                self.add_error(f"what-{m.code}", f"请写明“{m.name}”要补正什么。")
            elif what and not given.get(f"pick-{m.code}"):
                self.add_error(f"pick-{m.code}", f"您写了“{m.name}”要补正的内容，但没有勾选它。")
        if not self.errors and not self.asked:
            self.add_error(None, "请至少选一份材料，并写明要补正什么。")
        return given

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Tick and text of each material, for the page."""
        return [(self[f"pick-{m.code}"], self[f"what-{m.code}"]) for m in self.materials]

    @property
    def asked(self) -> list[Asked]:
        given = self.cleaned_data
        return [
            Asked(m.code, given[f"what-{m.code}"].strip())
            for m in self.materials
            if given.get(f"pick-{m.code}") and given.get(f"what-{m.code}", "").strip()
        ]

    @property
    def sentences(self) -> list[str]:
        """What the notice will say, line by line."""
        names = {m.code: m.name for m in self.materials}
        return [f"{names[one.code]}：{one.what}" for one in self.asked]


class OpinionForm(ActForm):
    """审查意见 of one step: each point met or not, the finding, the words, the second officer."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    finding = forms.ChoiceField(
        label="审查意见", choices=[("met", "符合"), ("not_met", "不符合")], widget=forms.RadioSelect
    )
    text = _text("说明", required=False, help_text="不符合的，必须写明理由。")

    def __init__(self, data: Any = None, *, task: OwnTask, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": task.task_id}, **kwargs)
        self.task = task
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
        if task.people > 1:
            self.fields["second_officer"] = forms.CharField(
                label="另一名工作人员姓名",
                max_length=40,
                help_text="这个环节须由两名以上工作人员办理（行政许可法第三十四条）。",
                error_messages={"required": f"“{task.name}”须由两名以上工作人员办理，请填写另一名工作人员。"},
            )

    @property
    def point_rows(self) -> list[tuple[int, Any]]:
        return [(number, self[field]) for number, (field, _, _) in enumerate(self.points, start=1)]

    @property
    def officer(self) -> Any:
        return self["second_officer"] if "second_officer" in self.fields else None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        not_met = [point for field, _, point in self.points if given.get(field) == "not_met"]
        if given.get("finding") == "met" and not_met:
            self.add_error("finding", f"“{not_met[0]}”选了不符合，审查意见却是符合。请核对。")
        if given.get("finding") == "not_met" and not given.get("text", "").strip():
            self.add_error("text", "意见是不符合的，请写明理由。")
        return given

    def finding_given(self) -> Finding:
        given = self.cleaned_data
        return Finding(
            outcome=given["finding"],
            text=given["text"],
            second_officer=given.get("second_officer", ""),
            points=tuple(
                Point(material, point, given[field] == "met") for field, material, point in self.points
            ),
        )


class RevealForm(ActForm):
    """Why the personal data is to be shown; written into the ledger."""

    why = forms.ChoiceField(label="用途", choices=list(REVEAL_PURPOSES.items()))


class RetryForm(ActForm):
    """Which failed work is to be tried again: the events of a chain, or one document."""

    root_id = forms.UUIDField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class ApplicantForm(forms.Form):
    """Posted, never in an address: a citizen number."""

    citizen_number = forms.CharField(
        label="申请人公民身份号码",
        max_length=18,
        min_length=18,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
        error_messages={
            "min_length": "公民身份号码是18位，您写了%(show_value)s位。",
            "max_length": "公民身份号码是18位，您写了%(show_value)s位。",
        },
    )
