"""
The providers an installation can name in MINGQU_PAYMENT_PROVIDER, and the one it uses.

A demo always uses the double; elsewhere the double is refused, and without a provider fees are paid at the window.
"""

from django.conf import settings

from mingqu.payments.errors import ProviderUnavailable, ProviderUnknown
from mingqu.payments.providers.base import PaymentProvider

DOUBLE, COUNTER = "double", "counter"
_providers: dict[str, PaymentProvider] = {}


def register(provider: PaymentProvider) -> None:
    """Called from an app's `ready()`. The same name again replaces it only if it is the same class."""
    known = _providers.get(provider.name)
    if provider.name == COUNTER or (known is not None and type(known) is not type(provider)):
        raise ValueError(f"two providers named {provider.name}")
    _providers[provider.name] = provider


def current() -> PaymentProvider:
    """The provider of this installation. Raises ProviderUnavailable."""
    name = DOUBLE if settings.MINGQU_DEMO else settings.MINGQU_PAYMENT_PROVIDER
    found = _providers.get(name)
    if found is None or (name == DOUBLE and not settings.MINGQU_DEMO):
        raise ProviderUnavailable()
    return found


def site() -> str:
    """Where a payer is led; "" where that is here, or nowhere."""
    try:
        return current().site
    except ProviderUnavailable:
        return ""


def named(name: str) -> PaymentProvider:
    """The one of a payment made earlier, or that calls. Raises ProviderUnknown."""
    found = _providers.get(name)
    if found is None or (name == DOUBLE and not settings.MINGQU_DEMO):
        raise ProviderUnknown()
    return found


def names() -> list[str]:
    """Whose statements are reconciled: the provider in use, earlier ones, and the counter."""
    return [name for name in _providers if name != DOUBLE or settings.MINGQU_DEMO] + [COUNTER]


def words(name: str) -> str:
    """What a provider is called on pages of staff."""
    return {COUNTER: "窗口（现金、刷卡）", DOUBLE: "演示银行"}.get(name, name)
