"""What officers fill in about a visit on the spot (现场核查)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from mingqu.cases.bundles.selectors import finding_says
from mingqu.cases.bundles.types import VisitAnswer, VisitDate
from mingqu.cases.types import OfficerSigned, PointFound, VisitParty, VisitPlan, VisitRecord
from mingqu.documents import services as documents
from mingqu.identity.types import OfficerView
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.forms import SignatureField, ZhDateField
from mingqu.ui.text import zh_day
from mingqu.workbench.forms import ActForm

if TYPE_CHECKING:
    from mingqu.workbench.visit_types import Spot

SLOTS = [f"{hour:02d}:{minute:02d}" for hour in range(8, 18) for minute in (0, 30)]
WORDS = 500
NOT_THERE = "没有另到现场，采用联合踏勘的共同记录，申请人一方在共同记录上签名或者注明"


def lines(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=help_text,
        max_length=WORDS,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "最多写500字，您写了%(show_value)s字。"},
    )


def _officers(form: forms.Form, officers: Sequence[OfficerView], law: str) -> None:
    """Two of these; `law`: why there are two, in brackets, where a law says so."""
    form.fields["second"].help_text = f"须由两名以上工作人员核查{law}。"
    choices = [("", "请选择"), *((str(o.person_id), f"{o.name}（{o.post}）") for o in officers)]
    for name in ("first", "second"):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class DateForm(ActForm):
    """When, where, and a word for the applicant: what is proposed to several departments at once."""

    day = ZhDateField(label="哪一天")
    hour = forms.ChoiceField(label="几点", choices=[(slot, slot) for slot in SLOTS])
    place = forms.CharField(label="地点", max_length=120, help_text="来自申请表，可以改。")
    note = lines("请申请人准备什么", "会和时间、人员一起发给申请人。例如：请把后厨设备接通水电。")

    @property
    def planned_for(self) -> datetime:
        hour = time.fromisoformat(self.cleaned_data["hour"])
        return datetime.combine(self.cleaned_data["day"], hour, BEIJING)

    @property
    def date(self) -> VisitDate:
        return VisitDate(self.planned_for, self.cleaned_data["place"], self.cleaned_data["note"])


class AnswerForm(ActForm):
    """A department comes on the proposed date, with whom; or why it can't."""

    part = forms.CharField(max_length=40, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="这个时间行不行",
        choices=[("agreed", "同意，派人去"), ("declined", "去不了")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意还是去不了。"},
    )
    first = forms.ChoiceField(label="核查人员1", required=False, help_text="同意的才填。")
    second = forms.ChoiceField(label="核查人员2", required=False)
    reason = forms.CharField(
        label="去不了的原因",
        required=False,
        max_length=200,
        help_text="只有去不了才填，牵头窗口看了另提时间。",
    )

    def __init__(
        self, data: Any = None, *, part: str, officers: Sequence[OfficerView], law: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id=f"visit-{part}_%s", **kwargs)
        self.fields["part"].initial = part
        _officers(self, officers, law)

    @property
    def given_answer(self) -> VisitAnswer:
        given = self.cleaned_data
        officers = tuple(UUID(given[one]) for one in ("first", "second") if given[one])
        return VisitAnswer(given["answer"] == "agreed", officers, given["reason"])


class PlanForm(DateForm):
    """When, where, which two officers, and a word for the applicant."""

    field_order = ("key", "day", "hour", "place", "first", "second", "note", "apart")
    first = forms.ChoiceField(label="核查人员1")
    second = forms.ChoiceField(label="核查人员2")
    apart = forms.BooleanField(label="约在别的一天，已经和别的部门、申请人说好", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        officers: Sequence[OfficerView],
        agreed: Collection[date] = (),
        law: str = "",
        **kwargs: Any,
    ) -> None:
        """
        `agreed`: the days on which other departments go there for the same 一件事. `law`: why there are two officers,
        in brackets, where a law says so.
        """
        super().__init__(data, **kwargs)
        _officers(self, officers, law)
        self.agreed = agreed
        if not agreed:
            del self.fields["apart"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        day = given.get("day")
        if self.agreed and day and day not in self.agreed and not given.get("apart"):
            days = "、".join(zh_day(one) for one in sorted(self.agreed))
            self.add_error(
                "day", f"别的部门约在{days}，请约同一天，申请人只等一次；去不了的，商量以后勾选最后一项。"
            )
        return given

    @property
    def plan(self) -> VisitPlan:
        given = self.cleaned_data
        return VisitPlan(
            planned_for=self.planned_for,
            place=given["place"],
            officers=(UUID(given["first"]), UUID(given["second"])),
            note=given["note"],
        )


class MoveForm(PlanForm):
    """The same with the reason."""

    reason = forms.CharField(
        label="改期的原因", max_length=200, help_text="例如：申请人请求改期；核查人员临时有任务。"
    )


def points_posted(given: Any, codes: Sequence[str]) -> list[PointFound]:
    """The lines of the checklist that a page sent: all of them, or the one that was just changed."""
    return [
        PointFound(code, given.get(f"p-{code}", ""), given.get(f"n-{code}", "")[:WORDS])
        for code in codes
        if f"p-{code}" in given or f"n-{code}" in given
    ]


class OfficersForm(ActForm):
    """The signatures of officers: each writes her own name, and draws it where she can."""

    def __init__(self, data: Any = None, *, officers: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.officers = officers
        for place, (_person_id, name) in enumerate(officers):
            self.fields[f"officer-{place}"] = forms.CharField(
                label=f"核查人员签名：{name}",
                max_length=40,
                help_text="请本人填写自己的姓名。",
                error_messages={"required": f"请{name}本人签名。"},
            )
            self.fields[f"drawn-{place}"] = SignatureField(label=f"{name}手写签名")

    @property
    def officer_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"officer-{n}"], self[f"drawn-{n}"]) for n, _officer in enumerate(self.officers)]

    @property
    def signed(self) -> tuple[OfficerSigned, ...]:
        """Raises SignatureUnreadable, SignatureBlank."""
        given = self.cleaned_data
        return tuple(
            OfficerSigned(person_id, given[f"officer-{n}"], documents.check_signature(given[f"drawn-{n}"]))
            for n, (person_id, _name) in enumerate(self.officers)
        )


