"""Lists, laws, imports and search as seen by who has no business with them; and what their texts could do to a page."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.catalogue.directory.models import ListEdition, ListEntry
from mingqu.catalogue.imports.tests import reviewing
from mingqu.identity.tests import factories as people
from mingqu.kernel import regions, tables
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SECRET = "绝无仅有的条目"
EVIL = "\"><script>alert(1)</script>'=cmd|x#{{7*7}}"
REGION = "990104000000"


def edition(state: str, name: str, number: int = 0) -> ListEdition:
    made = ListEdition.objects.create(
        kind="power", region_code=REGION, title=name, author_id=people.SYSTEM.id, state=state, number=number,
        created_at=people.NOON, updated_at=people.NOON, published_on=date(2026, 1, 1) if number else None,
    )  # fmt: skip
    ListEntry.objects.create(
        edition=made, code=name[:60], name=name, organ_name=name, item_type="01", basis_words=name, duties=name,
        accountability=name, words=name, basis=[{"law": name, "article": 1, "suffix": 0}],
    )  # fmt: skip
    return made


def stranger(who: str) -> Client:
    client = Client()
    if who == "citizen":
        return people.signed_in(client, people.citizen("王生人")[0])
    if who != "nobody":
        place = people.department("别区局", region="990105000000")
        people.signed_in(client, people.staff_user("周敏", people.post(place, who)))
    return client


@pytest.mark.parametrize(
    "who", ["nobody", "citizen", "window_clerk", "catalogue_editor", "catalogue_reviewer", "system_officer"]
)
def test_a_draft_of_a_list_and_an_import_are_neither_read_nor_changed_from_elsewhere(who):
    regions.load_demo_district()
    draft = edition("submitted", SECRET)
    batch = reviewing.batch(people.SYSTEM.id)
    row = reviewing.row(batch, 1, name=SECRET)
    entry = ListEntry.objects.get(edition=draft)
    client = stranger(who)
    routes = [
        *(
            reverse(f"catalogue:{name}", args=[draft.pk])
            for name in ("edition", "edition_file", "edition_act", "new_entry")
        ),
        reverse("catalogue:entry", args=[draft.pk, entry.pk]),
        *(
            reverse(f"catalogue:{name}", args=[batch.pk])
            for name in ("import_batch", "import_table", "import_cancel")
        ),
        *(
            reverse(f"catalogue:{name}", args=[batch.pk])
            for name in ("review_batch", "review_act", "review_table")
        ),
        reverse("catalogue:review_row", args=[batch.pk, 1]),
        f"/lists/power/{REGION}/",
        f"/lists/power/{REGION}/0/",
    ]
    given = {"key": str(new_id()), "deed": "publish", "version": "1", "scope": "ticked", "row": f"{row.pk}:1"}

    for route in routes:
        for method in ("get", "post"):
            answer = getattr(client, method)(route, given)
            assert SECRET not in answer.content.decode(errors="ignore"), (route, method)
            assert answer.headers["Content-Type"] != tables.XLSX, (route, method)
    draft.refresh_from_db()
    row.refresh_from_db()
    assert (draft.state, row.state) == ("submitted", "proposed")


def test_words_of_a_list_are_words_on_every_public_page():
    regions.load_demo_district()
    edition("published", EVIL, 1)
    client = Client()

    base = f"/lists/power/{REGION}/"
    for page in (base, f"{base}1/changes/", "/lists/", f"{base}?q={EVIL[:20]}&organ={EVIL}"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content, page
    answer = client.get(f"{base}1/entry/", {"code": EVIL[:60]})
    assert answer.status_code == 200 and b"<script>alert" not in answer.content
    assert "no-store" in client.get(f"{base}1/file.xlsx").headers["Cache-Control"]
