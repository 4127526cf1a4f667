"""What every page knows: the installation's brand, the reader's display choices, the links of the layout."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingqu.ui import banners, language
from mingqu.ui.menu import Navigation

ELDER_COOKIE = "mq_elder"
AUDIENCE_COOKIE = "mq_audience"
KIOSK_COOKIE = "mq_kiosk"
AUDIENCES = ("personal", "legal")

# What an installation may set in MINGQU_SITE. Empty values are not rendered.
DEFAULTS: dict[str, str] = {
    "name": "政务服务网",
    "region_name": "",
    "telephone": "12345",
    "telephone_hours": "",
    "hall_address": "",
    "hall_hours": "",
    "agents": "",  # 村、社区代办点: where they are, in words
    "organiser": "",  # 主办单位
    "site_code": "",  # 政府网站标识码
    "icp": "",
    "icp_url": "",
    "police_record": "",
    "police_record_url": "",
    # As English pages say it; what is empty stays Chinese there.
    "name_en": "",
    "region_name_en": "",
    "organiser_en": "",
    "hall_address_en": "",
    "hall_hours_en": "",
    "telephone_hours_en": "",
    "agents_en": "",
}
IN_ENGLISH = "_en"


@dataclass(frozen=True)
class LegalLine:
    """One line of the footer that a government site must carry."""

    label: object
    value: str
    url: str = ""


def site_values() -> dict[str, object]:
    """MINGQU_SITE over the defaults, with what follows from it. Needs no request: error pages use it."""
    values: dict[str, str] = DEFAULTS | getattr(settings, "MINGQU_SITE", {})
    if language.in_english():
        english = {name: values[name] for name in DEFAULTS if name.endswith(IN_ENGLISH) and values[name]}
        values |= {name.removesuffix(IN_ENGLISH): words for name, words in english.items()}
    lines = (
        LegalLine(_("主办单位"), values["organiser"]),
        LegalLine(_("网站标识码"), values["site_code"]),
        LegalLine(_("ICP备案号"), values["icp"], values["icp_url"]),
        LegalLine(_("公安备案号"), values["police_record"], values["police_record_url"]),
    )
    return dict(values) | {
        "demo": bool(getattr(settings, "MINGQU_DEMO", False)),
        "telephone_link": re.sub(r"[^0-9+]", "", values["telephone"]),
        "legal_lines": [line for line in lines if line.value],
    }


def audience(request: HttpRequest) -> str:
    """个人 or 法人, as the reader chose; 个人 when nothing (or nonsense) was chosen."""
    chosen = request.COOKIES.get(AUDIENCE_COOKIE, "")
    return chosen if chosen in AUDIENCES else AUDIENCES[0]


def on_kiosk(request: HttpRequest) -> bool:
    """Whether this is a self-service terminal of a hall (自助机): set there once, by its address."""
    return request.COOKIES.get(KIOSK_COOKIE) == "on"


def here(request: HttpRequest) -> str:
    """Where a switch of the header (长者版, English, 个人/法人) leads back to: this page, or the one that was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    # The answer to something sent can't be asked for again: its address may take nothing but what is sent.
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return "/"
    return sent_from._replace(scheme="", netloc="", fragment="").geturl()


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor of every template."""
    return {
        "site": site_values(),
        "page_lang": language.TAGS[language.ENGLISH if language.in_english() else language.CHINESE],
        "in_english": language.in_english(),
        "only_chinese": getattr(request, "only_chinese", False),
        "elder": on_kiosk(request) or request.COOKIES.get(ELDER_COOKIE) == "on",
        "kiosk": on_kiosk(request),
        "kiosk_seconds": settings.MINGQU_KIOSK_SECONDS["silence"],
        "again": request.get_full_path(),
        "audience": audience(request),
        "nav": Navigation(request),
        "banners": banners.shown(request),
        "here": here(request),
    }
