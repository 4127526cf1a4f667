"""What administrators of accounts, departments and posts fill in; each carries the key of its deed."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings

from mingqu.identity import staff_lists
from mingqu.identity.models import Post
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import IdentifierRefused, Phone, RegionCode
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import ZhDateField, tell

STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"


class DeedForm(forms.Form):
    """Nothing to fill in but the last question."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def asks(self) -> bool:
        return bool(self.visible_fields())

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def tell(self, refused: DomainError) -> int:
        """Put a refusal beside the field it belongs to; the HTTP status of the page."""
        return tell(self, refused)


def short(label: str, longest: int, *, help_text: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=help_text,
        required=required,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )


class LockForm(DeedForm):
    reason = short(
        "停用的理由", 120, help_text="加密保存，只给管理账号的人看。例如：调离；退休；账号可能被他人使用。"
    )


class NewAccountForm(DeedForm):
    username = short("账号名称", 32, help_text="3到32个小写字母、数字、点、横线或下划线，以字母开头。")
    name = short("姓名", 100)


class NewDepartmentForm(DeedForm):
    code = short("部门代码", 32, help_text="由本单位编定，例如QH-SCJG。")
    name = short("部门名称", 120)
    region_code = short("区划代码", 12, help_text="12位，例如990104000000。")
    parent = forms.ChoiceField(label="上级部门", required=False)
    credit_code = short("统一社会信用代码", 18, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = [(str(d.id), d.name) for d in staff_lists.departments()]
        self.fields["parent"].choices = [("", "没有上级部门"), *known]  # type: ignore[attr-defined]


class ReviewOrganForm(DeedForm):
    organ = short(
        "行政复议机关",
        120,
        required=False,
        help_text="海关、金融、外汇管理等垂直领导的机关、税务和国家安全机关，写上一级主管部门（行政复议法第二十七条）；"
        "其他部门一般由本级人民政府管辖（第二十四条），不填的由每个事项自己写明。",
    )


class RankForm(DeedForm):
    """岗位层级: of who stands above whom where one reviews what another set."""

    rank = forms.TypedChoiceField(
        label="岗位层级",
        coerce=int,
        choices=[("0", "不登记，按角色"), *((str(value), label) for value, label in Post.Rank.choices)],
        widget=forms.RadioSelect,
        help_text="裁量超出幅度的，由另一个人复核；下级不能复核上级提出的裁量。",
    )

    @property
    def words(self) -> str:
        """The rank that was chosen."""
        chosen = self.cleaned_data["rank"]
        return str(Post.Rank(chosen).label) if chosen else "不登记，按角色"


class TrainingForm(DeedForm):
    region_code = short(
        "区划代码", 12, help_text="6位、9位或者12位，例如990104000000。下面的所有区域也一起成为培训区域。"
    )

    @property
    def region_words(self) -> str:
        code: str = self.cleaned_data["region_code"]
        return f"{regions.full_name(code) or '没有这个代码的区域'}（{code}）"

    def clean_region_code(self) -> str:
        try:
            return str(RegionCode.parse(self.cleaned_data["region_code"]))
        except IdentifierRefused as refused:
            raise forms.ValidationError(refused.message) from refused


class NewPostForm(DeedForm):
    code = short("岗位代码", 48, help_text="事项定义里用它指明由谁办理，例如SCJG-SPXK-01。")
    name = short("岗位名称", 80)
    department = forms.ChoiceField(label="部门")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = [(str(d.id), d.name) for d in staff_lists.departments()]
        self.fields["department"].choices = [("", "请选择"), *known]  # type: ignore[attr-defined]


class AssignForm(DeedForm):
    user = short("账号名称", 32, help_text="要任命的人的账号，例如zhoumin。")
    from_on = ZhDateField(label="从哪一天起")
    until_on = ZhDateField(label="到哪一天止", required=False, help_text="不填就一直担任，到免去为止。")
    deputy_for = short(
        "代理谁（AB岗）",
        32,
        required=False,
        help_text="只在休假、出差时代理别人的，填那个人的账号名称，并写明到哪一天止；办的事记两个人的名字。",
    )


class EndForm(DeedForm):
    until_on = ZhDateField(label="最后一天", help_text="过了这一天就不再担任。")


class OrgFileForm(DeedForm):
    """A table of organisations, posts and staff."""

    file = forms.FileField(
        label="机构和人员的表",
        help_text="Excel工作簿（.xlsx）或者CSV UTF-8，第一行是列名。",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要上传的表。", "empty": "这个文件是空的。"},
    )


class AgreeImportForm(DeedForm):
    """`digest`: of the plan that stood on the page."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class RecoveryForm(forms.Form):
    """Who stands at the window without the number she signs in with: her document, the number she has now."""

    kind = forms.ChoiceField(label="证件种类", initial="citizen_number")
    number = short("证件号码", 40, help_text="手工输入，或者用读卡器读入。")
    name = short("证件上的姓名", 100)
    phone = short("新的手机号码", 24, help_text="验证码马上发到这个号码，请本人念出来。")
    reason = short(
        "为什么换，看了什么", 120, help_text="复核的人要看。例如：号码已停用；身份证原件、人证一致。"
    )
    seen = forms.BooleanField(
        label="已核对证件原件，人证一致",
        error_messages={"required": "请先核对证件原件，再勾选“人证一致”。"},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        kinds = code_list("identity_document")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in kinds if one.attributes["audience"] == "natural_person"
        ]

    def clean_phone(self) -> str:
        try:
            return str(Phone.parse(self.cleaned_data["phone"], demo=settings.MINGQU_DEMO))
        except DomainError as refused:
            raise forms.ValidationError(refused.message) from refused


class RegisterForm(DeedForm):
    """A staff register to be connected."""

    name = short("系统名称", 60, help_text="例如：清禾区机关事业单位人事管理系统。")
    operator = short("运营单位", 120, help_text="单位全称。")
    department = forms.ChoiceField(
        label="管哪个单位的人",
        required=False,
        help_text="含下级部门。同时在别的单位任职的人不归它管。只有全平台统一的人事系统才选全部。",
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = [(str(d.id), d.name) for d in staff_lists.departments()]
        self.fields["department"].choices = [("", "全部工作人员"), *known]  # type: ignore[attr-defined]

    @property
    def whose(self) -> str:
        """Whose accounts it may change, in words."""
        chosen = self.cleaned_data["department"]
        names = dict(self.fields["department"].choices)  # type: ignore[attr-defined]
        return f"{names[chosen]}及其下级部门工作人员" if chosen else "全部工作人员"
