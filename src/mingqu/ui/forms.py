"""Django forms in GOV.UK markup: the renderer of the whole installation, and a date asked for as 年 月 日."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.errors import DomainError

# The first match counts, so that special widgets stand before the general ones.
WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),  # for Django a kind of RadioSelect
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.MultiWidget, "govuk-input"),
    (forms.widgets.Input, "govuk-input"),
)


def tell(form: forms.Form, refused: DomainError) -> int:
    """Put a refusal beside the field it belongs to, or above the form; the HTTP status of the page."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return refused.status


def one_press(form: forms.Form) -> UUID:
    """
    The key of this choice: a page has one key for all its buttons and whatever is typed, and who goes back and presses
    again with something else means another deed.
    """
    chosen = sorted((name, str(value)) for name, value in form.cleaned_data.items() if name != "key")
    return uuid5(form.cleaned_data["key"], repr(chosen))


class Option(str):
    """A choice's label with a line of explanation below: ("2", Option("商住楼", "烟道通到楼顶"))."""

    hint: str

    def __new__(cls, label: str, hint: str = "") -> "Option":
        option = super().__new__(cls, label)
        option.hint = hint
        return option


class GovBoundField(BoundField):
    """Puts the class of the component, and of its error, on each input; Django adds the aria attributes."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        own = next((css for kind, css in WIDGET_CLASSES if isinstance(widget, kind)), "")
        if widget.is_hidden or not own:
            return attrs
        error = f"{own}--error" if self.errors and "__" not in own else ""
        attrs["class"] = " ".join(filter(None, [own, error, widget.attrs.get("class", "")]))
        return attrs

    @property
    def error_words(self) -> list[str]:
        """
        The errors as the page says them. Django's “这个字段是必填项。” does not say which field; six of them
        in a summary help nobody, so the standard one becomes 请填写…, 请选择… or 请上传….
        """
        standard = forms.Field.default_error_messages["required"]
        return [self.required_words if error == standard else str(error) for error in self.errors]

    @property
    def required_words(self) -> str:
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return _("请先确认：%(label)s") % {"label": self.label}
        if isinstance(widget, forms.FileInput):
            return _("请上传：%(label)s") % {"label": self.label}
        if isinstance(widget, forms.Select | forms.RadioSelect):
            return _("请选择：%(label)s") % {"label": self.label}
        return _("请填写：%(label)s") % {"label": self.label}

    @property
    def first_input_id(self) -> str:
        """Where the error summary leads: for groups the first input of them."""
        if isinstance(self.field.widget, forms.MultiWidget):
            return f"{self.auto_id}_0"
        return str(self.id_for_label or f"{self.auto_id}_0")

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional(self) -> bool:
        """
        Optional questions say so; a single box that may stay empty does not need to, nor does what other answers of
        the form ask for (`asked_by_answers`).
        """
        asked = getattr(self.field, "asked_by_answers", False)
        return not self.field.required and not self.is_single_checkbox and not asked


class PageRenderer(TemplatesSetting):
    """
    FORM_RENDERER = "mingqu.ui.forms.PageRenderer".

    Choices are mapped here and not overridden by path: Django's widget templates stand in TEMPLATES["DIRS"],
    which is searched before any app (its app can't be installed, its label is that of our forms room).
    """

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = GovBoundField
    OURS = {
        "django/forms/widgets/radio.html": "ui/forms/radios.html",
        "django/forms/widgets/checkbox_select.html": "ui/forms/checkboxes.html",
    }

    def get_template(self, template_name: str) -> Any:
        return super().get_template(self.OURS.get(template_name, template_name))


class DateParts(forms.MultiWidget):
    """Three inputs: 2026 年 11 月 9 日."""

    template_name = "ui/forms/date_parts.html"
    use_fieldset = True
    PARTS = (("year", _("年"), 4), ("month", _("月"), 2), ("day", _("日"), 2))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"inputmode": "numeric", "maxlength": length})
            for name, _label, length in self.PARTS
        }
        super().__init__(parts, attrs)

    def decompress(self, value: date | None) -> list[Any]:
        return [value.year, value.month, value.day] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (_name, label, length) in zip(context["widget"]["subwidgets"], self.PARTS, strict=True):
            part["label"], part["length"] = label, length
        return context


class HiddenDateParts(DateParts):
    """The same three inputs, carried along unseen: for the last question before a deed."""

    template_name = "django/forms/widgets/multiwidget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget in self.widgets:
            widget.input_type = "hidden"


class ZhDateField(forms.MultiValueField):
    """A date from three inputs. The error repeats what was written and shows a right one."""

    widget = DateParts
    hidden_widget = HiddenDateParts
    default_error_messages = {
        "incomplete": _("请把年、月、日都填上，例如2026年11月9日。"),
        "invalid": _("没有这一天：您写的是“%(written)s”。请这样写：2026年11月9日。"),
        "required": _("请填写日期，例如2026年11月9日。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        parts = (forms.CharField(), forms.CharField(), forms.CharField())
        super().__init__(parts, require_all_fields=False, **kwargs)

    def clean(self, value: list[str] | None) -> date | None:
        written = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(written):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(written):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            day = date(*(int(part) for part in written))
        except (ValueError, OverflowError) as error:
            words = "{}年{}月{}日".format(*written)
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"written": words}
            ) from error
        self.run_validators(day)
        return day


class SignaturePad(forms.Widget):
    """
    手写签名: with JavaScript a place to sign by finger, pen or mouse; the picture goes along in a hidden field.

    Never the only way: the form asks for the name in a field of its own, which alone is enough. The page loads
    `ui/js/signature.js`; `documents.services.check_signature` reads what came.
    """

    template_name = "ui/forms/signature.html"
    use_fieldset = True


class SignatureField(forms.CharField):
    """The drawn signature as its data address, or "" where the name alone was typed."""

    widget = SignaturePad

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手写签名"))
        kwargs.setdefault("help_text", _("用手指、笔或者鼠标在框里写。不方便手写的，只填写姓名也一样有效。"))
        super().__init__(required=False, **kwargs)
