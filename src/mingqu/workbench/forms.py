"""What officers fill in. Every form carries the key made when its page was shown: the same key is the same deed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator

from mingqu.cases import selectors as cases
from mingqu.cases.services.answers import Question
from mingqu.cases.types import ASKED_BEFORE, NON_ACCEPTANCE_GROUNDS, REVEAL_PURPOSES, Asked
from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import Phone
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import Option, ZhDateField, tell
from mingqu.workbench.types import Returnable

if TYPE_CHECKING:
    from mingqu.cases.models import CaseMaterial

LONGEST = 2000
LICENCE = "01"  # of the types of items: whose words a form has until it is told of another
STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"


class ActForm(forms.Form):
    """A form with nothing to fill in but the last question."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in before the last question."""
        return bool(self.visible_fields())

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def given(self, *fields: str) -> dict[str, Any]:
        """The cleaned values of these fields."""
        return {name: self.cleaned_data[name] for name in fields}

    def tell(self, refused: DomainError) -> int:
        """Put a refusal beside the field it belongs to; the HTTP status of the page."""
        return tell(self, refused)


def long_text(label: str, *, required: bool = True, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"max_length": "最多写2000字，您写了%(show_value)s字。"},
    )


_FOLLOWS = {
    "not_required": "即时告知申请人不受理",
    "not_competent": "即时作出不予受理的决定，并告知向哪个机关申请",
    "false_statement": "不予受理",
}


def _grounds(item_type: str) -> list[tuple[str, Option]]:
    """The grounds with what follows, in words and with the law of this type of item."""
    found = []
    for code, known in NON_ACCEPTANCE_GROUNDS.items():
        words = cases.not_needed_words(item_type) if code == "not_required" else known.words
        follows = f"{cases.legally(_FOLLOWS[code], code, item_type)}。"
        if code == "false_statement":
            follows += "警告是行政处罚，要另行作出。"
        found.append((code, Option(words, follows)))
    return found


