"""What a window changed, and what it took in on paper: for the pages and the addresses of others."""

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from mingqu.cases import services as cases
from mingqu.cases.models import Case, Discretion, FilingChange, PaperSlip
from mingqu.cases.services import outages
from mingqu.cases.services.amending import NAME
from mingqu.cases.services.discretion import Choice, Setting
from mingqu.cases.tests import at_window, variants
from mingqu.cases.tests import factories as f
from mingqu.catalogue import services as catalogue
from mingqu.hall import services as hall_services
from mingqu.hall.shift_types import ShiftTo
from mingqu.hall.types import NewPaper
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor
from mingqu.workbench.selectors.hand_over import hand_over


def at_the_desk(made: Any, w: f.World, now: datetime) -> None:
    """A voiding and a name that wait for a second person, one field mended; an outage with slips in each state."""
    made.users["own_clerk"] = User.objects.get(pk=w.clerk.user_id)
    second = f.post_of("QH-CK-02", "二号窗口", w.bureau, "window_clerk")
    made.users["second_clerk"] = User.objects.get(pk=second.user_id)
    who = {"by": w.clerk, "at": now}
    for word in ("to_void", "to_mend", "by_window"):
        person = at_window.walk_in(w, at=now)
        filed = at_window.file_it(w, person, at_window.window_draft(w, person, at=now), at=now)
        case = Case.objects.get(pk=filed.case_id)
        made.numbers[word], made.cases[word] = case.number, case.pk
    cases.ask_void(case_id=made.cases["to_void"], reason="收错了事项。", key=uuid4(), **who)
    given = {"case_id": made.cases["to_mend"], "reason": "按证件原件核对。"}
    cases.mend_entry(changes={"area_m2": 91}, key=uuid4(), **given, **who)
    cases.mend_entry(changes={NAME: "何小满", "shop_name": "清禾小饭馆"}, key=uuid4(), **given, **who)
    rows = FilingChange.objects.filter(case_id=made.cases["to_mend"])
    made.ids["change"] = FilingChange.objects.get(case_id=made.cases["to_void"]).id
    made.ids["change_mend"], made.ids["change_done"] = rows.get(state="waiting").id, rows.get(state="done").id
    _on_paper(made, w, second, now)
    _shift(made, w, now)


def _on_paper(made: Any, w: f.World, second: Actor, now: datetime) -> None:
    manager = f.post_of("QH-DTGL", "大厅管理", w.bureau, "hall_manager")
    made.users["own_manager"] = User.objects.get(pk=manager.user_id)
    came = now - timedelta(hours=20)
    pack = outages.make_pack(count=4, by=w.clerk, at=now, key=uuid4())
    made.words["pack"] = pack
    made.ids["outage"] = outages.declare_outage(
        began_at=came - timedelta(hours=1), ended_at=None, reason="大厅停电", by=manager, at=now, key=uuid4()
    )
    refs = []
    for serial, name in enumerate(("禾小满", "王大力", "李又一"), start=1):
        slip = outages.NewSlip(f"{pack}-{serial:03d}", came, "QH-SPJYXK", name)
        refs.append(
            outages.enter_slip(outage_id=made.ids["outage"], slip=slip, by=w.clerk, at=now, key=uuid4())
        )
    pack_id = PaperSlip.objects.get(id=refs[0].id).pack_id
    for ref, agrees in zip(refs[:2], (True, False), strict=True):
        said = {"agrees": agrees, "text": "" if agrees else "单子上写的是13日。"}
        outages.confirm_slip(pack_id=pack_id, slip_id=ref.id, **said, by=second, at=now, key=uuid4())
    made.ids["slip"] = refs[2].id


LIMITED = "QH-LSJY"  # an item with a 裁量基准
WHY = "只经营到第四年年底，申请人要求到那时为止"


def with_discretion() -> dict[str, Any]:
    """The food licence under another code, the decision as its result: what is set stands in the decision."""
    whole = deepcopy(variants.with_two_tables(post="SCJG-SPXK-SH"))
    whole["handling"][0]["discretion"]["sets"] = ""
    whole["item"] |= {"code": LIMITED, "name": "临时经营许可", "base_code": "", "aliases": []}
    fields = [{"code": "operator", "label": "经营者", "value": "form.shop_name"}]
    whole["handling"][0]["result"] = {
        "type": "approval_document",
        "name": "临时经营许可决定书",
        "fields": fields,
    }
    return whole


def outside_the_range(made: Any, w: f.World, now: datetime) -> None:
    """裁量: one case is to be decided, one waits for the second person, one was decided outside, one within."""
    catalogue.publish_revision(document=with_discretion(), by=f.SYSTEM, at=now, key=uuid4())
    made.users["own_checker"] = User.objects.get(pk=w.checker.user_id)
    deposits = {
        "set_outside": Setting(2000, WHY),
        "agreed_outside": Setting(800),
        "set_within": Setting(Decimal("800.50")),
    }
    for word, value in (("to_set", None), ("set_outside", 4), ("agreed_outside", 5), ("set_within", 2)):
        case = f.reviewed_case(w, at=now, code=LIMITED)
        made.numbers[word], made.cases[word] = case.number, case.pk
        if value is None:
            continue
        why = "" if word == "set_within" else WHY
        choice = Choice("granted", "", value, why, more=(deposits[word],))
        cases.decide_with(case_id=case.pk, choice=choice, by=w.leader, at=now, key=uuid4())
        if word == "agreed_outside":
            row = Discretion.objects.get(case_id=case.pk, state="waiting")
            given = {"discretion_id": row.id, "agrees": True, "text": ""}
            cases.answer_discretion(case_id=case.pk, **given, by=w.checker, at=now, key=uuid4())


def _shift(made: Any, w: f.World, now: datetime) -> None:
    """What the first window has in hand, made out to a colleague and not taken yet."""
    hall_services.keep_papers(
        case_id=made.cases["by_window"],
        papers=[NewPaper("营业执照", "original", 1)],
        by=w.clerk,
        at=now,
        key=uuid4(),
    )
    taker = made.users["next_clerk"] = people.staff_user("丁接班", w.clerk.post_id)
    to = ShiftTo(taker.person_id, w.clerk.post_id, "申请人下午来补平面图。")
    lines = hand_over(w.clerk, now).lines
    made.numbers["shift"] = hall_services.give_shift(lines=lines, to=to, by=w.clerk, at=now, key=uuid4())
