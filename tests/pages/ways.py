"""How one gets to a state: what was done before in the same browser, and which address it has."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import selectors as case_selectors
from mingqu.cases.archiving import working as archiving
from mingqu.cases.models import Announcement, ArchiveWork, Bundle, Case
from mingqu.documents.models import DocumentRequest
from mingqu.evaluation import services as rated
from mingqu.evaluation.models import FollowUp, Review
from mingqu.evaluation.selectors import days_on as rating_days
from mingqu.identity import services
from mingqu.identity.models import AppGrant, OutsideLink
from mingqu.identity.scim.services import enter_register
from mingqu.identity.services import recovery, scanning, second_factor
from mingqu.identity.tests import factories as people
from mingqu.identity.tests import households
from mingqu.identity.tests.applications import Application, registrar
from mingqu.identity.types import SeenDocument
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.notifications.services.service import awaits_service
from mingqu.notifications.types import Unserved
from mingqu.upkeep.models import PlannedStop
from mingqu.workbench.tests import test_the_window as window
from mingqu.workbench.views.window.shared import HERE as STANDING
from tests.pages.made import (
    BUNDLE,
    BUNDLE_SITUATION,
    SERVICE,
    SITUATION,
    Args,
    State,
    Way,
    no_args,
)
from tests.stage import PHONE, TOTP, Stage

HERSELF = ""  # in whose name


def acting_for(whom: str, url_name: str = "") -> Way:
    """
    Somebody who represents a firm and acts for her mother, in her own name or as a `relative`; or the mother's answer
    to the next offer is still `asked`. Leads to the page of an authority or of a firm where one is named.
    """

    def way(client: Client, stage: Stage) -> str | None:
        made = households.made(
            timezone.now(), long_name="买买提江·艾合买提·阿依努尔" if whom == "asked" else ""
        )
        client.logout()
        people.signed_in(client, made.mother if whom == "asked" else made.daughter)
        if whom == "relative":
            client.post(reverse("portal:switch"), {"capacity": str(made.relative)})
        if url_name == "portal:handler":
            return reverse(url_name, args=[made.firm])
        if url_name == "portal:capacity":
            return reverse(url_name, args=[made.offered if whom == "asked" else made.relative])
        return None

    return way


def a_register(url_name: str) -> Way:
    """A staff register that keeps accounts in step; leads to its list or to its end."""

    def way(client: Client, stage: Stage) -> str:
        found = enter_register(
            name="清禾区机关事业单位人事管理系统",
            operator="清禾区人力资源和社会保障局",
            by=registrar(),
            at=timezone.now(),
            key=new_id(),
        )
        return reverse(url_name, args=[found] if url_name == "identity:end_register" else [])

    return way


def app_that(has: str, url_name: str = "") -> Way:
    """An application that asks to know who somebody is, was let in, or is only there; leads to its page."""

    def way(client: Client, stage: Stage) -> str:
        app = Application()
        if url_name:
            return reverse(url_name, args=[app.id])
        if has == "is there":
            return reverse("identity:outside_apps")
        asked = app.asks(
            scope="openid profile phone offline_access", prompt="login" if has == "asks anew" else ""
        )
        if has.startswith("asks"):
            return f"{reverse('identity:openid_authorize')}?{urlencode(asked)}"
        app.code(client, "profile", "phone")
        grant = AppGrant.objects.get(app_id=app.id)
        return (
            reverse("identity:apps") if has == "was let in" else reverse("identity:shut_out", args=[grant.pk])
        )

    return way


def scanned(client: Client, stage: Stage) -> str:
    """The telephone that scanned the picture of a computer."""
    asked = scanning.ask(browser="Chrome · Windows", address="203.0.113.7", at=timezone.now())
    return reverse("identity:scan_answer", args=[asked.id, asked.scan])


def recovery_asked(url_name: str = "") -> Way:
    """A clerk asked for another number for who lost hers; leads to the page of the request where one is named."""

    def way(client: Client, stage: Stage) -> str:
        number, phone, now = people.citizen_number(), people.phone(), timezone.now()
        clerk = people.staff_actor("window_clerk", name="郑窗口")
        seen = SeenDocument("citizen_number", number, "买买提江·艾合买提·阿依努尔", phone)
        services.receive_person(document=seen, by=clerk, at=now, key=new_id())
        user = services.open_account(phone=phone, at=now)
        actor = Actor("citizen", user.person_id, user_id=user.pk)
        whose = {"name": seen.name, "citizen_number": number}
        services.bind_account(user_id=user.pk, **whose, by=actor, at=now, key=new_id())
        wanted = SeenDocument("citizen_number", number, seen.name, people.phone())
        asked = recovery.ask(document=wanted, reason="号码停用，身份证原件", by=clerk, at=now, key=new_id())
        return reverse(url_name, args=[asked]) if url_name else reverse("identity:recoveries")

    return way


def found_outside(client: Client, stage: Stage) -> None:
    """She came back from an outside service that nobody linked to an account here yet."""
    session = client.session
    found = {"issuer": "https://id.example.cn", "name": "省统一身份认证", "subject": "u-1", "level": 2}
    session["outside_found"] = found | {"at": timezone.now().timestamp(), "next": ""}
    session.save()


def linked_outside(client: Client, stage: Stage) -> str:
    found_outside(client, stage)
    client.post(reverse("identity:outside_link"), {"answer": "link"})
    return reverse("identity:outside_unlink", args=[OutsideLink.objects.latest("linked_at").pk])


def number(case: str) -> Args:
    return lambda stage: (stage.numbers[case],)


def idof(name: str) -> Args:
    return lambda stage: (stage.ids[name],)


def user(name: str) -> Args:
    return lambda stage: (stage.users[name].pk,)


def word(name: str) -> Args:
    return lambda stage: (stage.words[name],)


def both(*makers: Args) -> Args:
    return lambda stage: tuple(part for make in makers for part in make(stage))


def exactly(*args: Any) -> Args:
    return lambda stage: args


def posted(url_name: str, args: Args = no_args, **fields: str) -> Way:
    def way(client: Client, stage: Stage) -> None:
        client.post(reverse(url_name, args=args(stage)), fields)

    return way


def files_opened(to_auditor: bool) -> Way:
    """The reviewer and the applicant have opened a material of the case; the auditor then looks the case up."""

    def way(client: Client, stage: Stage) -> str | None:
        args = [stage.numbers["accepted"], stage.ids["case_file"]]
        stage.client("reviewer").get(reverse("workbench:file", args=args))
        stage.client("citizen").get(reverse("cases:file", args=args))
        return f"{reverse('workbench:audit_reads')}?q={args[0]}" if to_auditor else None

    return way


def program_made(client: Client, stage: Stage) -> str:
    """A program of a department, with a key and a template; its page."""
    fields = {"name": f"不动产登记系统{uuid4()}", "department": "QH-ZWZX", "key": str(uuid4())}
    made = client.post(reverse("notifications:programs"), fields).url
    service = made.rstrip("/").rpartition("/")[2]
    client.post(reverse("notifications:make_key", args=[service]), {"name": "window", "key": str(uuid4())})
    template = {"kind": "sms", "name": "办好通知", "body": "您的登记((number))已办好。", "key": str(uuid4())}
    client.post(reverse("notifications:write_template", args=[service]), template)
    return str(made)


def notice_to_serve(client: Client, stage: Stage) -> str:
    """A notice that is made and not served yet; the page on which a clerk says how it was."""
    rows = DocumentRequest.objects.filter(kind="correction_notice", root_id=stage.cases["correction"])
    rows.update(state="ready", file_id=new_id(), ended_at=timezone.now())
    return reverse("workbench:serve_notice", args=[stage.numbers["correction"], rows[0].id])


def notice_to_announce(client: Client, stage: Stage) -> str:
    """The page on which a clerk announces it (公告送达)."""
    return notice_to_serve(client, stage).replace("/served/", "/announcement/")


def notice_announced(client: Client, stage: Stage) -> str:
    """The same once it is announced."""
    page = notice_to_announce(client, stage)
    fields = {
        "tried": "邮寄退回，上门两次没有人。",
        "place": "政务服务中心公告栏",
        "text": "请到3号窗口领取。",
    }
    client.post(page, {**fields, "key": str(uuid4())})
    return page


def announced_to_all(client: Client, stage: Stage) -> None:
    """A notice that everybody reads."""
    case = Case.objects.get(pk=stage.cases["accepted"])
    Announcement.objects.update_or_create(
        root_id=case.pk,
        paper_id=case.pk,
        defaults={
            "paper": "acceptance_notice",
            "document_number": "清市监受〔2026〕1号",
            "case_number": case.number,
            "item_name": case.item_name,
            "item_type": case.item_type,
            "department_id": case.department_id,
            "region_code": case.region_code,
            "addressee": "禾**",
            "text": "请到3号窗口领取。",
            "place": "政务服务中心公告栏",
            "tried": "邮寄退回。",
            "posted_on": legal_day(timezone.now()),
            "deemed_on": legal_day(timezone.now() + timedelta(days=30)),
            "at": timezone.now(),
        },
    )


def papers_lying(client: Client, stage: Stage) -> None:
    """A correction whose day has passed and an acceptance, both of walk-ins, that nobody is served with yet."""
    now = timezone.now()
    for kind, name, late in (
        ("correction_notice", "correction", True),
        ("acceptance_notice", "accepted", False),
    ):
        case = Case.objects.get(pk=stage.cases[name])
        paper = DocumentRequest.objects.filter(root_id=case.pk, kind=kind).latest("requested_at")
        awaits_service(
            Unserved(
                root_id=case.pk,
                paper_id=paper.id,
                paper=kind,
                document_number=paper.number,
                owner="case",
                number=case.number,
                subject=f"{case.item_name}（{case.handling_item}）",
                department_id=case.department_id,
                region_code=case.region_code,
                item_type=case.item_type,
                since=now - timedelta(days=20 if late else 0),
                limit_on=legal_day(now) - timedelta(days=13) if late else None,
            )
        )


def merged_notice_to_serve(client: Client, stage: Stage) -> str:
    """The merged notice of a bundle, made and not served."""
    number = stage.numbers["bundle_running"]
    bundle = Bundle.objects.get(number=number)
    rows = DocumentRequest.objects.filter(root_id=bundle.pk, kind="bundle_acceptance")
    rows.update(state="ready", file_id=new_id(), ended_at=timezone.now())
    return reverse("workbench:serve_bundle", args=[number, rows[0].id])


def merged_notice_to_announce(client: Client, stage: Stage) -> str:
    """The page on which a clerk announces it (公告送达)."""
    return merged_notice_to_serve(client, stage).replace("/served/", "/announcement/")


def email_asked(client: Client, stage: Stage) -> None:
    """A code went to an address of the citizen's."""
    fields = {"email": "li@example.cn", "key": str(uuid4())}
    client.post(reverse("notifications:email"), fields)