class RefuseAcceptanceForm(ActForm):
    """
    Why an application is not taken up: no licence is needed (行政许可法 32(1)), another organ's matter (32(2)), or
    something was hidden or false (78). Each has its own paper.
    """

    ground = forms.ChoiceField(
        label="属于哪一种情形",
        choices=_grounds(LICENCE),
        widget=forms.RadioSelect,
    )
    organ = forms.CharField(
        label="应当向哪个机关申请",
        required=False,
        max_length=120,
        help_text="只在不属于本机关职权范围时填写，会写进决定书。例如：清禾区卫生健康局。",
    )
    reason = long_text("理由", help_text="会原样写进文书。写明事实和依据，不要只抄条文。")

    def __init__(self, data: Any = None, *, item_type: str = LICENCE, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.item_type = item_type
        self.fields["ground"].choices = _grounds(item_type)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        organ = given.get("organ", "").strip()
        if given.get("ground") == "not_competent" and not organ and "organ" not in self.errors:
            wanted = "不属于本机关职权范围的，请写明应当向哪个机关申请"
            self.add_error("organ", f"{cases.legally(wanted, 'acceptance', self.item_type)}。")
        if given.get("ground") != "not_competent":
            given["organ"] = ""
        return given


class PauseForm(ActForm):
    """进入特别程序: on which ground time is not counted, how long it will take, and why."""

    ground = forms.ChoiceField(label="因为哪一项", widget=forms.RadioSelect)
    expected_until = ZhDateField(
        label="预计哪一天完成",
        help_text="依法要把所需时间书面告知申请人（行政许可法第四十五条）。",
    )
    reason = long_text("说明", help_text="会写进告知书。例如：委托某某检验机构检验后厨用水。")

    def __init__(
        self, data: Any = None, *, grounds: Sequence[tuple[str, str]], today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        self.fields["ground"].choices = list(grounds)  # type: ignore[attr-defined]

    def clean_expected_until(self) -> date:
        found: date = self.cleaned_data["expected_until"]
        if found < self.today:
            raise forms.ValidationError("预计完成的日子不能早于今天。", code="too_early")
        return found


class ResumeForm(ActForm):
    """特别程序结束, with what came of it."""

    reason = long_text("特别程序的结果", help_text="例如：9月25日收到检验报告，结论合格。")


class ExtendForm(ActForm):
    """延期 of the statutory limit: once, within the rule, with the reason the applicant is told."""

    limit = forms.IntegerField(
        min_value=1,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    reason = long_text("延长的理由", help_text="会原样告知申请人（行政许可法第四十二条）。")

    def __init__(self, data: Any = None, *, most: int, unit: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        limit = self.fields["limit"]
        limit.label = f"延长几{unit}"
        limit.help_text = f"最多{most}{unit}，只能延长一次。"
        limit.max_value = most  # type: ignore[attr-defined]
        limit.validators.append(
            MaxValueValidator(most, f"最多延长{most}{unit}，您写了%(show_value)s{unit}。")
        )
        limit.error_messages["invalid"] = f"请用数字写延长几{unit}，例如{most}。"


class ReturnForm(ActForm):
    """内部退回: to which earlier step, and what is to be done again there."""

    task_id = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label="退回到哪个环节", widget=forms.RadioSelect)
    reason = long_text("退回的理由", help_text="只有机关内的工作人员看得到。写明要重新办什么。")

    def __init__(self, data: Any = None, *, may: Returnable, **kwargs: Any) -> None:
        super().__init__(data, initial={"task_id": may.task_id}, **kwargs)
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (step, Option(name, whose)) for step, name, whose in may.steps
        ]

    @property
    def step_name(self) -> str:
        return str(dict(self.fields["step"].choices)[self.cleaned_data["step"]])  # type: ignore[attr-defined]


class TerminateForm(ActForm):
    """终止办理, with its reason."""

    reason = long_text(
        "终止的理由",
        help_text="会原样写进告知书。例如：申请人已经死亡；企业已经注销；申请的场所已经灭失。"
        "能够作出准予或者不予决定的，应当作出决定，不能终止。",
    )


class DecisionForm(ActForm):
    """准予 or 不予; a refusal says why. `draft`: what was written there beforehand, no reason of a grant."""

    draft = ""

    outcome = forms.ChoiceField(
        label="决定",
        choices=[("granted", "准予行政许可"), ("refused", "不予行政许可")],
        widget=forms.RadioSelect,
    )
    reasons = long_text("理由", required=False, help_text="不予许可的，必须写明理由；会原样写进决定书。")

    def __init__(self, data: Any = None, *, item_type: str = LICENCE, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.licence = cases.is_licence_type(item_type)
        if not self.licence:
            choices = [("granted", "准予"), ("refused", "不予办理")]
            self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
            self.fields["reasons"].help_text = "不予办理的，必须写明理由；会原样写进决定书。"

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("outcome") == "granted" and given.get("reasons", "").strip() == self.draft:
            given["reasons"] = ""
        if given.get("outcome") == "refused" and not given.get("reasons", "").strip():
            law = "不予许可的，请写明理由（行政许可法第三十八条）。"
            self.add_error("reasons", law if self.licence else "不予办理的，请写明理由。")
        return given


class SettleForm(DecisionForm):
    """当场办结: accepted and decided at once; what is asked is the decision."""


class CorrectionForm(ActForm):
    """
    Which materials and which fields of the form must be corrected and what is wrong with each: everything at one time.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        materials: Sequence["CaseMaterial"],
        questions: Sequence[Question] = (),
        wrong: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        marked = wrong or {}  # what officers marked in the files: the notice begins with it
        asked: list[CaseMaterial | Question] = [*materials, *questions]
        before = any(one.state in ASKED_BEFORE for one in asked)
        # 行政许可法 32(4): after a first notice only what it asked for may be asked again. A material that is to
        # follow (容缺) or was not needed is no notice.
        self.materials = [m for m in materials if not before or m.state in ASKED_BEFORE]
        self.questions = [q for q in questions if not before or q.state in ASKED_BEFORE]
        for place, one in enumerate(self.every):
            code = self._code(one)
            self.fields[f"pick-{code}"] = forms.BooleanField(label=one.name, required=False)
            self.fields[f"what-{code}"] = long_text(f"“{one.name}”要补正什么", required=False, rows=2)
            if place < len(self.materials) and one.code in marked:
                self.initial.update({f"pick-{code}": True, f"what-{code}": marked[one.code]})

    def _code(self, one: "CaseMaterial | Question") -> str:
        """Apart, though a field of the form may be called like a material."""
        return f"form-{one.code}" if isinstance(one, Question) else one.code

    @property
    def every(self) -> "list[CaseMaterial | Question]":
        return [*self.materials, *self.questions]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        for one in self.every:
            code = self._code(one)
            what = given.get(f"what-{code}", "").strip()
            if given.get(f"pick-{code}") and not what:
                self.add_error(f"what-{code}", f"请写明“{one.name}”要补正什么。")
            elif what and not given.get(f"pick-{code}"):
                self.add_error(f"pick-{code}", f"您写了“{one.name}”要补正的内容，但没有勾选它。")
        if not self.errors and not self.asked and not self.asked_fields:
            self.add_error(None, "请至少选一份材料或者申请表里的一项，并写明要补正什么。")
        return given

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Tick and text of each material, for the page."""
        return [(self[f"pick-{m.code}"], self[f"what-{m.code}"]) for m in self.materials]

    @property
    def field_rows(self) -> list[tuple[Any, Any]]:
        """The same for the fields of the form."""
        return [(self[f"pick-form-{q.code}"], self[f"what-form-{q.code}"]) for q in self.questions]

    @property
    def fields_open(self) -> bool:
        """Something is said about the form: it is not folded away."""
        return any(
            pick.value() or what.value() or pick.errors or what.errors for pick, what in self.field_rows
        )

    @property
    def asked(self) -> list[Asked]:
        return self._asked(self.materials)

    @property
    def asked_fields(self) -> list[Asked]:
        return self._asked(self.questions)

    def _asked(self, of: "Sequence[CaseMaterial | Question]") -> list[Asked]:
        given = self.cleaned_data
        codes = [(one.code, self._code(one)) for one in of]
        return [
            Asked(code, given[f"what-{name}"].strip())
            for code, name in codes
            if given.get(f"pick-{name}") and given.get(f"what-{name}", "").strip()
        ]

    @property
    def sentences(self) -> list[str]:
        """What the notice will say, line by line."""
        names = {m.code: m.name for m in self.materials}
        questions = {q.code: q.name for q in self.questions}
        return [
            *(f"申请表里的“{questions[one.code]}”：{one.what}" for one in self.asked_fields),
            *(f"{names[one.code]}：{one.what}" for one in self.asked),
        ]


class RevealForm(ActForm):
    """Why the personal data is to be shown; written into the ledger."""

    why = forms.ChoiceField(label="用途", choices=list(REVEAL_PURPOSES.items()))


class RetryForm(ActForm):
    """Which failed work is to be tried again: the events of a chain, or one document."""

    root_id = forms.UUIDField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)


class SealForm(ActForm):
    """Which organ is given a seal, and where it has one already, why another or none."""

    DEEDS = ("ask", "agree", "decline", "ask_end", "agree_end", "decline_end")

    organ_code = forms.CharField(max_length=32)
    reason = forms.CharField(max_length=200, required=False)
    deed = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS], required=False)


