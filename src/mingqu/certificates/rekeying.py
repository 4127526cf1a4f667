"""The directory of verification codes, and the numbers holders are waited for by, when the master key is exchanged."""

from mingqu.certificates.models import Certificate, CertificateDirectory
from mingqu.certificates.selectors import CODE_PURPOSE
from mingqu.kernel.crypto import blind_index_under
from mingqu.kernel.rotation import OWNER, Index, blind_column, register_index

CODE = CertificateDirectory.Kind.CODE


def rewrite(version: int) -> int:
    """The digest is the row's key, so a row is replaced, not changed."""
    rows = CertificateDirectory.objects.using(OWNER).filter(kind=CODE)
    held, changed = dict(rows.values_list("certificate_id", "value")), 0
    for row in Certificate.objects.using(OWNER).only("id", "verification_code").iterator(chunk_size=500):
        digest = blind_index_under(version, CODE_PURPOSE, row.verification_code).hex()
        before = held.get(row.pk)
        if before is None or before == digest:
            continue
        rows.filter(value=before).delete()
        rows.create(kind=CODE, value=digest, certificate_id=row.pk)
        changed += 1
    return changed


def number_waited_for(row: Certificate) -> str | None:
    """The number an imported certificate waits for its holder by; None once the holder is known."""
    return row.holder_number if row.holder_index is not None else None


register_index(blind_column(Certificate, "holder_index", "certificates.holder", number_waited_for))
register_index(Index("certificates.codes", (CertificateDirectory,), rewrite))
