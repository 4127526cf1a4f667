"""What a person types or gives to have a certificate checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.certificates import revoking, rules, striking
from mingqu.ui.forms import Option, ZhDateField

FILE_LIMIT_MB = 10


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("核验码"),
        max_length=60,
        help_text=_("16位，印在证照二维码下面，例如7K3M 92QX AB42 CD34。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )

    def clean_code(self) -> str:
        given = str(self.cleaned_data["code"])
        code = rules.typed_code(given)
        if not code:
            raise ValidationError(
                _(
                    "您填的“%(given)s”不是核验码。核验码有16位，由数字和大写字母组成，例如7K3M 92QX AB42 CD34。"
                ),
                params={"given": given},
                code="code_malformed",
            )
        return code


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("证照的PDF文件"),
        help_text=_("文件只用来核对，不保存。不超过10MB。"),
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> bytes:
        given: Any = self.cleaned_data["file"]
        if given.size > FILE_LIMIT_MB * 1_000_000:
            raise ValidationError(_("文件超过10MB，不是本平台签发的证照。"), code="file_too_large")
        return bytes(given.read())


class TableForm(forms.Form):
    """A table of existing certificates; `key` makes a second press the same deed."""

    file = forms.FileField(
        label="表格文件",
        help_text="Excel工作簿（.xlsx）或者CSV，不超过8MB、20000行。只读第一张工作表。",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要上传的表格。", "empty": "这个文件是空的。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """Somebody has looked at the sample."""

    looked = forms.BooleanField(
        label="我看过质量报告，并抽看了样本，内容和原来的登记一致",
        error_messages={"required": "请先抽看样本，再勾选。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class NumberForm(forms.Form):
    """Which certificate an officer looks for."""

    number = forms.CharField(
        label="证照编号，或者其中连着的几位",
        help_text="至少4位。持证人的姓名是加密保存的，不能按姓名查。",
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
        error_messages={"required": "请填写证照编号。"},
    )


LONGEST = 1000


def _words(label: str, help_text: str, missing: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing, "max_length": "最多写1000字，您写了%(show_value)s字。"},
    )


class SuspendForm(forms.Form):
    """暂停使用: which kind it is in law, what it rests on, why, until when."""

    way = forms.ChoiceField(
        label="属于哪一种",
        choices=[
            (
                "withheld",
                Option("暂扣许可证件", "行政处罚：处罚决定另外作出，这里登记它的执行（行政处罚法第九条）。"),
            ),
            ("stopped", Option("中止使用", "法律、法规规定可以中止、暂停使用的其他情形。")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是暂扣许可证件，还是中止使用。"},
    )
    document_number = forms.CharField(
        label="决定书文号",
        required=False,
        max_length=80,
        help_text="暂扣的必须填写处罚决定书的文号；中止的有决定书就填写。",
    )
    basis = _words("依据", "写明法律、法规的名称和第几条。", "请写明依据。", rows=2)
    reason = _words("原因", "持证人看得到，写明事实；不写别人的个人信息。", "请写明原因。")
    until = ZhDateField(
        label="暂停到哪一天",
        required=False,
        help_text="暂扣的必须填写。到期不会自动恢复，要在这里办理恢复使用。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class RestoreForm(forms.Form):
    """恢复使用, with basis and reason."""

    basis = _words("依据", "例如：暂扣期满；或者撤销原决定的文书和文号。", "请写明依据。", rows=2)
    reason = _words("说明", "持证人看得到。例如：整改完成，已经复查。", "请写明恢复使用的说明。")
    key = forms.UUIDField(widget=forms.HiddenInput)


class RevokeForm(forms.Form):
    """撤销: on which ground, what it rests on, why, how the holder was heard, where to complain."""

    ground = forms.ChoiceField(
        label="属于哪一种情形",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择撤销属于法律规定的哪一种情形。"},
    )
    basis = forms.CharField(
        label="其他法律、法规的依据",
        required=False,
        max_length=LONGEST,
        help_text="选“依法可以撤销的其他情形”的必须写明法律、法规的名称和第几条；别的情形可以不填。",
        widget=forms.Textarea({"rows": 2}),
    )
    reason = _words(
        "事实和理由", "印在决定书上，一段写一条；不写别人的个人信息。", "请写明事实和理由。", rows=5
    )
    told_on = ZhDateField(
        label="哪一天书面告知持证人",
        help_text="告知拟撤销的事实、理由、依据，以及可以陈述、申辩（行政许可法第七条）；法律、法规规定听证的，一并告知。",
    )
    heard = forms.ChoiceField(
        label="怎样听取持证人的意见",
        choices=list(revoking.HEARD.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样听取持证人的意见。"},
    )
    statement = forms.CharField(
        label="持证人的意见和采纳情况",
        required=False,
        max_length=LONGEST,
        help_text="听取了陈述、申辩或者举行了听证的必须填写，印在决定书上。",
        widget=forms.Textarea({"rows": 3}),
    )
    reconsideration_organ = forms.CharField(
        label="向哪个机关申请行政复议",
        max_length=120,
        error_messages={"required": "请写明向哪个机关申请行政复议。"},
    )
    court = forms.CharField(
        label="向哪个法院起诉", max_length=120, error_messages={"required": "请写明向哪个法院起诉。"}
    )
    harmless = forms.BooleanField(
        label="已经核实：撤销不会对公共利益造成重大损害（行政许可法第六十九条第三款）", required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        licence = item_type == revoking.LICENCE
        found = {code: revoking.GROUNDS[code] for code in revoking.grounds_for(item_type)}
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (code, Option(one.words, f"行政许可法{one.place}") if licence else one.words)
            for code, one in found.items()
        ]
        if not licence:
            del self.fields["harmless"]


class StrikeOffForm(forms.Form):
    """依职权注销: on which ground, by what it is known, why. Only grounds that can be true of this certificate."""

    ground = forms.ChoiceField(
        label="属于哪一种情形",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择注销属于法律规定的哪一种情形。"},
    )
    proof = forms.CharField(
        label="凭什么知道",
        required=False,
        max_length=LONGEST,
        help_text="文书的名称、文号，例如：登记机关的注销登记通知书。系统里的状态已经说明的，可以不填。",
    )
    basis = forms.CharField(
        label="其他法律、法规的依据",
        required=False,
        max_length=LONGEST,
        help_text="选“法律、法规规定应当注销的其他情形”的必须写明法律、法规的名称和第几条。",
        widget=forms.Textarea({"rows": 2}),
    )
    reason = _words("事实和理由", "印在决定书上，持证人看得到；不写别人的个人信息。", "请写明事实和理由。")
    reconsideration_organ = forms.CharField(
        label="向哪个机关申请行政复议",
        max_length=120,
        error_messages={"required": "请写明向哪个机关申请行政复议。"},
    )
    court = forms.CharField(
        label="向哪个法院起诉", max_length=120, error_messages={"required": "请写明向哪个法院起诉。"}
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, item_type: str, state: str, holder_kind: str, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        licence = item_type == striking.LICENCE
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (code, Option(one.words, f"行政许可法{one.place}") if licence else one.words)
            for code in striking.grounds_for(item_type, state, holder_kind)
            for one in (striking.GROUNDS[code],)
        ]


class KeyForm(forms.Form):
    """A deed confirmed by a button alone."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class UndoForm(KeyForm):
    """What is done about a batch (`deed` ask, agree or decline); who asks says why."""

    deed = forms.CharField(required=False, max_length=10)
    reason = forms.CharField(
        label="为什么整批撤销",
        max_length=200,
        error_messages={"required": "请写明为什么要这样做，复核的人要看。"},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if data is not None and data.get("deed") != "ask":
            self.fields["reason"].required = False


class PutOffForm(KeyForm):
    """延期开工."""

    months = forms.IntegerField(
        label="延长几个月", min_value=1, error_messages={"required": "请填写延长几个月。"}
    )
    reason = forms.CharField(
        label="延期的理由",
        max_length=400,
        help_text="写明因什么不能按期开工；会写进证照的经过。",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明延期的理由。"},
    )


class BegunForm(KeyForm):
    """登记开工."""

    on = ZhDateField(label="哪一天开工")


class AnswerForm(KeyForm):
    """What a second person says to a proposal."""

    answer = forms.ChoiceField(choices=[("agree", "决定"), ("decline", "不办")])
