"""What any page asks that lets somebody choose 寄递: the third way of delivery and its three lines (forms only)."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mingqu.cases.services.delivery_choice import checked_address
from mingqu.cases.types import BY_POST, Addressee
from mingqu.kernel.errors import DomainError
from mingqu.ui.forms import Option

ADDRESS = ("receiver", "phone", "address")
SENT = (
    BY_POST,
    Option(
        _("寄给我"),
        _("快递寄到下面填的地址，有人签收才算送达。窗口交给快递以前，可以改地址，也可以改为自己来领。"),
    ),
)


def ask_when_sent(form: forms.Form, words: Any) -> None:
    """The three lines of an address are there with the way that needs them; without scripts `words` say so."""
    for name in ADDRESS:
        field: Any = form.fields[name]
        field.asked_by_answers = True
        field.asked_when, field.asked_words = json.dumps({"delivery": [BY_POST]}), words


def addressee(form: forms.Form) -> Addressee | None:
    """Where the result is to be sent; None: another way, or what is lacking stands beside its field now."""
    given = form.cleaned_data
    if given.get("delivery") == BY_POST and not any(name in form.errors for name in ADDRESS):
        try:
            return checked_address(Addressee(*(given.get(name, "") for name in ADDRESS)))
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
    return None


class AddressFields(forms.Form):
    """The three lines beside a field `delivery`; `to`: where it is to be sent, once the form is valid."""

    to: Addressee | None = None

    receiver = forms.CharField(
        label=_("收件人姓名"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("收件人手机号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("收件地址"),
        max_length=200,
        required=False,
        help_text=_("写到门牌号。"),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )

    def sending_offered(self, words: Any) -> bool:
        """Whether the third way is there: a courier is connected; else no lines either."""
        if settings.MINGQU_COURIER:
            ask_when_sent(self, words)
            return True
        for name in ADDRESS:
            del self.fields[name]
        return False

    def clean(self) -> dict[str, Any]:
        self.to = addressee(self)
        return self.cleaned_data
