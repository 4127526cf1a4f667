"""What the page for a day without a line must know beforehand: the delegated items and what they ask. Public facts."""

from datetime import date
from typing import Any

from mingqu.catalogue import selectors as catalogue
from mingqu.forms import services as forms
from mingqu.kernel.errors import DomainError
from mingqu.outreach.models import Point
from mingqu.outreach.selectors.points import offered_at

SITUATION, FIELD = "s:", "f:"
HERSELF = "applicant."  # an agent helps a person: what is known of her the platform fills in
YES_NO = [["yes", "是"], ["no", "否"]]
DECLARED = "confirm"  # she declares it herself, when all of it is read out to her


def items_for_device(point: Point, today: date) -> list[dict[str, Any]]:
    """
    Each item with its questions: those of the situation, then the form's. What the platform fills in by itself, what
    must be declared and whatever is more than one answer (a table) is left to the page with a line.
    """
    found = []
    for one in offered_at(point, today):
        try:
            _item, definition = catalogue.current_definition(one.item_code, one.handling)
        except DomainError:
            continue  # can't be applied for today
        schema = forms.read_schema(definition.form.schema, definition.form.pages)
        questions = [
            _question(SITUATION + q.ask, q.text, "choice", [list(o) for o in q.options.items()], many=q.many)
            for q in definition.situations
        ]
        for page in schema.pages:
            for path in page.paths:
                field = schema.fields[path]
                if field.kind == DECLARED or field.prefill.startswith(HERSELF):
                    continue
                options = YES_NO if field.kind == "yes_no" else [[c.value, c.label] for c in field.choices]
                many = field.kind == "choices"
                questions.append(
                    _question(FIELD + path, field.title, field.kind, options, many=many, hint=field.hint)
                )
        found.append({"key": one.key, "name": one.name, "questions": questions})
    return found


def _question(
    name: str, title: str, kind: str, options: list[Any], *, many: bool, hint: str = ""
) -> dict[str, Any]:
    return {"name": name, "title": title, "kind": kind, "options": options, "many": many, "hint": hint}
