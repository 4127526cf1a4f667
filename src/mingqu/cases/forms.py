"""What people choose and type on the pages of an application."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.cases.services.where_sent import ADDRESS, SENT, AddressFields
from mingqu.catalogue.types import Situation
from mingqu.kernel.identifiers import CaseNumber, IdentifierRefused
from mingqu.ui.forms import Option, SignatureField, ZhDateField

BUNDLE = "B"  # before the number of a bundle (一件事)


class QuestionForm(forms.Form):
    """One question of 情形引导; the question is the page's heading."""

    def __init__(self, question: Situation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, Option(words)) for value, words in question.options.items()]
        kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
        wrong = _("“%(value)s”不是这道题的选项，请重新选择。")
        self.fields[question.ask] = kind(  # type: ignore[call-arg]  # the stubs lack template_name (Django 5.0)
            label=question.text,
            help_text=question.hint,
            choices=choices,
            widget=forms.CheckboxSelectMultiple() if question.many else forms.RadioSelect(),
            template_name="cases/question_field.html",
            error_messages={"required": _("请选择一项，再继续。"), "invalid_choice": wrong},
        )

    @property
    def question_field(self) -> Any:
        return next(iter(self))


class CertificateForm(forms.Form):
    """The number of a certificate, typed by who has not signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["_certificate"] = forms.CharField(
            label=_("证照编号"),
            max_length=40,
            help_text=_("印在证照上，例如JY9901042026000001。"),
            widget=forms.TextInput(
                {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-30 mq-code"}
            ),
            error_messages={"required": _("请填写证照编号，或者先登录再选。")},
        )

    @property
    def number_field(self) -> Any:
        return self["_certificate"]


class OutsideAnswerForm(forms.Form):
    """What was corrected for another system; the files wait beside it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("补正说明"),
        help_text=_("对方问什么，在这里写。只补材料的，可以不写。"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class ResumeForm(forms.Form):
    """The code of a draft, as noted on paper."""

    code = forms.CharField(
        label=_("草稿编号"),
        max_length=40,
        help_text=_("16位字母和数字，开始填写时显示在页面上。大小写、空格都不影响。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )


def number_written(words: str) -> str:
    """The number of a case, or of a bundle with its B, as it is kept. Raises IdentifierRefused."""
    words = words.strip()
    bundle = BUNDLE if words.upper().startswith(BUNDLE) else ""
    return bundle + str(CaseNumber.parse(words[len(bundle) :]))


class QueryForm(forms.Form):
    """办件编号 and 查询码, as printed on the receipt."""

    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        help_text=_("20位数字，在收件凭证上面；一件事的编号前面还有一个字母B。中间有没有空格都可以。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-30 mq-code"}
        ),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("8位字母和数字，也在收件凭证上面。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )

    def __init__(self, *args: Any, scanned: str = "", **kwargs: Any) -> None:
        """`scanned`: the number came with the square code on the receipt, beside which the query code is printed."""
        super().__init__(*args, **kwargs)
        if scanned:
            self.fields["code"].help_text = _("8位字母和数字，印在收件凭证上，二维码的左边。字母不分大小写。")

    def clean_number(self) -> str:
        given = str(self.cleaned_data["number"])
        try:
            return number_written(given)
        except IdentifierRefused as refused:
            raise ValidationError(
                _("办件编号是20位数字，例如990104 20261109 000318。您填的是“%(given)s”。"),
                params={"given": given},
                code="number_malformed",
            ) from refused


DELIVERY_WAYS = [
    (
        "electronic",
        Option(
            _("电子送达"),
            _(
                "我同意电子送达：收件凭证、受理或者不予受理通知书、补正告知书、决定书和电子证照，放进我在本网站的“我的办件”"
                "和“我的证照”，放进去的当天就是送达之日，同时发短信告诉我。决定作出以前，可以在办理进度里撤回这项同意。"
            ),
        ),
    ),
    ("window", Option(_("到窗口领取"), _("带身份证件到政务服务大厅综合窗口领取，签字以后才算送达。"))),
]


class DeliveryForm(forms.Form):
    """How decision and certificate are to reach the applicant (送达方式); nothing is chosen for her."""

    delivery = forms.ChoiceField(
        label=_("怎样领取决定和证照"),
        choices=DELIVERY_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择怎样领取决定和证照。")},
    )


class AddressedForm(AddressFields, DeliveryForm):
    """With the third way, where a courier is there; its three lines count only where it is chosen."""

    field_order = ("delivery", *ADDRESS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["delivery"]
        if self.sending_offered(_("选“寄给我”的才填。")):
            field.choices = [*DELIVERY_WAYS, SENT]


class ChangeDeliveryForm(AddressedForm):
    """The same for a case that is under way."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class CheckForm(AddressedForm):
    """How the result is to come, and the declaration before handing in; `key` makes a second press the same deed."""

    declared = forms.BooleanField(
        label=_(
            "我已核对，填写的内容和上传的材料都真实。提供虚假材料要承担法律责任（行政许可法第三十一条、第七十八条）。"
        ),
        error_messages={"required": _("请先勾选“我已核对”，再提交。")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, licence: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not licence:  # 行政许可法 says nothing of it
            self.fields["declared"].label = _(
                "我已核对，填写的内容和上传的材料都真实。提供虚假材料要承担法律责任（国务院令第716号第七条）。"
            )


class SignForm(forms.Form):
    """A promise is signed: the name in full, by hand too where the browser can, and the tick."""

    name = forms.CharField(
        label=_("申请人姓名"),
        max_length=100,
        help_text=_("写全名，和提交申请的人一致。"),
        widget=forms.TextInput(
            {"autocomplete": "name", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    signature = SignatureField()
    agreed = forms.BooleanField(
        label=_("我已看清上面的告知和承诺，自愿承诺，愿意承担不实承诺的责任。"),
        error_messages={"required": _("请先勾选“我已看清”，再签署。")},
    )


class PartyForm(forms.Form):
    """Whose application it is."""

    PERSON, FIRM = "person", "firm"

    whose = forms.ChoiceField(
        label=_("这件事为谁办"),
        choices=[
            (PERSON, Option(_("我自己"), _("包括个体工商户、还没有登记的店"))),
            (FIRM, Option(_("一家单位"), _("您是它登记的法定代表人或者负责人"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择这件事为谁办。")},
    )
    credit_code = forms.CharField(
        label=_("这家单位的统一社会信用代码"),
        required=False,
        max_length=30,
        help_text=_("为单位办的填写，营业执照上的18位代码。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("whose") == self.FIRM and not cleaned.get("credit_code"):
            self.add_error("credit_code", _("请填写这家单位的统一社会信用代码。"))
        return cleaned


class KeyForm(forms.Form):
    """A deed confirmed by a button alone."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class NewDateForm(KeyForm):
    """请求改期: why, and if one is known the day that would suit."""

    reason = forms.CharField(
        label=_("为什么要改"),
        max_length=200,
        help_text=_("例如：那天进货走不开；设备还没有装好。"),
    )
    wish_on = ZhDateField(
        label=_("希望改到哪一天"), required=False, help_text=_("可以不填，工作人员会联系您。")
    )
