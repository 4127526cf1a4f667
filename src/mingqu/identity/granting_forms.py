"""授权: a role for a post, within a region, departments and item types. Places and departments are found by name."""

from typing import Any
from uuid import UUID

from django import forms

from mingqu.identity import staff_lists
from mingqu.identity.admin_forms import DeedForm
from mingqu.identity.models import Department, Post
from mingqu.identity.roles import roles
from mingqu.kernel import regions
from mingqu.kernel.codelists import code_list
from mingqu.kernel.identifiers import IdentifierRefused, RegionCode
from mingqu.ui.forms import Option

OWN, OTHER, ALL = "own", "other", "all"
SHOWN = 5  # names told where several fit


def _found_by_name(label: str, longest: int, suggestions: str, help_text: str) -> forms.CharField:
    attrs = {"autocomplete": "off", "spellcheck": "false", "list": suggestions}
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs | {"class": "govuk-input--width-20"}),
    )


class GrantForm(DeedForm):
    """All that a grant can say. What is left empty is no limit, and the question before the deed says so."""

    role = forms.ChoiceField(label="角色", help_text="每个角色能办什么，见“角色和权限”。")
    region_code = _found_by_name(
        "区划",
        60,
        "mq-regions",
        "只能办这个区划和它下级的事。写名称（例如青澜街道）或者代码；不填就不限区划。",
    )
    within = forms.ChoiceField(
        label="部门范围",
        choices=[
            (OWN, Option("本部门和下级部门", "只能办这些部门的事。")),
            (OTHER, Option("另一个部门和它的下级部门", "在下面写是哪一个。派驻、联合办公的岗位用。")),
            (ALL, Option("不限部门", "综合窗口、效能监督、三员等跨部门的岗位用。")),
        ],
        widget=forms.RadioSelect,
    )
    department = _found_by_name(
        "另一个部门", 120, "mq-departments", "上面选“另一个部门”的才填。写名称或者代码。"
    )
    item_types = forms.MultipleChoiceField(
        label="事项类型",
        required=False,
        help_text="只能办这些类型的事项。一个也不选，就不限类型。",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, post: Post, **kwargs: Any) -> None:
        code = post.department.region_code
        super().__init__(data, initial={"region_code": region_words(code)}, **kwargs)
        self.post, self.department_id, self.department_name = post, None, ""
        named = [(code, role.name) for code, role in roles().items()]
        self.fields["role"].choices = [("", "请选择"), *named]  # type: ignore[attr-defined]
        kinds = [(one.code, one.name) for one in code_list("item_type")]
        self.fields["item_types"].choices = kinds  # type: ignore[attr-defined]
        self.departments = staff_lists.departments()
        below = regions.children(code)
        self.suggestions = {
            "mq-regions": [region_words(code), *(f"{one.name}（{one.code}）" for one in below)],
            "mq-departments": [f"{one.name}（{one.code}）" for one in self.departments],
        }

    @property
    def role_words(self) -> str:
        return staff_lists.role_name(self.cleaned_data["role"])

    def clean_region_code(self) -> str:
        """A code of twelve digits, or "" for no limit."""
        words = self.cleaned_data["region_code"].strip()
        inside = _in_brackets(words)
        if not words:
            return ""
        if inside.isdigit() or words.isdigit():
            try:
                return str(RegionCode.parse(inside or words))
            except IdentifierRefused as refused:
                raise forms.ValidationError(refused.message) from refused
        found = regions.called(words, beside=self.post.department.region_code)
        if len(found) == 1:
            return found[0].code
        raise forms.ValidationError(_which(words, [f"{one.name}（{one.code}）" for one in found]))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("within") == OWN:
            self._within(self.post.department)
        elif given.get("within") == OTHER:
            words = given.get("department", "").strip()
            if not words:
                self.add_error("department", "请写是哪一个部门。")
            elif len(found := self._called(words)) == 1:
                self._within(found[0])
            else:
                self.add_error("department", _which(words, [f"{one.name}（{one.code}）" for one in found]))
        return given

    def _within(self, department: Department) -> None:
        self.department_id: UUID | None = department.pk
        self.department_name: str = department.name

    def _called(self, words: str) -> list[Department]:
        """The one with this code or exactly this name; else all whose name holds the words."""
        known = {_in_brackets(words).upper(), words.upper()}
        exact = [one for one in self.departments if one.code.upper() in known or one.name == words]
        return exact or [one for one in self.departments if words in one.name]


def region_words(code: str) -> str:
    """澜州市清禾区（990104000000）; "" for no region."""
    return f"{regions.full_name(code)}（{code}）" if code else ""


def _in_brackets(words: str) -> str:
    """What stands in the brackets at the end; ""."""
    return words[:-1].rpartition("（")[2].strip() if words.endswith("）") and "（" in words else ""


def _which(words: str, found: list[str]) -> str:
    if not found:
        return f"没有找到“{words}”。请核对名称，或者写代码。"
    more = f"等{len(found)}个" if len(found) > SHOWN else ""
    return f"“{words}”不止一个：{'、'.join(found[:SHOWN])}{more}。请写其中一个的代码。"