def on_kiosk(client: Client, stage: Stage) -> None:
    client.post(reverse("portal:kiosk"))


def phone_given(client: Client, stage: Stage) -> None:
    client.post(reverse("identity:sign_in"), {"phone": PHONE})


def another_phone_given(client: Client, stage: Stage) -> None:
    """A telephone gets one code a minute."""
    client.post(reverse("identity:sign_in"), {"phone": "19900009997"})


def new_phone_given(client: Client, stage: Stage) -> None:
    client.post(reverse("identity:phone"), {"phone": "19900009998"})


def package_made(client: Client, stage: Stage) -> None:
    """归档包 made and checked: it may be handed over."""
    page = reverse("workbench:archive_package", args=[stage.numbers["archived"]])
    for given in (
        {"make": "1", "make-key": uuid4(), "make-retention": "y30"},
        {"check": "1", "check-key": uuid4()},
    ):
        client.post(page, given)
        row = ArchiveWork.objects.get(case__number=stage.numbers["archived"])
        archiving.work(row.case_id, row.id, timezone.now())


def package_asked(client: Client, stage: Stage) -> None:
    """归档包 being made."""
    page = reverse("workbench:archive_package", args=[stage.numbers["archived"]])
    client.post(page, {"make": "1", "make-key": uuid4(), "make-retention": "y30"})


