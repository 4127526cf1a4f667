"""Line icons, 24 by 24. An icon never stands without a word, so all are hidden from screen readers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "pin": (
        '<path d="M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21z"/>'
        '<circle cx="12" cy="9.5" r="2.5"/>'
    ),
    "home": '<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>',
    "list": '<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "tray": '<path d="M4 13l3-8h10l3 8v6H4zM4 13h5a3 3 0 0 0 6 0h5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "hall": '<path d="M4 20h16M5 20V10l7-5 7 5v10M9 20v-6h6v6"/>',
    "card": (
        '<rect x="3" y="5" width="18" height="14" rx="2"/>'
        '<circle cx="8.5" cy="11" r="2"/>'
        '<path d="M5.5 16c.5-2 5.5-2 6 0M14 10h4M14 14h4"/>'
    ),
    "phone": (
        '<path d="M6 3h4l1.5 5-2.5 1.5a11 11 0 0 0 5.5 5.5L16 12.5l5 1.5v4'
        'a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"/>'
    ),
    "people": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M2.5 20c.8-4 3-6 6.5-6s5.7 2 6.5 6"/>'
        '<path d="M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3 2.5 3.5 5.5"/>'
    ),
    "shield": (
        '<path d="M12 3l8 3v6c0 5-3.5 7.5-8 9-4.5-1.5-8-4-8-9V6z"/><path d="M8.5 12l2.5 2.5 4.5-4.5"/>'
    ),
    "tick": '<path d="M4 12.5l5 5L20 6.5"/>',
    "prev": '<path d="M15 5l-7 7 7 7"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "out": '<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>',
    "back": '<path d="M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 9h-3"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "store": (
        '<path d="M4 9l1.5-5h13L20 9M4 9h16M5 9v11h14V9M4 9'
        'a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 20 9"/>'
    ),
    "eye": (
        '<path d="M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5s-7-2-9.5-6.5z"/>'
        '<circle cx="12" cy="12" r="3"/>'
    ),
}


def icon(name: str, css_class: str = "mq-ico") -> SafeString:
    """The icon as inline SVG. Raises KeyError for a name that is not drawn."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        css_class,
        mark_safe(PATHS[name]),  # noqa: S308 - our own constants
    )
