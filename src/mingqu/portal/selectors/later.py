"""变更 延续 补办 注销 of a certificate: where its holder starts them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates.types import CertificateView, NextStep
from mingqu.ui.language import day, worded

# State of a certificate → what may be applied for (行政许可法 49, 50, 70).
POSSIBLE = {
    "valid": ("renew", "change", "replace", "cancel"),
    "suspended": ("cancel",),
    "expired": ("cancel",),
}


def next_steps(certificate: CertificateView) -> list[NextStep]:
    """Links of the service that grants certificates of this type, as far as the state allows."""
    possible = POSSIBLE.get(certificate.state, ())
    if possible and (busy := cases.acting_on(certificate.id)):
        hint = _("办完以后，才能再办变更、延续、补办或者注销")
        label = _("正在%(handling)s，看办到哪了") % {"handling": worded(busy.handling_item)}
        return [NextStep(label, reverse("cases:progress", args=[busy.number]), hint, now=True)]
    found = []
    for item_code, handling, kind in catalogue.acting_on(certificate.type_code) if possible else ():
        if kind not in possible:
            continue
        query = urlencode({"_handling": handling.code, "_certificate": certificate.number})
        url = f"{reverse('cases:start', args=[item_code])}?{query}"
        if kind == "renew":
            found += _renewal(certificate, handling.name, url)
        else:
            found.append(NextStep(handling.name, url))
    return found


def _renewal(certificate: CertificateView, name: str, url: str) -> list[NextStep]:
    """From the first day on; late, it is said what that may mean; a certificate without an end has none."""
    if certificate.renewal == "open" and certificate.renew_until:
        hint = _("可以延续了，请在%(day)s以前申请") % {"day": day(certificate.renew_until)}
        return [NextStep(name, url, hint, now=True)]
    if certificate.renewal == "late":
        hint = _("已过提前申请的期限（行政许可法第五十条），请马上申请；到期前办不完的，到期后要停下来等结果")
        return [NextStep(name, url, hint, now=True)]
    if certificate.renewal == "early" and certificate.renew_from:
        return [NextStep(name, "", _("%(day)s起可以申请") % {"day": day(certificate.renew_from)})]
    return []
