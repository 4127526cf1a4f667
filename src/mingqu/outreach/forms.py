"""What agents, clerks and people write about points, errands and visits at home."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.kernel import regions
from mingqu.kernel.ids import new_id
from mingqu.outreach import rules
from mingqu.outreach.selectors import reasons, streets
from mingqu.outreach.types import NewPoint, NewVisit, Offered
from mingqu.ui.forms import Option, ZhDateField

LINE = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
MOST_REGIONS = 600  # streets and villages of a district, to choose from while one types
PHOTOS = "image/*,application/pdf"


class KeyForm(forms.Form):
    """`key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)


# Errands -----------------------------------------------------------------------------------------------------


class OpenForm(KeyForm):
    """Whose document the agent has in his hands, and for what."""

    name = forms.CharField(label="证件上的姓名", max_length=60, widget=forms.TextInput(LINE))
    number = forms.CharField(label="公民身份号码", max_length=30, widget=forms.TextInput(LINE))
    what = forms.ChoiceField(
        label="要办的事", help_text="只有委托给本服务点的事项。", widget=forms.RadioSelect
    )
    seen = forms.BooleanField(
        label="本人在场，已核对身份证原件",
        error_messages={"required": "请先核对身份证原件，再勾选。"},
    )

    def __init__(self, *args: Any, offered: list[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.key: one for one in offered}
        self.fields["what"].choices = [(one.key, one.name) for one in offered]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Offered:
        return self.offered[self.cleaned_data["what"]]


class CodeForm(KeyForm):
    code = forms.CharField(
        label="同意码",
        help_text="本人手机收到的6位数字，由本人念给您。",
        max_length=12,
        widget=forms.TextInput({**LINE, "inputmode": "numeric", "class": "govuk-input--width-5 mq-code"}),
    )


class PaperForm(KeyForm):
    photo = forms.FileField(
        label="委托书的照片",
        help_text="四个角都拍进去，字和签名看得清。",
        widget=forms.FileInput({"accept": PHOTOS, "capture": "environment"}),
    )


class AnswerPaperForm(KeyForm):
    agreed = forms.ChoiceField(
        label="看下来怎么样",
        choices=[
            ("yes", "同意：姓名、事项、日期、签名都对"),
            ("no", Option("退回", "写明哪里不对，代办员请本人重签")),
        ],
        widget=forms.RadioSelect,
    )
    covers_fixes = forms.BooleanField(
        label="委托书上勾了“包括按部门的通知补正材料”",
        help_text="勾了，部门要求补正时代办员不用再请本人同意。",
        required=False,
    )
    reason = forms.CharField(
        label="退回的原因",
        required=False,
        max_length=rules.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
    )


class BringForm(KeyForm):
    reason = forms.CharField(
        label="怎么送到的",
        help_text="什么时候、交给谁、交了什么。本人也看得到。",
        max_length=rules.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
    )


# Points ------------------------------------------------------------------------------------------------------


class PointForm(KeyForm):
    """A point: public what stands here."""

    code = forms.SlugField(
        label="代码", help_text="字母、数字和短横，定了不能改。", max_length=32, widget=forms.TextInput(LINE)
    )
    name = forms.CharField(label="名称", max_length=60)
    region_code = forms.CharField(
        label="所在的街道、乡镇、村或者社区",
        help_text="写名称，边写边选；同名的，前面加上一级的名称。",
        max_length=60,
        widget=forms.TextInput({**LINE, "list": "near-regions"}),
    )
    address = forms.CharField(label="地址", max_length=120)
    hours = forms.CharField(label="办公时间", max_length=120)
    telephone = forms.CharField(label="电话", max_length=40, required=False, widget=forms.TextInput(LINE))
    posts = forms.MultipleChoiceField(
        label="代办员的岗位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个岗位只在一个服务点。",
    )
    closed = forms.BooleanField(label="停办（不再公开，不能再代办）", required=False)

    def __init__(self, *args: Any, posts: dict[str, str], region: str, **kwargs: Any) -> None:
        """`region`: the department's, in which the point lies."""
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["posts"].choices = list(posts.items())  # type: ignore[attr-defined]

    def near(self) -> list[str]:
        """Names to choose from while one types: streets, and villages after their street."""
        found = regions.below(self.region, most=MOST_REGIONS)
        names = {one.code: one.name for one in found}
        return [names.get(one.parent_code, "") + one.name for one in found]

    def clean_region_code(self) -> str:
        """A name as it is called here; a code of twelve digits is taken too. Says which there are of one name."""
        words = "".join(str(self.cleaned_data["region_code"]).split())
        if words.isdecimal():
            return words
        found = [
            one for one in regions.called(words, beside=self.region) if rules.lies_in(one.code, self.region)
        ]
        if not found:
            raise forms.ValidationError("没有找到这个地方。请写全名称，例如“青澜街道”。")
        if len(found) > 1:
            names = "、".join(regions.full_name(one.code, within=self.region) for one in found)
            raise forms.ValidationError(f"有几个同名的地方：{names}。请写全。")
        return str(found[0].code)

    def point(self, code: str = "") -> NewPoint:
        given = self.cleaned_data
        return NewPoint(
            code=code or given["code"],
            name=given["name"],
            region_code=given["region_code"],
            address=given["address"],
            hours=given["hours"],
            telephone=given["telephone"],
            posts=tuple(given["posts"]),
            closed=given["closed"],
        )


class DelegateForm(KeyForm):
    """Of the items that were found by name, those that are ticked, all from a day to a day."""

    items = forms.MultipleChoiceField(
        label="委托哪些事项",
        help_text="已经委托的，按新的日期。",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先找到事项，再勾选。"},
    )
    from_on = ZhDateField(label="从哪天起")
    until_on = ZhDateField(label="到哪天止", required=False, help_text="不填：一直有效。")

    def __init__(self, *args: Any, found: dict[str, str], **kwargs: Any) -> None:
        """`found`: code → name."""
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = list(found.items())  # type: ignore[attr-defined]

    def chosen(self) -> list[tuple[str, date, date | None]]:
        given = self.cleaned_data
        return [(code, given["from_on"], given["until_on"]) for code in given["items"]]


class ImportItemsForm(KeyForm):
    table = forms.FileField(
        label="填好的表格",
        help_text="Excel工作簿（.xlsx）或者CSV，有“事项编码、从哪天起、到哪天止”三列。导出的清单改一改就能用。",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择填好的表格。", "empty": "这个文件是空的。"},
    )


# Visits at home ----------------------------------------------------------------------------------------------


class AskForm(KeyForm):
    """What a person says who wants somebody to come."""

    reason = forms.ChoiceField(
        label=_("为什么要上门"), widget=forms.RadioSelect, help_text=_("说一下就行，不用交证明。")
    )
    about = forms.CharField(
        label=_("要办什么事"),
        help_text=_("写事情的名称，或者用自己的话说。"),
        max_length=rules.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
    )
    region_code = forms.ChoiceField(label=_("住在哪个街道、乡镇"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("详细地址"), max_length=120, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}),
    )
    day = ZhDateField(label=_("哪一天"))
    half = forms.ChoiceField(
        label=_("上午还是下午"), choices=[("am", _("上午")), ("pm", _("下午"))], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, named: bool, region: str, **kwargs: Any) -> None:
        """`named`: whose name stands in the account. `region`: the installation's, whose streets may be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(code, _(words)) for code, words in reasons()]  # type: ignore[attr-defined]
        near = regions.children(region) if region else []
        known = sorted((dict(streets()) | {one.code: one.name for one in near}).items())
        self.fields["region_code"].choices = known  # type: ignore[attr-defined]
        if named:
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _("不填的，打您登录用的手机。")
        else:
            name = forms.CharField(label="姓名", max_length=60)
            self.fields = {"key": self.fields["key"], "name": name, **self.fields}

    def visit(self, name: str = "", phone: str = "") -> NewVisit:
        """`name`, `phone`: of the account, for what was left open."""
        given = self.cleaned_data
        return NewVisit(
            name=given.get("name") or name,
            phone=given["phone"] or phone,
            address=given["address"],
            about=given["about"],
            reason=given["reason"],
            region_code=given["region_code"],
            wished_on=given["day"],
            half=given["half"],
        )


class PlanForm(KeyForm):
    """Who goes, and when."""

    post = forms.ChoiceField(label="由谁去", widget=forms.RadioSelect)
    day = ZhDateField(label="哪一天")
    half = forms.ChoiceField(
        label="上午还是下午", choices=[("am", "上午"), ("pm", "下午")], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="plan_%s", **kwargs)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]


class CloseForm(KeyForm):
    done = forms.ChoiceField(
        label="办成了吗", choices=[("yes", "办成了"), ("no", "没有办成")], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="办了什么，或者为什么没有办成",
        help_text="约的人看得到。没有办成的，写清接下来怎么办。",
        max_length=rules.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="close_%s", **kwargs)