def screen_locked(client: Client, stage: Stage) -> None:
    client.post(reverse("identity:lock_screen"))


def password_given(client: Client, stage: Stage) -> None:
    fields = {"username": stage.users["known"].username, "password": people.PASSWORD}
    client.post(reverse("identity:staff_sign_in"), fields)


def just_enrolled(client: Client, stage: Stage) -> None:
    """With both factors shown, so that the recovery codes are there to be seen once."""
    password_given(client, stage)
    client.post(reverse("identity:second_factor"), {"code": second_factor.code_at(TOTP, timezone.now())})


def firms_wallet(client: Client, stage: Stage) -> str:
    """What the firm of the bundle that is decided holds."""
    bundle = Bundle.objects.get(number=stage.numbers["bundle_decided"])
    return f"{reverse('certificates:wallet')}?whose={bundle.party_id}"


def query_code_given(client: Client, stage: Stage) -> None:
    fields = {"number": stage.numbers["accepted"], "code": stage.words["query_code"]}
    client.post(reverse("cases:query"), fields)


def bundle_code_given(client: Client, stage: Stage) -> None:
    fields = {"number": stage.numbers["bundle_running"], "code": stage.words["bundle_code"]}
    client.post(reverse("cases:query"), fields)


def bundle_at_window(part: str) -> Way:
    """The page of a bundle's draft that the clerk fills in."""

    def way(client: Client, stage: Stage) -> str:
        window.receive(client)
        answers = parse_qs(BUNDLE_SITUATION)
        begun = client.post(reverse("workbench:window_bundle_start", args=[BUNDLE]), answers)
        return str(begun["Location"]).removesuffix("page/1/") + part

    return way


