"""What is typed on the staff page of a bundle and of a project."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, TypeVar

from django import forms

from mingqu.cases.bundles.selectors import PartPoints
from mingqu.cases.bundles.types import FORM, OutsideResult
from mingqu.cases.types import Asked
from mingqu.workbench.forms import ActForm

T = TypeVar("T")


class PartsForm(ActForm):
    """Which of the received parts to accept."""

    parts = forms.MultipleChoiceField(
        label="受理哪些事项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个事项。"},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        received: Sequence[tuple[str, str]] = (),
        wrong: Container[str] = (),
        **kwargs: Any,
    ) -> None:
        """`wrong`: parts whose department said or marked that something is missing; they are not ticked beforehand."""
        super().__init__(data, **kwargs)
        field: Any = self.fields["parts"]
        field.choices = [
            (code, f"{name}（有要补的，没有替您勾选）" if code in wrong else name) for code, name in received
        ]
        field.initial = [code for code, _ in received if code not in wrong]


def _what(label: str, begun: str, help_text: str = "") -> forms.CharField:
    """What is wrong with one material; empty: nothing."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=500,
        initial=begun,
        help_text=help_text,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": "最多写500字，您写了%(show_value)s字。"},
    )


def _of(form: ActForm, places: Mapping[str, T], wanted: Callable[[T], bool]) -> list[forms.BoundField]:
    return [form[field] for field, place in places.items() if wanted(place)]


class BundleCorrectionForm(ActForm):
    """
    One text per material and per question of the form of every received part, begun with what departments said; left
    empty it is in order.
    """

    def __init__(self, data: Any = None, *, points: Sequence[PartPoints] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.places: dict[str, tuple[str, str]] = {}
        for one in points:
            organ = one.part.department.name
            for code, name in (*one.materials, *one.questions):
                field, words = f"ask__{one.part.code}__{code}", one.words.get(code, "")
                self.places[field] = (one.part.code, code)
                told = f"{organ}{'提出' if one.said_at else '标注'}" if words else ""
                self.fields[field] = _what(f"{one.part.name}：{name}", words, told)

    @property
    def on_materials(self) -> list[forms.BoundField]:
        return _of(self, self.places, lambda place: not place[1].startswith(FORM))

    @property
    def on_form(self) -> list[forms.BoundField]:
        """The questions of the form; folded away while nothing is said of them."""
        return _of(self, self.places, lambda place: place[1].startswith(FORM))

    @property
    def form_open(self) -> bool:
        return any(field.value() or field.errors for field in self.on_form)

    @property
    def asked(self) -> dict[str, list[Asked]]:
        """By part, what was written."""
        found: dict[str, list[Asked]] = {}
        for field, (part, code) in self.places.items():
            if text := self.cleaned_data.get(field, "").strip():
                found.setdefault(part, []).append(Asked(code, text))
        return found


class PointsForm(ActForm):
    """What one department finds wrong in its part, or that all is in order: for the one notice of all."""

    part = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, of: PartPoints, **kwargs: Any) -> None:
        initial = {"part": of.part.code}
        super().__init__(data, initial=initial, auto_id=f"say-{of.part.code}_%s", **kwargs)
        every = [*of.materials, *of.questions]
        self.places = {f"say__{code}": code for code, _name in every}
        for code, name in every:
            self.fields[f"say__{code}"] = _what(name, of.words.get(code, ""))
        self.fine = data is not None and data.get("fine") == "1"

    @property
    def on_materials(self) -> list[forms.BoundField]:
        return _of(self, self.places, lambda code: not code.startswith(FORM))

    @property
    def on_form(self) -> list[forms.BoundField]:
        return _of(self, self.places, lambda code: code.startswith(FORM))

    @property
    def form_open(self) -> bool:
        return any(field.value() or field.errors for field in self.on_form)

    @property
    def points(self) -> list[Asked]:
        if self.fine:
            return []
        given = ((code, self.cleaned_data.get(field, "").strip()) for field, code in self.places.items())
        return [Asked(code, text) for code, text in given if text]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.fine and not self.points:
            raise forms.ValidationError("请写明要补什么；没有要补的，按“材料齐全，没有要补的”。")
        return self.cleaned_data


class ResultForm(ActForm):
    """What the outside system decided; with `brings`, the subject's code and name."""

    outcome = forms.ChoiceField(
        label="外部系统的办理结果",
        choices=[("granted", "准予"), ("refused", "不予")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择办理结果。"},
    )
    number = forms.CharField(label="证照编号", required=False, max_length=60)
    name = forms.CharField(label="登记的名称", required=False, max_length=200)
    credit_code = forms.CharField(label="统一社会信用代码", required=False, max_length=40)
    reasons = forms.CharField(
        label="不予办理的理由", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, brings: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not brings:
            del self.fields["name"], self.fields["credit_code"]

    @property
    def result(self) -> OutsideResult:
        given = {
            name: self.cleaned_data.get(name, "") for name in ("number", "name", "credit_code", "reasons")
        }
        return OutsideResult(self.cleaned_data["outcome"], **given)


class SubjectForm(ActForm):
    """The subject's code from elsewhere."""

    name = forms.CharField(
        label="登记的名称", max_length=200, error_messages={"required": "请填写登记的名称。"}
    )
    credit_code = forms.CharField(
        label="统一社会信用代码", max_length=40, error_messages={"required": "请填写统一社会信用代码。"}
    )


class ProjectForm(ActForm):
    name = forms.CharField(label="项目名称", max_length=200, error_messages={"required": "请填写项目名称。"})
    national_code = forms.CharField(
        label="项目代码",
        required=False,
        max_length=60,
        help_text="投资项目平台给出的代码；还没有的可以不填。",
    )
    owner_name = forms.CharField(
        label="建设单位名称",
        required=False,
        max_length=200,
        help_text="个人自建的不填，以经办人本人的名义办。",
    )
    owner_code = forms.CharField(
        label="建设单位统一社会信用代码",
        required=False,
        max_length=30,
        help_text="核对法人证书或者营业执照，以及建设单位给经办人的委托书。",
    )
    citizen_number = forms.CharField(
        label="经办人公民身份号码",
        max_length=30,
        help_text="经办人先在窗口登记过身份。",
        error_messages={"required": "请填写经办人公民身份号码。"},
    )


class StageForm(ActForm):
    code = forms.ChoiceField(label="阶段", error_messages={"required": "请选择阶段。"})

    def __init__(self, data: Any = None, *, stages: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["code"]
        field.choices = stages
