"""
Many migrations of a room folded into one: all its tables are made in one operation (docs/decisions/0031).

Django renders every related model again for each model it creates, which is most of the time a first
installation takes. Tables made together need each of their models once. `tools/fold.py` writes such migrations.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState, StateApps


class CreateModels(Operation):
    """
    Several CreateModel as one; foreign keys among them point either way, because Django makes them last.

    Options of a model hold its indexes and constraints, and the fields stand in the order of the columns.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)  # a state without models of Python renders none
        for one in self.operations:
            one.state_forwards(app_label, state)
        if rendered is not None:
            _render(rendered, state, [(app_label, one.name_lower) for one in self.operations])

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in reversed(self.operations):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.operations)} models"


def _render(apps: StateApps, state: ProjectState, new: list[tuple[str, str]]) -> None:
    """
    The new models beside those that stand already, which take them in as what points at them.

    Classes are shared with the state from before, which nobody asks again: they belong to this registry from now on,
    so that a later change of one finds everything that hangs on it.
    """
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        model._meta.apps = apps
    apps.render_multiple([state.models[key] for key in new])
    state.__dict__["apps"] = apps