def asked_in_vain(client: Client, stage: Stage) -> None:
    """Somebody searched for what nobody offers."""
    Client().get(reverse("portal:search"), {"q": "火星移民"})


def begun_unknown(client: Client, stage: Stage) -> str:
    """A draft begun without signing in; leads to its own address."""
    answer = client.post(f"{reverse('cases:begin', args=[SERVICE])}?{SITUATION}", _situation())
    return str(answer["Location"])


def bundle_begun_unknown(part: str = "") -> Way:
    """A page of the draft of a bundle begun without signing in."""

    def way(client: Client, stage: Stage) -> str:
        begun = client.post(reverse("bundles:begin", args=[BUNDLE]), parse_qs(BUNDLE_SITUATION))
        return str(begun["Location"]) + part

    return way


def at_window(client: Client, stage: Stage) -> None:
    """Somebody stands at the window, her document checked."""
    window.receive(client)


def stands_elsewhere(client: Client, stage: Stage) -> None:
    """The applicant of what the neighbour received stands at its window."""
    post, session = stage.users["neighbour"].holdings.get().post_id, client.session
    here = {"person": str(stage.ids["across_person"]), "post": str(post), "at": timezone.now().isoformat()}
    session[STANDING] = here
    session.save()


def with_a_draft(client: Client, stage: Stage) -> str:
    window.receive(client)
    window.begin(client)
    return reverse("workbench:window_person")


def at_window_with(part: str, *, until: str = "begin") -> Way:
    """The page of a draft that the clerk fills in; `until`: how far it is (begin, fill, originals, file)."""

    def way(client: Client, stage: Stage) -> str:
        window.receive(client)
        draft_id = window.begin(client)
        if until != "begin":
            window.fill(client, draft_id)
        if until in {"originals", "file"}:
            window.originals(client, draft_id)
        if until == "file":
            return str(window.hand_in(client, draft_id)["Location"])
        return f"/desk/window/draft/{draft_id}/{part}"

    return way


def phone_asked(client: Client, stage: Stage) -> str:
    """A clerk shows a code for a material; whose phone sends is another browser, signed in nowhere."""
    page = at_window_with("phone/floor-plan/")(desk := stage.client("window_clerk"), stage)
    slot = desk.get(page).context["slot"]
    return reverse("cases:phone_send", args=[slot.token])


def brought_to_window(client: Client, stage: Stage) -> str:
    """Her case waits for a correction that she brings."""
    window.receive(client)
    draft_id = window.begin(client)
    window.fill(client, draft_id)
    window.originals(client, draft_id)
    number = str(window.hand_in(client, draft_id)["Location"]).split("/")[-2]
    page = client.get(f"/desk/cases/{number}/correction/")
    fields = {"pick-floor-plan": "on", "what-floor-plan": "看不清尺寸", "stage": "do", "key": str(uuid4())}
    assert page.status_code == 200 and client.post(page.request["PATH_INFO"], fields).status_code == 302
    return f"/desk/window/cases/{number}/bring/"


def _situation() -> dict[str, str]:
    return dict(pair.split("=") for pair in SITUATION.split("&"))


def forbidden(who: str) -> State:
    return State("forbidden", who, status=403)


def missing(args: Args, who: str = "") -> State:
    return State("closed", who, args=args, status=404)


TABS = ("mine", "received", "team", "closing", "all", "late", "returned", "special", "owed", "promises")
NO_NUMBER = exactly("99010420200101000099")
NOBODY = "01900000-0000-7000-8000-000000000000"
NO_ID = exactly(NOBODY)
HERE, CITY = "990104000000", "990100000000"


