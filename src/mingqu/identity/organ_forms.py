"""What is filled in to change a department: name, place, end; and the basis and the day of each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms

from mingqu.identity import rules, staff_lists
from mingqu.identity.admin_forms import DeedForm, short
from mingqu.identity.models import Department
from mingqu.ui.forms import ZhDateField

NOBODY = "none"  # chosen: nobody carries on the duties


class ChangeForm(DeedForm):
    """What every change says: from which day, by which document."""

    from_on = ZhDateField(label="从哪一天起", help_text="今天或者以后；以后的，到那天早上自动生效。")
    basis = short("依据的文件", 120, help_text="例如：澜州市清禾区机构改革方案，清委发〔2026〕3号。")

    @property
    def other(self) -> UUID | None:
        """The other department that was chosen."""
        chosen = self.cleaned_data.get("parent") or self.cleaned_data.get("successor")
        return UUID(chosen) if chosen else None

    def other_name(self, field: str) -> str:
        """Of the department that was chosen, or ""."""
        choices = dict(self.fields[field].choices)  # type: ignore[attr-defined]
        return str(choices[self.cleaned_data[field]]) if self.cleaned_data[field] else ""

    def _offer(self, field: str, about: Department, none: str, fits: Callable[[str, str], bool]) -> None:
        """Departments in use whose region `fits` (its own, theirs), without this one and those below it."""
        known = [
            (str(one.pk), one.name)
            for one in staff_lists.departments()
            if not one.path.startswith(about.path) and fits(about.region_code, one.region_code)
        ]
        self.fields[field].choices = [("", none), *known]  # type: ignore[attr-defined]


class RenameForm(ChangeForm):
    name = short("新的名称", 120, help_text="全称，和新印章上的一样。")
    field_order = ("name", "from_on", "basis")


class MoveForm(ChangeForm):
    parent = forms.ChoiceField(label="新的上级部门", required=False)
    field_order = ("parent", "from_on", "basis")

    def __init__(self, data: Any = None, *, about: Department, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._offer("parent", about, "没有上级部门", lambda own, above: rules.region_holds(above, own))


class CloseForm(ChangeForm):
    successor = forms.ChoiceField(label="承接职责的部门", help_text="没有部门承接的，选“职责取消”。")
    carries_posts = forms.BooleanField(
        label="岗位整体划转到承接的部门",
        help_text="岗位、担任岗位的人、授权、没有办完的环节、征求意见和约好的现场核查跟着走；以前的记录保留原来的名称。",
        required=False,
    )
    field_order = ("successor", "carries_posts", "from_on", "basis")

    def __init__(self, data: Any = None, *, about: Department, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._offer("successor", about, "请选择", rules.may_succeed)
        field: Any = self.fields["successor"]
        field.choices = [field.choices[0], (NOBODY, "职责取消，没有部门承接"), *field.choices[1:]]

    def clean_successor(self) -> str:
        """That nobody carries on is said on purpose, and kept as no successor."""
        chosen = str(self.cleaned_data["successor"])
        return "" if chosen == NOBODY else chosen

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("carries_posts") and given.get("successor") == "":
            self.add_error("carries_posts", "没有部门承接的，岗位不能整体划转。")
        return given
