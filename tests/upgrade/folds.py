"""Django as it was before migrations were folded (docs/decisions/0031): it sees the old ones alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]


@contextmanager
def unfolded() -> Iterator[None]:
    load_disk = MigrationLoader.load_disk

    def old_ones(loader: MigrationLoader) -> None:
        load_disk(loader)
        for fold in folds(loader):
            del loader.disk_migrations[fold]

    with patch.object(MigrationLoader, "load_disk", old_ones):
        yield


def folds(loader: MigrationLoader) -> list[Key]:
    """What stands in place of others."""
    return [key for key, one in loader.disk_migrations.items() if one.replaces]
