"""裁量: the decision with what the 裁量基准 asks for, and the word of the second person."""

from typing import Any

from django import forms

from mingqu.catalogue.types import LARGEST, Applied
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Article
from mingqu.ui.forms import Option
from mingqu.workbench.forms import LICENCE, ActForm, DecisionForm, long_text


class DiscretionDecisionForm(DecisionForm):
    """准予 or 不予 with a value; `applied`: the row for this case. What lies outside wants its reason."""

    value = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST,
        widget=forms.NumberInput({"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    why = long_text("超出幅度的理由", required=False, rows=3)

    field_order = ("outcome", "value", "why", "reasons")

    def __init__(
        self, data: Any = None, *, applied: Applied, item_type: str = LICENCE, **kwargs: Any
    ) -> None:
        super().__init__(data, item_type=item_type, **kwargs)
        self.applied = applied
        of, rule = applied.of, applied.rule
        value = self.fields["value"]
        value.label = f"{of.name}（{of.unit}）"
        value.help_text = "准予的要填。" + (
            f"这件的幅度：{rule.lowest}至{rule.highest}{of.unit}。" if rule else "这件没有适用的档次。"
        )
        value.error_messages["invalid"] = f"请用数字写{of.name}，例如{rule.lowest if rule else 1}。"
        for name in ("value", "why"):  # asked for by other answers: neither is free to be left out
            self.fields[name].asked_by_answers = True  # type: ignore[attr-defined]
        where = "复核的人和案卷里看得到；准予的，会写进决定书"
        self.fields["why"].help_text = f"在幅度之内的不用写。超出的至少写{of.reason_signs}个字，{where}。"

    @property
    def basis(self) -> str:
        """The article of the row, as papers say it."""
        rule = self.applied.rule
        return article_text(Article(rule.basis.law, rule.basis.article, rule.basis.paragraph)) if rule else ""

    @property
    def inside(self) -> bool:
        """Of a form that was looked through: whether it can be decided without a second person."""
        given = self.cleaned_data
        return self.applied.inside(given.get("outcome", ""), given.get("value"))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        of = self.applied.of
        granted = given.get("outcome") == "granted"
        if granted and given.get("value") is None and "value" not in self.errors:
            self.add_error("value", f"准予的，请填写{of.name}（{of.unit}）。")
        if self.errors or self.inside:
            return given
        if len(given.get("why", "").strip()) < of.reason_signs:
            self.add_error("why", f"超出裁量幅度的，请写明理由，至少{of.reason_signs}个字。")
        return given


class AnswerDiscretionForm(ActForm):
    """Agreed to, and decided; or sent back with the reason. Who asked can only take it back."""

    discretion_id = forms.UUIDField(widget=forms.HiddenInput)
    agrees = forms.ChoiceField(
        label="复核意见",
        choices=[
            ("yes", Option("同意", "马上作出决定，文书送达申请人")),
            ("no", Option("不同意，退回", "不作决定，由提出的人重新决定")),
        ],
        widget=forms.RadioSelect,
    )
    text = long_text("说明", required=False, rows=3)

    def __init__(self, data: Any = None, *, own: bool, shown: Any, **kwargs: Any) -> None:
        super().__init__(data, initial={"discretion_id": shown}, **kwargs)
        if own:
            back = Option("收回", "不作这个决定，回到作出决定以前，可以重新决定")
            self.fields["agrees"].choices = [("no", back)]  # type: ignore[attr-defined]
            self.fields["agrees"].label = "要做什么"
            self.initial["agrees"] = "no"
        self.fields["text"].help_text = "写明为什么收回。" if own else "不同意的，写明为什么。"
        self.fields["text"].required = own

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("agrees") == "no" and not given.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", "不同意或者收回的，请写明为什么。")
        return given


class PassDiscretionForm(ActForm):
    """转办: to which post."""

    discretion_id = forms.UUIDField(widget=forms.HiddenInput)
    post = forms.ChoiceField(label="由哪个岗位复核", widget=forms.Select)

    def __init__(self, data: Any = None, *, posts: list[tuple[str, str]], shown: Any, **kwargs: Any) -> None:
        super().__init__(data, initial={"discretion_id": shown}, **kwargs)
        self.fields["post"].choices = [("", "请选择"), *posts]  # type: ignore[attr-defined]