def notices_written(client: Client, stage: Stage) -> str | None:
    """An announcement and a stop of a year that is far off: above no other page."""
    when = {f"{side}_{part}": value for side, day in (("begin", "9"), ("until", "10"))
            for part, value in (("year", "2036"), ("month", "1"), ("day", day), ("time", "22:00"))}  # fmt: skip
    told = {
        "text": "春节期间大厅初七起开门",
        "text_en": "The hall opens again on the seventh day of the new year.",
    }
    client.post(reverse("upkeep:announce"), when | told | {"key": str(uuid4())})
    client.post(reverse("upkeep:plan"), when | {"scope": "all", "reason": "更换服务器", "key": str(uuid4())})
    return None


def stop_planned(client: Client, stage: Stage) -> str:
    notices_written(client, stage)
    newest = PlannedStop.objects.order_by("-written_at")[0]
    return reverse("upkeep:prolong", args=[newest.pk])


def rating_opened(client: Client, stage: Stage) -> None:
    """The pair was given; on a telephone, by the square code."""
    fields = {"number": stage.numbers["accepted"], "code": stage.words["query_code"]}
    client.post(reverse("evaluation:rate_by_code") + "?by=qr", fields)


def screen_token(stage: Stage) -> tuple[Any, ...]:
    """What a clerk opened for the applicant a moment ago."""
    case_id = case_selectors.case_id_of(stage.numbers["accepted"])
    until = (timezone.now() + timedelta(minutes=10)).timestamp()
    said = {"case": str(case_id), "press": str(case_id), "until": until}
    return (signing.Signer(salt="evaluation.screen").sign_object(said),)


def bad_rating(stage: Stage) -> tuple[Any, ...]:
    return (FollowUp.objects.get().number,)


def limits_set(client: Client, stage: Stage) -> None:
    """Other days from tomorrow on."""
    officer = people.staff_actor("efficiency_supervisor", name="何评")
    days = rating_days(legal_day(timezone.now())) | {"rectifying": 10}
    given = {"from_on": legal_day(timezone.now()) + timedelta(days=1), "reason": "市里统一规定10个工作日"}
    rated.set_limits(days=days, **given, by=officer, at=timezone.now(), key=uuid4())


def review_asked(client: Client, stage: Stage) -> None:
    """The rated organ asked for a review, and who rated says that she pressed the wrong level."""
    row, now = FollowUp.objects.get(), timezone.now()
    head = people.staff_actor("department_head", department_id=row.department_id, name="冯局")
    case = Case.objects.get(pk=row.case_id)
    rater = Actor("citizen", case.applicant_id, name=case.applicant_name)
    said = {"text": "当天系统故障，不是窗口的原因。", "evidence": "运行日志，存在信息中心，可以调取。"}
    if not Review.objects.filter(root_id=row.pk).exists():
        rated.ask_review(follow_id=row.pk, ground="mistaken", by=head, at=now, key=uuid4(), **said)
        rated.say_mistaken(case_id=case.pk, contact=row.contact, by=rater, at=now, key=uuid4())


def _refuse_reviews(row: FollowUp, now: Any) -> None:
    third = people.staff_actor("efficiency_supervisor", department_id=row.department_id, name="郑评")
    said = {"follow_id": row.pk, "accept": False, "text": "没有证据。", "by": third, "at": now}
    for one in Review.objects.filter(root_id=row.pk, answer="waiting"):
        rated.answer_review(side=one.side, key=uuid4(), **said)


def followed_to(step: str) -> Way:
    """
    A colleague of the evaluation office, and the organ, have done what comes before this step. In a browser what
    earlier states did stays: only what is still to do is done.
    """

    def way(client: Client, stage: Stage) -> None:
        row, now = FollowUp.objects.get(), timezone.now()
        office = people.staff_actor("efficiency_supervisor", department_id=row.department_id, name="何评")
        head = people.staff_actor("department_head", department_id=row.department_id, name="冯局")
        said = {"follow_id": row.pk, "at": now, "text": "等候确实太久，已经增加一个窗口。"}
        if row.state == "verifying" and not row.finding:
            finding = "mistaken" if step == "second" else "confirmed"
            rated.verify(finding=finding, by=office, key=uuid4(), **said)
            row.refresh_from_db()
        if row.state == "rectifying" and step in {"calling", "published"}:
            rated.rectify(by=head, key=uuid4(), **said)
            row.refresh_from_db()
        if row.state == "calling" and step == "published":
            _refuse_reviews(row, now)
            rated.call_back(outcome="content", by=office, key=uuid4(), **said)
            rated.publish_answer(by=office, key=uuid4(), **said)

    return way
