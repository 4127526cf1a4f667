"""The lists of organs in force, being changed and waiting for a second person; their duties."""

import json
from datetime import datetime
from typing import Any

from mingqu.cases.tests import factories as f
from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.models import ListEntry
from mingqu.catalogue.directory.services import duties
from mingqu.catalogue.directory.services.duties import NewDuty
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.config.demo import lists_in_force
from mingqu.identity import services as identity
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from tests.house.stage import RARE_NAME, Stage

HERE, CITY = "990104000000", "990100000000"  # whose lists the pages show


def made_lists(made: Stage, now: datetime) -> None:
    """Lists in force, one draft with a type that waits and a wrong row, one handed in; people of the whole region."""
    for who, role in {"list_editor": "catalogue_editor", "list_reviewer": "catalogue_reviewer"}.items():
        post = people.post()
        within = Within("990100000000", None)
        identity.grant_role(post_id=post, role=role, within=within, by=f.SYSTEM, at=people.NOON, key=new_id())
        made.users[who] = people.staff_user("叶知秋" if who == "list_editor" else "范定", post)
    for kind, region in (("base", HERE), ("service", HERE), ("negative", HERE), ("power", CITY)):
        lists_in_force.bring_in(kind, now, region)
    _second_edition(now)
    user = made.users["list_editor"]
    by = Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk)
    rows = [
        {"事项编码": "A", "事项名称": "演示许可", "事项类型": words, "实施机关": "演示局", "设定依据": basis}
        for words, basis in (("核准", "《行政许可法》第十二条"),)
    ]
    rows += [{"事项编码": "B", "事项名称": RARE_NAME}, rows[0] | {"事项编码": "C", "事项类型": "行政许可"}]
    made.ids["edition"] = _list_draft("power", HERE, rows, by, now).edition_id
    made.ids["list_entry"] = ListEntry.objects.get(edition=made.ids["edition"], code="C").pk
    city = json.loads((lists_in_force.LISTS / "power.json").read_bytes())
    sent = _list_draft("power", CITY, [city[0] | {"责任事项": "改过的责任事项。"}, *city[1:]], by, now)
    lists.submit_edition(edition_id=sent.edition_id, version=sent.version, by=by, at=now, key=new_id())
    made.ids["edition_submitted"] = sent.edition_id
    _duties(made, by, now)


def _duties(made: Stage, by: Actor, now: datetime) -> None:
    """责任事项: one that is late and was told of, one that runs and was done once."""
    for word, since in (("duty", 40), ("duty_done", 10)):
        began = now - since * f.DAY
        duty = NewDuty("QH-SCJG", "公布食品安全监督检查情况", "样例摊位管理条例", 2, legal_day(began), 3)
        made.ids[word] = duties.keep_duty(duty=duty, by=by, at=began, key=new_id()).duty_id
    head = made.users["department_head"]
    own = Actor("staff", head.person_id, post_id=head.holdings.get().post_id, user_id=head.pk)
    done = now - 10 * f.DAY
    duties.record_duty(duty_id=made.ids["duty_done"], text="已在网站公布。", by=own, at=done, key=new_id())
    duties.flag_overdue(now)
    relay.deliver_root(made.ids["duty"], now)


def _second_edition(now: datetime) -> None:
    """The negative list once more: one line changed, one new, one gone."""
    first, gone = json.loads((lists_in_force.LISTS / "negative.json").read_bytes())
    words = {"禁止或许可准入措施描述": "演示：改过的措施，要先办许可，再开业。"}
    rows = [first | words, gone | {"编号": "演示-9", "禁止或许可事项": "演示：未获得许可，不得经营热气球"}]
    of = Listed("negative", HERE, lists_in_force.TITLES["negative"], lists_in_force.SOURCE)
    read = lists.import_list(
        of=of, data=json.dumps(rows).encode(), name="清单.json", by=f.SYSTEM, at=now, key=new_id()
    )
    sent = lists.submit_edition(
        edition_id=read.edition_id, version=read.version, by=f.SYSTEM, at=now, key=new_id()
    )
    lists.publish_edition(edition_id=read.edition_id, version=sent.version, by=f.SYSTEM, at=now, key=new_id())


def _list_draft(kind: Any, region: str, rows: list[dict[str, str]], by: Actor, now: datetime) -> Any:
    data = json.dumps(rows).encode()
    of = Listed(kind, region, "权责清单")
    return lists.import_list(of=of, data=data, name="清单.json", by=by, at=now, key=new_id())
