"""How the pages of an application write codes and hours."""

from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
