"""What officers fill in about what they find together (联合踏勘)."""

from decimal import Decimal
from typing import Any

from django import forms

from mingqu.cases.bundles.types import Closing, NewFinding
from mingqu.cases.types import VisitParty
from mingqu.documents import services as documents
from mingqu.documents.services.files import limits
from mingqu.ui.forms import SignatureField
from mingqu.workbench.forms import ActForm
from mingqu.workbench.visit_forms import lines

PHOTOS = ("image/jpeg", "image/png", "image/heic")


class FindingForm(ActForm):
    """One thing: what was looked at, and what was seen, measured or photographed."""

    subject = forms.CharField(
        label="看的是什么、量的是什么",
        max_length=60,
        help_text="同一样东西只写一条，例如：工地围挡高度。",
        error_messages={"required": "请写明看的是什么、量的是什么。"},
    )
    text = lines("看到的情况")
    amount = forms.DecimalField(
        label="量到的数",
        required=False,
        max_digits=14,
        decimal_places=4,
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}),
        error_messages={"invalid": "请填数，例如2.5。", "max_decimal_places": "最多四位小数。"},
    )
    unit = forms.CharField(
        label="单位",
        required=False,
        max_length=16,
        help_text="填了数的才填，例如：米、平方米。",
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
    )
    photo = forms.FileField(
        label="照片",
        required=False,
        help_text="照片里的位置信息会去掉，拍摄时间留下。",
        widget=forms.FileInput({"accept": "image/*,.heic", "capture": "environment"}),
    )

    def finding(self) -> NewFinding:
        """Raises what is wrong with the photo (documents.errors)."""
        given, photo = self.cleaned_data, self.cleaned_data["photo"]
        amount: Decimal | None = given["amount"]
        checked = photo and documents.check_upload(photo.read(limits().file_bytes + 1), allowed=PHOTOS)
        return NewFinding(given["subject"], given["text"], amount, given["unit"], checked or None)


class CorrectForm(FindingForm):
    """The same in the place of what stands there, with the reason."""

    reason = forms.CharField(
        label="为什么更正",
        max_length=200,
        help_text="原来写的留着，和理由一起看得到。例如：复测，前一次没有从地面量起。",
        error_messages={"required": "请写明为什么更正。"},
    )


class RemoveForm(ActForm):
    reason = forms.CharField(
        label="为什么撤下",
        max_length=200,
        help_text="例如：不在这个工地，写错了地方。",
        error_messages={"required": "请写明为什么撤下。"},
    )


class CloseForm(ActForm):
    """The applicant's side, and that the page named who did not come."""

    party_name = forms.CharField(
        label="申请人一方签名（在场人姓名）", required=False, max_length=40, help_text="请在场人本人填写。"
    )
    party_signature = SignatureField(label="申请人一方手写签名")
    party_refused = forms.BooleanField(label="没有签字（拒签，或者没有人在场）", required=False)
    party_reason = lines("没有签字的原因", "勾选了“没有签字”的必须写明。")
    absent = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def closing(self) -> Closing:
        """Raises SignatureUnreadable, SignatureBlank."""
        given = self.cleaned_data
        drawn = documents.check_signature(given["party_signature"])
        party = VisitParty(given["party_name"], given["party_refused"], given["party_reason"], drawn)
        return Closing(party, tuple(one for one in given["absent"].split(",") if one))


class VisitorForm(ActForm):
    """A department of the bundle that is asked to come too (加), or is no longer waited for (减)."""

    part = forms.ChoiceField(label="部门", error_messages={"required": "请选择部门。"})
    reason = forms.CharField(
        label="原因", required=False, max_length=200, help_text="减去的必须写明，例如：这个部门改天自己去。"
    )

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], adds: bool, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{'add' if adds else 'drop'}-%s", **kwargs)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *parts]
        if adds:
            del self.fields["reason"]
