"""A date of something that has happened is no day to come: what the demo's definitions ask for has a bound."""

from datetime import date, timedelta
from pathlib import Path

from mingqu.catalogue import rules
from mingqu.catalogue.files import read_document
from mingqu.config.demo import definitions as demo
from mingqu.forms import services as forms

FILES = sorted(Path(demo.__path__[0]).glob("*.yaml"))
TODAY = date(2026, 9, 18)
TO_COME = {"begins_on", "ends_on", "from_on", "until_on"}  # what may lie ahead: planned, not happened


def dates():
    """(file, form, field) of every date that a shipped definition asks for."""
    for path in FILES:
        for handling in rules.document_of(read_document(path.read_text())).handling:
            if handling.form is None:
                continue
            for name, field in handling.form.schema.get("properties", {}).items():
                if field.get("format") == "date" and name not in TO_COME:
                    yield path.name, handling.form, name


def test_a_date_of_a_past_fact_that_lies_ahead_is_refused_by_the_form_beside_its_field():
    when, seen = forms.Circumstances(TODAY, demo=True), 0
    for file, form, name in dates():
        schema = forms.read_schema(form.schema, form.pages)
        for day, refused in ((TODAY, False), (TODAY + timedelta(days=1), True)):
            wrong = {
                one.code for one in forms.check(schema, {name: day.isoformat()}, when) if one.path == name
            }
            assert wrong == ({"date_too_late"} if refused else set()), (file, name, day)
        seen += 1
    assert seen > 3