class SignForm(OfficersForm):
    """核查结果 and the signatures under the record."""

    outcome = forms.ChoiceField(
        label="核查结果",
        choices=[("met", "符合"), ("not_met", "不符合"), ("again", "整改后复查")],
        widget=forms.RadioSelect,
    )
    text = lines("核查意见", "结果和关键项不一致的，必须写明理由；会写进核查记录。")
    again_by = ZhDateField(
        label="整改期限", required=False, help_text="选“整改后复查”的才填。整改期间办理期限照常计算。"
    )
    began = forms.TimeField(
        label="几点到的现场",
        help_text="按24小时写，例如9:05、14:30。",
        input_formats=["%H:%M", "%H：%M", "%H点%M分"],
        error_messages={"invalid": "请按24小时写几点几分，例如14:30。"},
        widget=forms.TimeInput(
            {"class": "govuk-input--width-5", "inputmode": "text", "autocomplete": "off"}, "%H:%M"
        ),
    )
    party_name = forms.CharField(
        label="申请人一方签名（在场人姓名）", required=False, max_length=40, help_text="请在场人本人填写。"
    )
    party_signature = SignatureField(label="申请人一方手写签名")
    party_refused = forms.BooleanField(label="没有签字（拒签，或者没有人在场）", required=False)
    party_reason = lines("没有签字的原因", "勾选了“没有签字”的必须写明。")

    def __init__(self, data: Any = None, *, spot: "Spot", **kwargs: Any) -> None:
        super().__init__(data, officers=spot.officers, **kwargs)
        self.spot = spot
        shared = spot.shared
        if shared and shared.findings:
            known = [(str(one.id), f"{one.subject}：{finding_says(one)}") for one in shared.findings]
            self.fields["used"] = forms.MultipleChoiceField(
                label="核查结果引用的联合踏勘共同记录",
                help_text="勾选的写进本部门的核查记录；以后有更正的，会告诉您。",
                choices=known,
                initial=[one for one, _words in known],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "共同记录刚才有更正，请刷新后重新勾选。"},
            )
        if shared and shared.adoptable:
            self.fields["began"].required = False
            self.fields["adopt"] = forms.BooleanField(
                label="本部门没有到场，也不另去，采用这份共同记录", required=False
            )
            self.fields["adopted"] = lines("采用的理由", "勾选了上一项的必须写明，会写进核查记录。")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("adopt") and not given.get("adopted", "").strip():
            self.add_error("adopted", "请写明为什么采用共同记录。")
        if "adopt" in self.fields and not given.get("adopt") and not given.get("began"):
            self.add_error("began", "请填写几点到的现场；没有去的，请勾选采用共同记录。")
        return given

    def record(self, at: Instant) -> VisitRecord:
        """Raises SignatureUnreadable, SignatureBlank."""
        given = self.cleaned_data
        adopted = given["adopted"] if given.get("adopt") else ""
        shared = self.spot.shared
        if adopted and shared is not None:
            party, began = VisitParty("", True, NOT_THERE), shared.joint.began_at or at
        else:
            drawn = documents.check_signature(given["party_signature"])
            party = VisitParty(given["party_name"], given["party_refused"], given["party_reason"], drawn)
            began = datetime.combine(legal_day(self.spot.looked_at or at), given["began"], BEIJING)
        return VisitRecord(
            outcome=given["outcome"],
            points=self.spot.found,
            began_at=began,
            party=party,
            officers=self.signed,
            text=given["text"],
            again_by=given["again_by"],
            used_ids=tuple(UUID(one) for one in given.get("used", ())),
            adopted=adopted,
        )
