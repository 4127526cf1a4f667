"""
`python tools/fold.py [room …]` writes one migration in place of all that a room has (docs/decisions/0031).

What fills or changes rows is left out, for an empty database has none: see by eye that none of it makes rows that
every installation needs. The columns stand in the order in which the old migrations made them.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/mingqu"
PLAIN = {"CreateModel", "AddField", "AlterField", "RemoveField", "RenameField", "AddIndex", "RemoveIndex",
         "AddConstraint", "RemoveConstraint"}  # fmt: skip
FEWEST = 2


def main(rooms: list[str]) -> None:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    old: dict[str, list[str]] = {}
    for room, name in sorted(loader.disk_migrations):
        if (SOURCE / room / "migrations").is_dir() and not loader.disk_migrations[room, name].replaces:
            old.setdefault(room, []).append(name)
    folded = {room: f"0001_squashed_{names[-1][:4]}" for room, names in old.items() if len(names) >= FEWEST}
    for room in rooms or sorted(folded):
        write(loader, room, old[room], folded)


def write(loader, room: str, names: list[str], folded: dict[str, str]) -> None:
    from django.db.migrations import Migration
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    from mingqu.kernel.folding import CreateModels

    state, others = ProjectState(), []
    for name in names:
        for operation in loader.disk_migrations[room, name].operations:
            operation.state_forwards(room, state)
            if type(operation).__name__ not in PLAIN:
                others.append(operation)
    made = [_create(one) for one in state.models.values()]
    folder = SOURCE / room / "migrations"
    migration = Migration(folded[room], room)
    migration.initial = True
    migration.replaces = [(room, name) for name in names]
    migration.dependencies = _dependencies(loader, room, names, folded)
    migration.operations = [CreateModels(made)]
    text = MigrationWriter(migration, include_header=False).as_string()
    text, left = _with_partitions(text, others)
    (folder / f"{folded[room]}.py").write_text(text, "utf-8")
    print(room, len(names), "folded; left out, look at them:", left)


def _create(model):
    from django.db.migrations import CreateModel

    options = {
        name: value
        for name, value in model.options.items()
        if value or name not in {"indexes", "constraints"}
    }
    return CreateModel(model.name, list(model.fields.items()), options, model.bases, model.managers)


def _dependencies(loader, room: str, names: list[str], folded: dict[str, str]) -> list[tuple[str, str]]:
    latest: dict[str, str] = {}
    for name in names:
        for app, needed in loader.disk_migrations[room, name].dependencies:
            if app != room:
                latest[app] = max(latest.get(app, ""), folded.get(app) or needed)
    return sorted(latest.items())


def _with_partitions(text: str, others: list) -> tuple[str, list[str]]:
    """The migration with its tables by month, and what is left out of it."""
    partitions, left = "", []
    for one in others:
        code = getattr(one, "code", None)
        if not getattr(code, "__qualname__", "").startswith("partition_by_month."):
            left.append(_name(one))
            continue
        given = dict(
            zip(code.__code__.co_freevars, [cell.cell_contents for cell in code.__closure__], strict=True)
        )
        call = ", ".join(repr(given[name]) for name in ("app_label", "model_name", "column"))
        partitions += f"        mingqu.kernel.partitions.partition_by_month({call}),\n"
    if partitions:
        text = text.replace(
            "import mingqu.kernel.ids\n", "import mingqu.kernel.ids\nimport mingqu.kernel.partitions\n"
        )
        text = text.removesuffix("    ]\n") + partitions + "    ]\n"
    return text, left


def _name(operation) -> str:
    return (
        getattr(getattr(operation, "code", None), "__qualname__", "")
        or str(getattr(operation, "sql", operation))[:60]
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
    import django

    django.setup()
    main(sys.argv[1:])
