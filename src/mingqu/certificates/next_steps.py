"""What a holder may do with a certificate is known to the rooms above: they say it here when the apps are ready."""

from collections.abc import Callable, Sequence

from mingqu.certificates.types import CertificateView, NextStep

Steps = Callable[[CertificateView], Sequence[NextStep]]

_asked: list[Steps] = []


def offer_next_steps(steps: Steps) -> None:
    if steps not in _asked:
        _asked.append(steps)


def next_steps(certificate: CertificateView) -> list[NextStep]:
    """What may be done now, the most wanted first, what can't be done yet last."""
    found = [step for steps in _asked for step in steps(certificate)]
    return sorted(found, key=lambda step: (not step.now, not step.url))
