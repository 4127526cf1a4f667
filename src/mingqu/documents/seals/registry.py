"""Seal providers by name. A further one is registered by its own app's `ready()`."""

from mingqu.documents.seals.base import SealProvider
from mingqu.documents.seals.contrib.local import LocalSeals

_PROVIDERS: dict[str, SealProvider] = {}


def register(provider: SealProvider) -> None:
    if provider.name in _PROVIDERS:
        raise ValueError(f"two seal providers named {provider.name}")
    _PROVIDERS[provider.name] = provider


def provider(name: str) -> SealProvider:
    """Raises KeyError for a provider that is not installed: the settings name something that is not there."""
    return _PROVIDERS[name]


register(LocalSeals())
