"""A page shown for a look: drawn as always, and nothing on it leads out of the preview or sends anything away. Pure."""

import re
from html import escape

_TAG = re.compile(r"<(a|form|button|input)\b[^>]*>", re.IGNORECASE)
_WAY = re.compile(r'\s(href|action|formaction)="([^"]*)"', re.IGNORECASE)
_BACKGROUND = re.compile(r'\shx-[a-z-]+="[^"]*"', re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_METHOD = re.compile(r'\smethod="[^"]*"', re.IGNORECASE)


def enclosed(page: str, *, within: str, words: str, back: str, back_words: str) -> str:
    """
    The page with a banner that says 预览 and the way `back`. Links and forms to addresses beginning with `within`, to
    the page itself and to places on it stay; all others lead nowhere.
    """
    closed = _TAG.sub(lambda tag: _closed(tag[0], tag[1].lower(), within), _BACKGROUND.sub("", page))
    banner = (
        f'<aside class="mq-banner mq-preview-banner" aria-label="预览"><p><b>预览</b>　{escape(words)}'
        f'<a href="{escape(back)}">{escape(back_words)}</a></p></aside>'
    )
    return _BODY.sub(lambda body: body[0] + banner, closed, count=1)


def _closed(tag: str, name: str, within: str) -> str:
    ways = [value for _attribute, value in _WAY.findall(tag)]
    if all(_stays(value, within) for value in ways):
        return tag
    tag = _WAY.sub("", tag)
    if name == "a":
        return f'{tag[:-1]} role="link" aria-disabled="true" title="预览里不能打开">'
    if name == "form":
        return f'{_METHOD.sub("", tag)[:-1]} method="dialog" data-mq-closed>'
    return f"{tag[:-1]} disabled>"


def _stays(address: str, within: str) -> bool:
    return not address or address.startswith(("#", "?", within))
