"""What editors and reviewers of definitions fill in; each carries the key of its deed."""

from typing import Any
from uuid import UUID

from django import forms

from mingqu.catalogue.files import MAX_BYTES
from mingqu.catalogue.studio.beginning import TEMPLATES
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import Option, ZhDateField, tell

MAX_FORM_BYTES = 5_000_000
STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"


class DeedForm(forms.Form):
    """Nothing to fill in. `version`: the draft as the page showed it."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def tell(self, refused: DomainError) -> int:
        """Put a refusal beside the field it belongs to; the HTTP status of the page."""
        return tell(self, refused)


class TextForm(DeedForm):
    """A definition as a file or as pasted text; the file counts where both are given."""

    file = forms.FileField(
        label="定义文件",
        required=False,
        help_text="YAML或者JSON文件，UTF-8编码，不超过5MB。",
        widget=forms.FileInput({"accept": ".yaml,.yml,.json"}),
    )
    text = forms.CharField(
        label="或者把内容粘贴在这里",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 18, "spellcheck": "false", "class": "mq-code"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if file is not None and file.size > MAX_BYTES:
            self.add_error("file", "文件超过5MB，请核对是不是事项定义。")
        elif not file and not str(given.get("text") or "").strip():
            self.add_error("file", "请选择定义文件，或者把内容粘贴在下面。")
        return given

    @property
    def content(self) -> bytes | str:
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["text"])


class WorkbookForm(DeedForm):
    """The tables of a draft as they come back."""

    file = forms.FileField(
        label="改好的表格",
        help_text="上面下载的那一份，Excel工作簿（.xlsx），不超过8MB。",
        error_messages={"required": "请选择改好的表格。"},
        widget=forms.FileInput({"accept": ".xlsx"}),
    )


class BeginForm(DeedForm):
    """What a new definition begins with; the rest is filled in on its sheets."""

    template = forms.ChoiceField(
        label="从哪个模板开始",
        choices=[(code, Option(*words)) for code, words in TEMPLATES.items()],
        initial="standard",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="事项名称", max_length=200, help_text="群众看得懂的名称，例如：临时占用城市道路审批。"
    )
    code = forms.RegexField(
        r"^[A-Za-z0-9-]{4,64}$",
        label="事项编码",
        help_text="实施清单上的编码，字母、数字和短横线。",
        error_messages={"invalid": "编码只能用字母、数字和短横线，至少4位。"},
    )
    organ = forms.ChoiceField(label="实施机关")
    type = forms.ChoiceField(label="事项类型", choices=code_list("item_type").choices())
    audience = forms.MultipleChoiceField(
        label="服务对象",
        choices=[(one.code, Option(one.name)) for one in code_list("audience")],
        widget=forms.CheckboxSelectMultiple,
    )
    organs = forms.MultipleChoiceField(
        label="一起审查的部门",
        required=False,
        help_text="联办件选，其他不用选。以后可以在环节表里增减。",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, organs: list[tuple[str, str]], own: list[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        blank = [("", "请选择")] if len(own) > 1 else []
        self.fields["organ"].choices = [*blank, *own]  # type: ignore[attr-defined]
        self.fields["organs"].choices = [(code, Option(name)) for code, name in organs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            given.get("template") == "joint"
            and len(given.get("organs") or ()) < 2
            and "organs" not in self.errors
        ):
            self.add_error("organs", "联办件至少选两个部门。")
        return given


class PaperFormForm(DeedForm):
    """空白表格 and 样表 of one material. The text makes both; a file stands in the place of what it makes."""

    title = forms.CharField(
        label="表格名称", max_length=100, required=False, help_text="例如：食品安全管理制度范本。"
    )
    text = forms.CharField(
        label="表格的文字",
        required=False,
        max_length=20_000,
        help_text=(
            "一行一段，行首写“# ”的是小标题。要填写的地方写成{填什么|样例}，例如{店名|样例小馆}："
            "空白表格上留出空，样表上印出样例。样例不能用真人的姓名、号码、地址。"
        ),
        widget=forms.Textarea({"rows": 12}),
    )
    blank = forms.FileField(
        label="空白表格文件",
        required=False,
        help_text="有现成文件的放在这里，用它代替上面文字印出的空白表格。PDF、JPG、PNG，不超过5MB。",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    drop_blank = forms.BooleanField(label="不要现在的空白表格文件", required=False)
    sample = forms.FileField(
        label="样表文件",
        required=False,
        help_text="有现成样图、样表的放在这里。PDF、JPG、PNG，不超过5MB。图上要写明“样例”，不能有真人的信息。",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    drop_sample = forms.BooleanField(label="不要现在的样表文件", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("blank", "sample"):
            if given.get(name) is not None and given[name].size > MAX_FORM_BYTES:
                self.add_error(name, "文件超过5MB，请压缩以后再放。")
        if (given.get("text") or given.get("blank") or given.get("sample")) and not given.get("title"):
            self.add_error("title", "请写表格名称。")
        return given

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["text"].splitlines() if line.strip())


class ReviewForm(DeedForm):
    comment = forms.CharField(
        label="审核意见",
        required=False,
        max_length=1000,
        help_text="退回时一定要写，编辑人员看得到。",
        widget=forms.Textarea({"rows": 3}),
    )


class ReasonForm(DeedForm):
    reason = forms.CharField(label="理由", max_length=300, required=False, widget=forms.Textarea({"rows": 3}))


class PublishForm(DeedForm):
    when = forms.ChoiceField(
        label="什么时候发布",
        choices=[("today", "今天发布"), ("day", "到指定的日期自动发布")],
        initial="today",
        widget=forms.RadioSelect,
    )
    on = ZhDateField(label="发布日期", required=False, help_text="选“到指定的日期”时填写。")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("when") == "day" and not given.get("on") and "on" not in self.errors:
            self.add_error("on", "请填写发布日期，例如2026年12月1日。")
        return given
