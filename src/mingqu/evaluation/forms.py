"""What a person chooses and writes on the page of a rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.evaluation import rules, selectors
from mingqu.kernel.codelists import code_list
from mingqu.ui.forms import Option, ZhDateField

CODE = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-30 mq-code"}


class RatingForm(forms.Form):
    """Five levels; what was not good and own words are never required. `key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    contact = forms.CharField(widget=forms.HiddenInput, max_length=8, required=False)
    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("如果不满意，是哪里不好？"),
        help_text=_("可以多选，也可以不选。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("想说的话"),
        help_text=_("请不要写别人的姓名、电话和证件号码。办理人员看不到是谁评的。"),
        required=False,
        widget=forms.Textarea({"rows": 4, "maxlength": rules.TEXT_LIMIT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicators = selectors.indicators()
        level: Any = self.fields["level"]
        level.label = indicators.filing if self._contact() == "filing" else indicators.question
        level.choices = code_list("rating_level").choices()
        reasons: Any = self.fields["reasons"]
        reasons.choices = [(r.code, Option(r.name, r.says)) for r in indicators.reasons]

    def _contact(self) -> str:
        return str((self.data if self.is_bound else self.initial).get("contact", ""))

    def answer_given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("level", "reasons", "text", "contact")}


class CodeForm(forms.Form):
    """办件编号 and 查询码, as printed on the receipt."""

    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        help_text=_("在收件凭证上面，中间有没有空格都可以。"),
        widget=forms.TextInput(CODE),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("8位字母和数字，也在收件凭证上面。"),
        widget=forms.TextInput(CODE),
    )

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split()).upper()


class PressForm(forms.Form):
    """One of the five buttons on the screen of a window."""

    level = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = code_list("rating_level").choices()


class MistakenForm(forms.Form):
    """The rater's button: which of her ratings she means."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    contact = forms.CharField(widget=forms.HiddenInput, max_length=8)


def _words(label: str, hint: str, most: int = rules.WORDS_LIMIT) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, widget=forms.Textarea({"rows": 4, "maxlength": most}), max_length=most
    )


class StepForm(forms.Form):
    """A step of a follow-up; `key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class VerifyForm(StepForm):
    finding = forms.ChoiceField(
        label="核实结果",
        widget=forms.RadioSelect,
        choices=[
            ("confirmed", Option("属实", "有道理，或者说不清的，都按属实办，请部门整改。")),
            (
                "mistaken",
                Option("误评", "本人承认点错了，或者说的不是这件事。要另一个人复核，复核前照样计入。"),
            ),
            ("malicious", Option("恶意差评", "有证据证明是捏造、要挟。要另一个人复核，复核前照样计入。")),
        ],
    )
    text = _words("怎么核实的", "查了什么、问了谁、有什么证据。部门看得到，不要写评价人的姓名和电话。")


class RectifyForm(StepForm):
    text = _words(
        "整改情况", "问题在哪里、怎么改的、以后怎么避免。没有依据满足的，写明依据和解释。评价机构据此回访。"
    )


class CallForm(StepForm):
    outcome = forms.ChoiceField(
        label="回访结果",
        widget=forms.RadioSelect,
        choices=[
            ("content", "满意整改"),
            ("not_content", Option("不满意整改", "第一次不满意的，退回部门再整改一次。")),
            ("not_reached", Option("没有联系上", "换个时间再打，三次都没有联系上的，进入公开。")),
        ],
    )
    text = _words("本人怎么说", "只有评价机构看得到。")


class PublishForm(StepForm):
    text = _words(
        "公开的内容",
        "反映了什么、核实的结果、怎么整改的。人人看得到：不写姓名、电话、办件编号，也不写能认出人的情况。",
        rules.PUBLIC_LIMIT,
    )


class AskReviewForm(StepForm):
    """The rated organ says why its bad rating should not count. `prefix` keeps it apart from the step's own form."""

    prefix = "ask"
    ground = forms.ChoiceField(
        label="申请按什么复核",
        widget=forms.RadioSelect,
        choices=[
            ("mistaken", Option("误评", "按错了级别，或者说的不是这件事、不是本部门。")),
            ("malicious", Option("恶意差评", "有证据证明是捏造、要挟。要求高、话难听，不是恶意。")),
        ],
    )
    text = _words("理由", "哪一点不属实、为什么。不要猜是谁评的。")
    evidence = _words("证据", "一项一项写：是什么、什么时候的、存在哪里、谁能提供。没有证据的不采纳。")


class AnswerReviewForm(StepForm):
    prefix = "answer"
    accept = forms.TypedChoiceField(
        label="复核结果",
        coerce=lambda given: given == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        choices=[
            ("yes", Option("采纳", "从现在起不计入统计，评价留着，列在“不计入的”里，并告诉评价人。")),
            ("no", Option("不采纳", "照样计入，理由告诉申请的一方。说不清的，不采纳。")),
        ],
    )
    text = _words("理由", "看了什么证据、问了谁、为什么这样认定。部门和申请人看得到，不要写姓名和电话。")
    side = forms.CharField(widget=forms.HiddenInput, max_length=6)


class LimitsForm(StepForm):
    """Working days of each limit, and from which day on."""

    from_on = ZhDateField(label="从哪天起", help_text="最早从明天起。已经开始的一步，最晚日不变。")
    reason = forms.CharField(
        label="为什么改",
        help_text="依据哪个文件，或者为什么。留在记录里。",
        max_length=rules.REASON_LIMIT,
        widget=forms.Textarea({"rows": 2, "maxlength": rules.REASON_LIMIT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in rules.LIMITS.items():
            free = name == rules.WITHOUT_LIMIT
            self.fields[name] = forms.IntegerField(
                label=f"{words}（工作日）",
                min_value=0 if free else 1,
                max_value=rules.MOST_DAYS_TO_RATE if free else rules.MOST_DAYS,
                help_text="0：不限。" if free else "",
                widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
            )
        self.order_fields(["key", *rules.LIMITS, "from_on", "reason"])

    def days_given(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in rules.LIMITS}
