"""`default`, `owner` and `read` are three roles on one database."""

from typing import Any


class OneDatabase:
    """Migrations run as the owner; everything else as the app role, unless a caller names an alias."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return db == "owner"

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        return True
