"""Commands of lists: making, changing, publishing by two persons; what items are kept to."""

from mingqu.catalogue.directory.services.editing import (
    begin_edition,
    confirm_type,
    import_list,
    read_list,
    remove_entry,
    save_entry,
)
from mingqu.catalogue.directory.services.keeping import keep_items, keep_row
from mingqu.catalogue.directory.services.passing import (
    DEEDS,
    Passed,
    drop_edition,
    hands,
    publish_edition,
    return_edition,
    submit_edition,
)

__all__ = [
    "DEEDS",
    "Passed",
    "begin_edition",
    "confirm_type",
    "drop_edition",
    "hands",
    "import_list",
    "keep_items",
    "keep_row",
    "publish_edition",
    "read_list",
    "remove_entry",
    "return_edition",
    "save_entry",
    "submit_edition",
]
