"""Django forms in GOV.UK markup: the renderer of the whole installation, and a date asked for as 年 月 日."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.errors import DomainError
from mingqu.ui.text import day_written

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
        in a summary help nobody, so the standard one becomes 请填写…, 请选择… or 请上传…; and so does every other
        standard one (`plain_words`). A form's own words stay.
        """
        return [
            self.required_words
            if error.code == "required" and is_djangos(error)
            else plain_words(self, error)
            for error in self.errors.as_data()
        ]

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


# Django's own words, by their code, and what is said instead; {label}, {limit} and {given} as far as Django tells them.
PLAIN: dict[str, Any] = {
    "max_length": _("“{label}”最多写{limit}个字，您写了{given}个。请写短一些。"),
    "min_length": _("“{label}”至少写{limit}个字，您写了{given}个。"),
    "max_value": _("“{label}”请填不大于{limit}的数。"),
    "min_value": _("“{label}”请填不小于{limit}的数。"),
    "step_size": _("“{label}”请填{limit}的倍数。"),
    "max_digits": _("“{label}”这个数太长，请核对。"),
    "max_whole_digits": _("“{label}”这个数太大，请核对。"),
    "max_decimal_places": _("“{label}”小数点后面的位数太多，请核对。"),
    "invalid_choice": _("“{label}”请选择列出的一项。"),
    "invalid_list": _("“{label}”请选择列出的一项。"),
    "invalid_pk_value": _("“{label}”请选择列出的一项。"),
    "incomplete": _("“{label}”还没有填完。"),
    "missing": _("“{label}”没有传上来，请重新选择文件。"),
    "empty": _("“{label}”这个文件是空的，请换一个。"),
    "contradiction": _("“{label}”又选了文件又选了清除，请只选一样。"),
    "invalid_image": _("“{label}”打不开这张图片，请换一个文件。"),
    "invalid_extension": _("“{label}”不能用这种文件，请换一个。"),
    "null_characters_not_allowed": _("“{label}”里有不能保存的字符，请重新输入。"),
    "invalid": _("“{label}”写得不对，请核对。"),
}
# What is not right about an answer of this kind; the first match counts.
PLAIN_KINDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.DecimalField, _("“{label}”请填数字。")),
    (forms.FloatField, _("“{label}”请填数字。")),
    (forms.IntegerField, _("“{label}”请填整数，只写数字。")),
    (forms.DateTimeField, _("“{label}”请填日期和时间，例如2026-11-09 09:30。")),
    (forms.DateField, _("“{label}”没有这一天，请这样写：2026-11-09。")),
    (forms.TimeField, _("“{label}”请填时间，例如09:30。")),
    (forms.EmailField, _("“{label}”请填电子邮箱，例如name@example.cn。")),
    (forms.URLField, _("“{label}”请填网址，以https://开头。")),
    (forms.FileField, _("“{label}”没有传上来，请重新选择文件。")),
)


def _djangos() -> frozenset[int]:
    """Which objects Django's own words are: a form that says something else says it by another object."""
    found: list[object] = []
    for one in (*vars(forms.fields).values(), *vars(forms.models).values(), *vars(validators).values()):
        found += getattr(one, "default_error_messages", {}).values()
        found += [one.message] if hasattr(one, "message") else []
    found += validators.DecimalValidator.messages.values()
    return frozenset(id(words) for words in found)


DJANGOS = _djangos()


def is_djangos(error: ValidationError) -> bool:
    return id(error.message) in DJANGOS


def plain_words(bound: BoundField, error: ValidationError) -> str:
    """A standard error of Django as people say it, with the name of its field; other errors as they are."""
    said, code = str(error.messages[0]), error.code or ""
    if not is_djangos(error) or code not in PLAIN:
        return said
    of_kind = (words for kind, words in PLAIN_KINDS if code == "invalid" and isinstance(bound.field, kind))
    if isinstance(bound.field, forms.FileField) and code == "max_length":
        return _("“{label}”的文件名太长，请改短再选。").format(label=bound.label)
    params = error.params or {}
    words = next(of_kind, PLAIN[code])
    return str(words).format(
        label=bound.label, limit=params.get("limit_value", ""), given=params.get("show_value", "")
    )


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


class DayInput(forms.DateInput):
    """
    One input for a day, written 2026-11-09 in every browser: `type=date` speaks the browser's language and not the
    page's. With JavaScript a button beside it opens the browser's calendar (`ui/js/page.js`).
    """

    template_name = "ui/forms/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"autocomplete": "off", "maxlength": "11", "size": "11"}
        super().__init__(usual | (attrs or {}), format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day in one input, also written 2026/11/9, 20261109 or 2026年11月9日."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            if (day := day_written(value)) is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            return day
        return super().to_python(value)


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
