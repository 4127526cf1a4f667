"""How the pages of an application write codes and hours."""

from datetime import datetime

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles.types import MergedMaterial, OpenBundle
from mingqu.catalogue.types import Definition, Material
from mingqu.ui import text

register = template.Library()


@register.filter
def clock(value: datetime) -> str:
    """09:12, Beijing time."""
    return text.clock_time(value)


@register.filter
def draft_code(value: str) -> SafeString:
    """Sixteen letters in four groups to read aloud; copied without spaces."""
    groups = text.number_groups(value, (4, 4, 4, 4))
    spans = format_html_join("", "<span>{}</span>", ((group,) for group in groups))
    return format_html('<span class="mq-code mq-groups">{}</span>', spans)


@register.inclusion_tag("cases/_forms_of.html")
def forms_of(definition: Definition, material: Material) -> dict[str, str]:
    """Links to 空白表格 and 样表 of a material, where it has them."""
    return _forms_of(definition, material)


@register.inclusion_tag("cases/_forms_of.html")
def forms_of_merged(of: OpenBundle, merged: MergedMaterial) -> dict[str, str]:
    """The same of a material that is handed in once for several parts: the form of the first that has one."""
    for part, code in merged.to.items():
        definition = of.definitions.get(part)
        if definition and (found := _forms_of(definition, definition.material(code))):
            return found
    return {}


def _forms_of(definition: Definition, material: Material) -> dict[str, str]:
    form = catalogue.form_of(definition, material)
    if form is None:
        return {}
    address = reverse("cases:material_form", args=[definition.item.code, material.code])
    query = f"?_handling={definition.handling_item.code}"
    return {
        "name": form.title,
        "blank_url": address + query if catalogue.offers(form, "blank") else "",
        "sample_url": f"{address}{query}&sample=1" if catalogue.offers(form, "sample") else "",
    }