class ApplicantForm(forms.Form):
    """Posted, never in an address: a whole citizen number, or the whole number somebody signs in with."""

    citizen_number = forms.CharField(
        label="申请人公民身份号码",
        required=False,
        max_length=18,
        min_length=18,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
        error_messages={
            "min_length": "公民身份号码是18位，您写了%(show_value)s位。",
            "max_length": "公民身份号码是18位，您写了%(show_value)s位。",
        },
    )
    phone = forms.CharField(
        label="申请人登录手机号码",
        required=False,
        max_length=24,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}),
    )

    def clean_phone(self) -> str:
        written: str = self.cleaned_data["phone"]
        try:
            return str(Phone.parse(written, demo=settings.MINGQU_DEMO)) if written else ""
        except DomainError as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        filled = [name for name in ("citizen_number", "phone") if given.get(name)]
        if len(filled) != 1 and not self.errors:
            self.add_error(None, "请填公民身份号码或者手机号码，只填一项。")
        return given


class AfterCheckForm(ActForm):
    """What the check of a promise found (告知承诺事后核查)."""

    finding = forms.ChoiceField(
        label="核查结果",
        choices=[("kept", Option("属实")), ("broken", Option("与承诺不符", "承诺的内容和实际不一致"))],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择“属实”或者“与承诺不符”。"},
    )
    text = long_text("怎样核查、查到什么", help_text="例如：10月12日到店查看，制度上墙，台账齐全。")
