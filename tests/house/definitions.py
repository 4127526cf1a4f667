"""Definitions, tables that were brought in, and their review."""

from datetime import datetime

from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.catalogue import services as catalogue
from mingqu.catalogue.batches.models import BatchChange, BatchChangeRow
from mingqu.catalogue.files import read_document
from mingqu.catalogue.imports import review_services
from mingqu.catalogue.imports import services as import_services
from mingqu.catalogue.imports.models import ImportedItem
from mingqu.catalogue.imports.review_services import Chosen, Order
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.counting import FILES as ITEM_FILES
from mingqu.catalogue.models import ServiceItem
from mingqu.certificates.tests import tables
from mingqu.config.demo import district
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import load_demo_district
from mingqu.law.services import record_change
from mingqu.law.types import Change
from tests.house.stage import RARE_NAME, Stage, post_of


def imports(made: Stage) -> None:
    """Two tables of existing certificates: one that waits to be confirmed, one brought in."""
    load_demo_district()
    user = made.users["data_steward"]
    by = f.Actor("staff", user.person_id, post_id=post_of(user), user_id=user.id, name="周敏")
    rows = [tables.licence_row(n) for n in range(1, 46)]
    rows[3]["证照编号"], rows[7]["有效期自"], rows[9]["持证人名称"] = "", "昨天", RARE_NAME
    made.ids["import_batch"] = tables.checked(by, *rows, headers=tables.LICENCE_HEADERS).pk
    brought = [tables.licence_row(n) for n in range(60, 63)]
    made.ids["imported_batch"] = tables.imported(by, *brought, headers=tables.LICENCE_HEADERS).pk


def definitions(made: Stage, w: f.World, now: datetime) -> None:
    """An item that only leads elsewhere; a draft with findings, and one that waits for its reviewer."""
    enquiry = read_document((district.DEFINITIONS / "progress-query.yaml").read_bytes())
    catalogue.publish_revision(document=enquiry, by=f.SYSTEM, at=now, key=new_id())
    enquiry["item"] |= {"summary": "凭办件编号和查询码查进度。", "aliases": ["查进度", "办到哪了", "查办件"]}
    enquiry["guide"]["windows"][0]["hours"] = "工作日 9:00–17:00，中午不休息"
    catalogue.publish_revision(document=enquiry, by=f.SYSTEM, at=now, key=new_id())
    editor = made.users["catalogue_editor"]
    by = f.Actor("staff", editor.person_id, post_id=post_of(editor), user_id=editor.id, name="周敏")
    licence = read_document(f.DEFINITION.read_bytes())
    licence["item"]["summary"] = "开饭店、小吃店、食堂，先办这个证。"
    licence["handling"][0]["clocks"]["promised"]["limit"] = 99
    licence["handling"][0]["discretion"] = variants.with_discretion()["handling"][0]["discretion"]
    saved = catalogue.save_draft(document=licence, by=by, at=now, key=new_id())
    made.ids["definition_draft"] = saved.draft_id
    step = f"handling[{licence['handling'][0]['code']}].process#{licence['handling'][0]['steps'][0]['id']}"
    catalogue.say_comment(
        draft_id=saved.draft_id, path=step, text="这一步和上一步能不能合并？", by=by, at=now, key=new_id()
    )
    enquiry["item"] |= {
        "code": "QH-NEW",
        "name": "窗口排队情况查询",
        "organ": "QH-SCJG",
        "responsible_post": "SCJG-SPXK-01",
    }
    sent = catalogue.save_draft(document=enquiry, by=by, at=now, key=new_id())
    catalogue.submit_draft(draft_id=sent.draft_id, version=sent.version, by=by, at=now, key=new_id())
    made.ids["definition_submitted"] = sent.draft_id
    change = BatchChange.objects.create(
        field="consult",
        after="0000-12345",
        maker_id=by.id,
        total=1,
        begun_at=now,
        queued_at=now,
        state="made",
    )
    item = ServiceItem.objects.get(code=licence["item"]["code"])
    BatchChangeRow.objects.create(change=change, item=item, state="refused", said="已有一份草稿在编")
    made.ids["batch_change"] = change.pk


def awaited_change(now: datetime) -> None:
    """A law officer recorded a repeal; another one has not spoken yet."""
    change = Change("repealed", legal_day(now), "由新的规定代替，原来的收费项目不再收取。", "样例令第7号")
    by = people.staff_actor("law_officer", name="乙法制")
    record_change(slug="yang-li-shou-fei-gui-ding", change=change, by=by, at=now, key=new_id())


def reviews(made: Stage, now: datetime) -> None:
    """Rows of an import in every state, a deed with a row it could not do, and one that is at work."""
    user = made.users["catalogue_reviewer"]
    by = f.Actor("staff", user.person_id, post_id=post_of(user), user_id=user.id, name="范定")
    author = made.users["catalogue_editor"].person_id
    batch, more = reviewing.batch(author), reviewing.batch(author, name="第二份清单.xlsx")
    made.ids["review_batch"] = batch.pk
    reviewing.row(
        batch, 1, name="城镇污水排入排水管网许可证核发（含临时排水、跨区排水以及延续、变更）" + RARE_NAME
    )
    reviewing.row(batch, 2, code="QH-SPJYXK", applicable=True, kind_confirmed=False, item_type="")
    for line, state in enumerate(("proposed", "accepted", "returned", "failed", "refused"), start=3):
        reviewing.row(
            batch, line, state=state, remark="来源没有写明实施机关。" if state == "returned" else ""
        )
    rows = tuple(ImportedItem.objects.filter(batch=batch, line__gt=3).values_list("pk", "version"))
    given = {"order": Order("accept"), "by": by, "at": now}
    deed = review_services.begin(batch_id=batch.pk, chosen=Chosen(rows=rows), key=new_id(), **given)
    reviewing.finish(deed.deed_id)
    row = reviewing.row(more, 1)
    running = review_services.begin(
        batch_id=more.pk, chosen=Chosen(rows=((row.pk, row.version),)), key=new_id(), **given
    )
    made.ids["review_deed"], made.ids["review_running"] = deed.deed_id, running.deed_id
    waiting = reviewing.batch(author, name="下个月起实施的事项.csv")
    rows = tuple(
        (row.pk, row.version) for row in (reviewing.row(waiting, n, state="accepted") for n in (1, 2))
    )
    later = Order("publish", on=legal_day(now + 30 * f.DAY))
    planned = review_services.begin(
        batch_id=waiting.pk, chosen=Chosen(rows=rows), key=new_id(), **given | {"order": later}
    )
    made.ids["review_planned"], made.ids["review_waiting"] = planned.deed_id, waiting.pk


def item_imports(made: Stage, now: datetime) -> None:
    """Items of another catalogue: read, being read, and a file that is none."""
    file = ITEM_FILES / "own_items.csv"
    for name, data in (
        ("batch", file.read_bytes()),
        ("failed", b"{"),
        ("reading", file.read_bytes() + b"\n"),
    ):
        asked = import_services.Asked(file.name, data, "own_items", people.REGION)
        by = f.Actor.system("demo")
        taken = import_services.import_items(asked=asked, by=by, at=now, key=new_id(), here=True)
        if name != "reading":
            import_services.read_batch(taken.batch_id, now)
        made.ids[f"items_{name}"] = taken.batch_id
