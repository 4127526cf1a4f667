"""Commands of the law library."""

from mingqu.law.services.changes import Recorded, record_change
from mingqu.law.services.importing import Import, import_laws, law_id

__all__ = ["Import", "Recorded", "import_laws", "law_id", "record_change"]
