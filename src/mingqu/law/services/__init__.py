"""Commands of the law library."""

from mingqu.law.services.changes import Recorded, confirm_change, decline_change, record_change
from mingqu.law.services.importing import Import, import_laws, law_id

__all__ = ["Import", "Recorded", "confirm_change", "decline_change", "import_laws", "law_id", "record_change"]
