"""裁量: the decision with what the 裁量基准 asks for, and the word of the second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import DecimalValidator

from mingqu.cases.services.discretion import Choice, Setting, field_of
from mingqu.catalogue.types import LARGEST, Applied, number_words
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Article
from mingqu.ui.forms import Option
from mingqu.workbench.forms import LICENCE, ActForm, DecisionForm, long_text


@dataclass(frozen=True)
class Table:
    """
    One 裁量基准 on the page of the decision: the row for this case, its fields, and `posts` to choose the second
    person's post from, where the one of the definition is below who decides.
    """

    applied: Applied
    posts: dict[str, str]
    form: "DiscretionDecisionForm"

    def name(self, field: str) -> str:
        return field_of(field, self.applied.table)

    @property
    def basis(self) -> str:
        """The article of the row, as papers say it."""
        rule = self.applied.rule
        return article_text(Article(rule.basis.law, rule.basis.article, rule.basis.paragraph)) if rule else ""

    @property
    def fields(self) -> list[Any]:
        names = [self.name(one) for one in ("value", "why", "post")]
        return [self.form[name] for name in names if name in self.form.fields]

    @property
    def setting(self) -> Setting:
        """Of a form that was looked through: what is set by this table."""
        given = self.form.cleaned_data
        value, why, post = (given.get(self.name(one)) for one in ("value", "why", "post"))
        return Setting(value, why or "", post or "")

    @property
    def inside(self) -> bool:
        """Whether it can be decided without a second person."""
        return self.applied.inside(self.form.cleaned_data.get("outcome", ""), self.setting.value)

    @property
    def second_post(self) -> str:
        return self.setting.post if self.posts else self.applied.of.post


class DiscretionDecisionForm(DecisionForm):
    """准予 or 不予 with a value for each 裁量基准. What lies outside of one wants its reason."""

    def __init__(
        self,
        data: Any = None,
        *,
        tables: Sequence[tuple[Applied, dict[str, str]]],
        item_type: str = LICENCE,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, item_type=item_type, **kwargs)
        self.tables = [Table(applied, posts, self) for applied, posts in tables]
        order = ["outcome"]
        for one in self.tables:
            self.fields[one.name("value")] = _value_field(one.applied)
            self.fields[one.name("why")] = _why_field(one.applied, several=len(self.tables) > 1)
            if one.posts:
                self.fields[one.name("post")] = _post_field(one)
            for field in one.fields:  # asked for by other answers: none is free to be left out
                field.field.asked_by_answers = True
                order.append(field.name)
        self.order_fields([*order, "reasons"])

    @property
    def plain_fields(self) -> list[Any]:
        """Those of no table."""
        of_tables = {field.name for one in self.tables for field in one.fields}
        return [field for field in self.visible_fields() if field.name not in of_tables]

    @property
    def inside(self) -> bool:
        return all(one.inside for one in self.tables)

    @property
    def choice(self) -> Choice:
        first, *more = [one.setting for one in self.tables]
        given = self.cleaned_data
        return Choice(given["outcome"], given["reasons"], first.value, first.why, first.post, tuple(more))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for one in self.tables:
            of, value = one.applied.of, one.name("value")
            if given.get("outcome") == "granted" and given.get(value) is None and value not in self.errors:
                self.add_error(value, f"准予的，请填写{of.name}（{of.unit}）。")
            if value in self.errors or "outcome" in self.errors or one.inside:
                continue
            if len(one.setting.why.strip()) < of.reason_signs:
                self.add_error(one.name("why"), f"超出裁量幅度的，请写明理由，至少{of.reason_signs}个字。")
            if one.posts and not one.setting.post and one.name("post") not in self.errors:
                self.add_error(one.name("post"), "超出裁量幅度的，请选由哪个岗位复核。")
        return given


def _value_field(applied: Applied) -> forms.DecimalField:
    of, rule = applied.of, applied.rule
    places = 2 if of.two_decimals else 0
    example = number_words(rule.bottom) if rule else "1"
    kind = "最多两位小数" if of.two_decimals else "整数"
    made = forms.DecimalField(
        label=f"{of.name}（{of.unit}）",
        required=False,
        min_value=0,
        max_value=LARGEST,
        max_digits=12,
        decimal_places=places,
        localize=False,
        widget=forms.TextInput(
            {"class": "govuk-input--width-10", "inputmode": "decimal" if places else "numeric"}
        ),
        help_text="准予的要填。"
        + (f"这件的幅度：{rule.words}{of.unit}。" if rule else "这件没有适用的档次。")
        + (f"{kind}。" if places else ""),
    )
    told = f"请用数字写{of.name}（{kind}），例如{example}。"
    made.error_messages |= {"invalid": told}
    for check in made.validators:
        if isinstance(check, DecimalValidator):
            check.messages = dict.fromkeys(check.messages, told)
    return made


def _why_field(applied: Applied, *, several: bool) -> forms.CharField:
    of = applied.of
    made = long_text(f"{of.name}超出幅度的理由" if several else "超出幅度的理由", required=False, rows=3)
    where = "复核的人和案卷里看得到；准予的，会写进决定书"
    made.help_text = f"在幅度之内的不用写。超出的至少写{of.reason_signs}个字，{where}。"
    return made


def _post_field(one: Table) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="由哪个岗位复核",
        required=False,
        choices=[("", "请选择"), *one.posts.items()],
        help_text="定义里写的复核岗位是您的下级，下级不能复核上级。在幅度之内的不用选。",
    )


class AnswerDiscretionForm(ActForm):
    """Agreed to, and decided; or sent back with the reason. Who asked can only take it back."""

    discretion_id = forms.UUIDField(widget=forms.HiddenInput)
    agrees = forms.ChoiceField(
        label="复核意见",
        choices=[
            ("yes", Option("同意", "没有别的裁量等复核的，马上作出决定，文书送达申请人")),
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
