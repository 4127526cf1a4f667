"""What a clerk types at the window and at the result counter."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings

from mingqu.cases.errors import DeliveryNotReachable
from mingqu.cases.services.on_paper import MOST, ON_PAPER
from mingqu.cases.services.where_sent import ADDRESS, addressee, ask_when_sent
from mingqu.cases.services.window import ways_of
from mingqu.cases.types import BY_POST, RELATIONS, Addressee, OnPaper
from mingqu.catalogue.types import Situation
from mingqu.hall.types import LONGEST_ANSWER
from mingqu.kernel.codelists import code_list
from mingqu.notifications import selectors as notifications
from mingqu.ui.forms import Option, SignatureField, ZhDateField
from mingqu.workbench.forms import ActForm

WAYS = {
    "certificate": "调用电子证照",
    "paper": "原件核对",
    "copy": "收复印件",
    "scan": "扫描上传",
    "promise": "告知承诺",
    "owed": "容缺后补",
    "missing": "缺",
}


def document_kinds() -> list[tuple[str, str]]:
    """Identity documents of natural persons."""
    kinds = code_list("identity_document")
    return [(kind.code, kind.name) for kind in kinds if kind.attributes["audience"] == "natural_person"]


def _line(label: str, *, help_text: str = "", required: bool = True, **attrs: str) -> forms.CharField:
    shown = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20", **attrs}
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=100, widget=forms.TextInput(shown)
    )


class DocumentForm(ActForm):
    """The identity document in the clerk's hands; typed, or scanned by a reader that acts as a keyboard."""

    number = _line("证件号码", help_text="手工输入，或者用读卡器、扫码枪读入。", autofocus="autofocus")
    kind = forms.ChoiceField(label="证件种类", initial="citizen_number")
    seen = forms.BooleanField(
        label="已核对证件原件，人证一致",
        error_messages={"required": "请先核对证件原件，再勾选“人证一致”。"},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = document_kinds()  # type: ignore[attr-defined]  # a ChoiceField


class OnceInput(forms.HiddenInput):
    """What counts once never stands on a page again."""

    def format_value(self, value: Any) -> str:
        return ""


class OnceField(forms.CharField):
    hidden_widget = OnceInput


class CardForm(DocumentForm):
    """As typed; or `reading`, what an ID reader said, signed by the program of this window."""

    reading = OnceField(required=False, max_length=LONGEST_ANSWER, widget=OnceInput)


# What is read out to who is registered at a window, by the day it was written; a new text is a new day.
CONSENT = "window 2026-11-23"
CONSENT_WORDS = (
    "登记您的姓名、证件号码和手机号码，用来在窗口和网上替您办理、查询和通知，不作别的用途；"
    "谁看过都有记录，您可以随时问、随时要求更正。"
)


class RegisterForm(DocumentForm):
    """
    Somebody who is not registered yet: the name on the document, a telephone if she has one, and that she agreed to
    what was read out to her (个人信息保护法 29: consent of its own for what is sensitive).
    """

    name = _line("证件上的姓名", autofocus="autofocus")
    phone = _line(
        "手机号码",
        required=False,
        help_text="可以不填。填了的，申请人用这个号码登录，就能看到今天办的件。",
        inputmode="tel",
    )
    consent = forms.BooleanField(
        label="已念给申请人听，申请人同意",
        help_text=f"念：“{CONSENT_WORDS}”",
        error_messages={
            "required": "请把说明念给申请人听，申请人同意后勾选。不同意的不登记，可以填纸质申请表。"
        },
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for hidden in ("kind", "number"):
            self.fields[hidden].widget = forms.HiddenInput()
        self.order_fields(["name", "phone", "seen", "consent"])


class DraftCodeForm(ActForm):
    """The code of a draft begun online, read out by its applicant or scanned from her telephone."""

    code = _line("草稿编号", help_text="16位，申请人手机页面上有；也可以扫申请人手机上的码。")
    code.widget.attrs["class"] = "mq-code"

    def clean_code(self) -> str:
        """A scanned link ends with the code."""
        return str(self.cleaned_data["code"]).rstrip("/").rsplit("/", 1)[-1]


class SituationForm(forms.Form):
    """All questions of 情形引导 on one page; digits choose."""

    def __init__(self, questions: Sequence[Situation], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for question in questions:
            choices = [
                (value, Option(f"{place} {words}"))
                for place, (value, words) in enumerate(question.options.items(), start=1)
            ]
            kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
            self.fields[question.ask] = kind(
                label=question.text,
                help_text="可以多选。" if question.many else "",
                choices=choices,
                widget=forms.CheckboxSelectMultiple() if question.many else forms.RadioSelect(),
                error_messages={"required": "请选择一项。"},
            )


def _copies(material: Any) -> forms.IntegerField:
    wrong = f"收到几份，请填1到{MOST}的数。"
    return forms.IntegerField(
        label="收到几份",
        required=False,
        min_value=1,
        max_value=MOST,
        initial=material.copies,
        widget=forms.NumberInput(
            {
                "class": "govuk-input--width-3",
                "inputmode": "numeric",
                "autocomplete": "off",
                "data-mq-later": "",
            }
        ),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class MaterialsForm(forms.Form):
    """How each material comes, a line each; one signature for all that is promised."""

    def __init__(self, provided: Sequence[Any], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.provided = list(provided)
        for one in self.provided:
            ways = ways_of(one)
            self.fields[f"way-{one.material.code}"] = forms.ChoiceField(
                label=one.material.name,
                choices=[(way, Option(f"{place} {WAYS[way]}")) for place, way in enumerate(ways, start=1)],
                widget=forms.RadioSelect(),
                error_messages={"required": "请选择这份材料怎么交。"},
            )
            self.fields[f"copies-{one.material.code}"] = _copies(one.material)
        if any({"owed", "promise"} & set(ways_of(one)) for one in self.provided):
            self.fields["signed_name"] = _line(
                "承诺人签名（姓名）", required=False, help_text="有容缺或者告知承诺时填，与证件上的姓名一致。"
            )
            self.fields["agreed"] = forms.BooleanField(
                label="已向申请人读出承诺内容，申请人同意", required=False
            )
            self.fields["signature"] = SignatureField(label="承诺人手写签名")

    def way(self, code: str) -> str:
        return str(self.cleaned_data.get(f"way-{code}", ""))

    def in_hand(self, code: str) -> OnPaper | None:
        """What of this material lies on the table as paper; as many as are asked for where nobody counted."""
        way = self.way(code)
        return OnPaper(way, self.cleaned_data.get(f"copies-{code}") or 0) if way in ON_PAPER else None

    @property
    def promises(self) -> list[Any]:
        return [self[name] for name in ("signed_name", "agreed", "signature") if name in self.fields]


NOT_ONLINE = DeliveryNotReachable.sentence
WITHOUT_ACCOUNT = (
    "不能选电子送达：申请人没有能登录的账号，看不到“我的办件”，收到没有无法确认。"
    "通知书和决定书当面交付（直接送达）、邮寄或者上门送达；用在窗口留的手机号码注册并核验身份以后，申请人可以自己改成电子送达。"
)


class HandInForm(ActForm):
    """Delivery as the applicant wants it, her signature, and the draft as it was read out."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    delivery = forms.ChoiceField(
        label="结果怎样送达",
        choices=[("window", "窗口领取"), ("electronic", "电子送达（申请人同意，送到“我的办件”）")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_ONLINE},
    )
    receiver = forms.CharField(label="收件人姓名", max_length=60, required=False)
    phone = forms.CharField(
        label="收件人手机号码", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    address = forms.CharField(
        label="收件地址", max_length=200, required=False, help_text="写到门牌号，念给申请人核对。"
    )
    signature = SignatureField(label="申请人签名", help_text="申请人在框里签；或者勾选下面一项。")
    on_paper = forms.BooleanField(
        label="申请人已在纸质申请表上签名（按Y键到这里）",
        required=False,
        widget=forms.CheckboxInput({"data-mq-key": "y"}),
    )

    slip = forms.ChoiceField(
        label="停机时收的纸质收件单（按Z键到这里）",
        required=False,
        help_text="选了的，收件时间按单子上的算；现在当面收件的，不要选。",
        widget=forms.Select({"data-mq-key": "z", "data-mq-later": ""}),
    )

    to: Addressee | None = None

    def __init__(
        self,
        data: Any = None,
        *,
        slips: Sequence[tuple[str, str]] = (),
        online: bool = True,
        **kwargs: Any,
    ) -> None:
        """`online`: whether the applicant has an account; electronic service is offered to no one else."""
        super().__init__(data, **kwargs)
        sends = bool(settings.MINGQU_COURIER)
        ways = [*HandInForm.base_fields["delivery"].choices] + [(BY_POST, "寄给申请人（快递）")] * sends  # type: ignore[attr-defined]
        self.fields["delivery"].choices = [one for one in ways if online or one[0] != "electronic"]  # type: ignore[attr-defined]
        if not online:
            self.fields["delivery"].help_text = WITHOUT_ACCOUNT
        if sends:
            ask_when_sent(self, "选“寄给申请人”的才填。")
        else:
            for name in ADDRESS:
                del self.fields[name]
        if slips:
            self.fields["slip"].choices = [("", "不是补录，按现在收件"), *slips]  # type: ignore[attr-defined]
        else:
            del self.fields["slip"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if not given.get("signature") and not given.get("on_paper"):
            self.add_error("on_paper", "请申请人签名，或者勾选“已在纸质申请表上签名”。")
        self.to = addressee(self)
        return given


class CollectForm(ActForm):
    """送达回证 as it is filled in: how, to whom, with what proof."""

    way = forms.ChoiceField(
        label="送达方式",
        choices=[
            ("window", "窗口领取"),
            ("handed", "上门直接送达"),
            ("post", "邮寄送达"),
            ("left", "留置送达"),
        ],
        widget=forms.RadioSelect,
        initial="window",
    )
    relation = forms.ChoiceField(
        label="谁来领（签收）", choices=list(RELATIONS.items()), widget=forms.RadioSelect, initial="self"
    )
    receiver = _line("签收人姓名", required=False)
    document = _line("签收人证件", required=False, help_text="不是本人的，写证件种类和号码；本人的可以不填。")
    signature = SignatureField(label="签收人签名", help_text="签收人在框里签；或者勾选下面一项。")
    on_paper = forms.BooleanField(label="已在纸质送达回证上签名", required=False)
    address = _line("送达地址", required=False, help_text="上门、邮寄、留置的填写。")
    proof = _line("送达凭据", required=False, help_text="邮件号码；留置的，写见证人或者拍照、录像的记录。")
    reason = _line("拒收事由", required=False, help_text="留置的填写。")
    received_on = ZhDateField(
        label="签收日期", required=False, help_text="不填就是今天；邮寄的，按回执填写。"
    )
    seen = forms.BooleanField(label="已核对签收人的证件", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("way") == "window" and not given.get("seen"):
            self.add_error("seen", "请先核对签收人的证件原件。")
        return given


class CloseNoticeForm(ActForm):
    """Why nobody can note any more how a notice was served."""

    ground = forms.ChoiceField(
        label="属于哪一种",
        choices=notifications.closing_grounds,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择属于哪一种。"},
    )
    reason = forms.CharField(
        label="原因和经过",
        max_length=500,
        help_text="谁、什么时候、怎样交给申请人的，能写多少写多少。写进案卷，不能改。",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明原因和经过。"},
    )


def scanned(text: str) -> str:
    """What a scanner gun typed: of a code that holds an address, its last part that is not empty; no spaces."""
    plain = "".join(text.split())
    return plain.split("?")[0].rstrip("/").rsplit("/", 1)[-1] if "://" in plain else plain


class CounterSearchForm(forms.Form):
    """By case number, or the applicant's citizen number: only ever posted."""

    number = _line(
        "办件编号或者申请人证件号码", help_text="扫凭条上的码；或者输入办件编号20位，公民身份号码18位。"
    )

    def clean_number(self) -> str:
        return scanned(self.cleaned_data["number"])


class ArrivalForm(ActForm):
    """到件: which case, scanned or typed; where it lies, kept for the next one."""

    number = forms.CharField(
        label="办件编号",
        max_length=40,
        help_text="扫决定书、证照袋上的码，或者输入20位编号，按回车。",
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
        error_messages={"required": "请扫码，或者输入办件编号。"},
    )
    hall = forms.TypedChoiceField(label="到了哪个大厅", coerce=UUID)
    place = forms.CharField(
        label="架位",
        required=False,
        max_length=40,
        help_text="放在哪里，例如：3号柜第2格。记住到换下一个。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"}),
    )

    def __init__(self, halls: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="arrive_%s", **kwargs)
        self.fields["hall"].choices = list(halls)  # type: ignore[attr-defined]  # a ChoiceField
        if len(halls) == 1:
            self.fields["hall"].widget = forms.HiddenInput()

    def clean_number(self) -> str:
        return scanned(self.cleaned_data["number"])


class GivingForm(ActForm):
    """通办: who gives out a result from now on (`home`: the own side), and why."""

    home = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label="原因",
        max_length=500,
        help_text="例如：对方大厅停电关门，申请人急着用，要到这里领。记入办理存证，对方看得到由谁发。",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明原因。"},
    )


class TakeBackForm(ActForm):
    """到件 registered by mistake: why."""

    reason = forms.CharField(
        label="哪里登记错了",
        max_length=120,
        help_text="申请人已经收到来领的通知，撤销后会收到更正。",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请写明哪里登记错了。"},
    )
