"""What certificates tells the rooms below when the apps are ready."""

from mingqu.certificates.models import Certificate
from mingqu.kernel.regions import subtree


def issued_in(region_code: str) -> str:
    """A certificate is valid, or a sample, as its region was when it was issued."""
    found = Certificate.objects.filter(subtree("region_code", region_code)).exists()
    return "那里已经有证照" if found else ""
