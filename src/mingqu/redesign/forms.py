"""What an official fills in for a simulation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from mingqu.kernel.ids import new_id
from mingqu.redesign import rules
from mingqu.redesign.types import Asked, Choice
from mingqu.ui.forms import DayField, Option

SEEDS = 1_000_000
GONE = "-"  # no id of a step


class KeyForm(forms.Form):
    """A button alone; `key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found


class AskForm(KeyForm):
    """A question “what if” about one 业务办理项. Fields of posts and steps are made of what can be chosen."""

    title = forms.CharField(
        label="给这次模拟起个名字", max_length=80, help_text="比如：审核并入承办，多派一个人。"
    )
    before = forms.ChoiceField(label="改前")
    after = forms.ChoiceField(label="改后")
    arrangement = forms.ChoiceField(
        label="改后的环节怎样排",
        widget=forms.RadioSelect,
        choices=[
            ("as_written", "按定义写的排"),
            ("serial", Option("一个接一个", "不管定义里有没有并行")),
            ("parallel", Option("能同时办的同时办", "相连的承办、核查环节同时开始，审核和决定在它们之后")),
        ],
        initial="as_written",
    )
    source = forms.ChoiceField(
        label="用哪些件来试",
        widget=forms.RadioSelect,
        choices=[
            (
                "replay",
                Option(
                    "重放办过的件",
                    "什么时候来的、每一步办了多久，都照记录；改后没有变的环节，一件还是用那么久",
                ),
            ),
            ("sampled", Option("按记录抽样", "件随机到来，每一步用的时间从记录里抽")),
        ],
        initial="replay",
    )
    since = DayField(label="从哪天受理的")
    until = DayField(label="到哪天受理的")
    cases = forms.IntegerField(
        label="最多多少件",
        min_value=1,
        max_value=rules.LIMIT_CASES,
        help_text="1万件、三种办法一起算，约十几秒；结果在后台算好。",
    )
    per_day = forms.FloatField(label="每个工作日来几件", min_value=0.01, help_text="按记录抽样时用。")
    order = forms.ChoiceField(
        label="排队的先办哪一件",
        choices=[("first", "先到这一步的先办"), ("due", "先受理的先办"), ("short", "用时短的先办")],
    )
    hours = forms.FloatField(
        label="每天用在这个事项上几小时",
        min_value=0.5,
        max_value=24,
        help_text="每个岗位都按这个数；不一样的岗位，在“人手”里另填。还要办别的事项的，按比例填。",
    )
    weekend = forms.BooleanField(label="周末和节假日也办", required=False)
    seed = forms.IntegerField(
        label="随机种子", min_value=1, max_value=SEEDS, help_text="种子一样，结果一样。"
    )

    def __init__(
        self,
        choices: Sequence[Choice],
        posts: Mapping[str, str],
        steps: Sequence[tuple[str, str]],
        data: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.offered = {one.value: one for one in choices}
        self.posts, self.steps = posts, steps
        for name in ("before", "after"):
            field: Any = self.fields[name]
            field.choices = [(one.value, one.label) for one in choices]
        for code, post in posts.items():
            for name, when in (("staff", "改前"), ("staff_after", "改后")):
                self.fields[f"{name}__{code}"] = forms.IntegerField(
                    label=f"{post.rpartition('·')[2]}，{when}几个人", min_value=1, max_value=999
                )
            name = post.rpartition("·")[2]
            self.fields[f"hours__{code}"] = forms.FloatField(
                label=f"{name}，每天几小时", min_value=0.5, max_value=24, required=False
            )
            self.fields[f"weekend__{code}"] = forms.BooleanField(
                label=f"{name}周末和节假日也办", required=False
            )
        for code, step in steps:
            self.fields[f"minutes__{code}"] = forms.FloatField(
                label=f"{step}，一件用多少分钟", min_value=0.1, max_value=43_200, required=False
            )

    def of(self, prefix: str) -> dict[str, Any]:
        said = self.cleaned_data
        start = f"{prefix}__"
        return {
            name.removeprefix(start): said[name]
            for name in self.fields
            if name.startswith(start) and said[name] is not None
        }

    def asked(self, item_code: str, handling: str) -> Asked:
        said = self.cleaned_data
        plain = ("arrangement", "source", "cases", "per_day", "order", "hours", "weekend", "seed", "title")
        return Asked(
            item_code=item_code,
            handling=handling,
            before=self.offered[said["before"]].basis,
            after=self.offered[said["after"]].basis,
            since=said["since"],
            until=said["until"],
            staff=self.of("staff"),
            staff_after=self.of("staff_after"),
            minutes=self.of("minutes"),
            hours_of=self.of("hours"),
            weekend_of=[code for code, daily in self.of("weekend").items() if daily],
            **{name: said[name] for name in plain},
        )

    @property
    def post_rows(self) -> list[tuple[str, list[Any]]]:
        names = ("staff", "staff_after", "hours", "weekend")
        return [(post, [self[f"{name}__{code}"] for name in names]) for code, post in self.posts.items()]

    @property
    def step_rows(self) -> list[tuple[str, Any]]:
        return [(step, self[f"minutes__{code}"]) for code, step in self.steps]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if "__" not in name and name != "key"]


def beginning(
    choices: Sequence[Choice], people: Mapping[str, int], since: date, until: date, seed: int
) -> dict[str, Any]:
    """What the form says before anybody has typed: from what is in force to the draft, with the people of today."""
    current = next((one.value for one in choices if one.value != "draft"), choices[0].value)
    staff = {f"{name}__{code}": count for code, count in people.items() for name in ("staff", "staff_after")}
    return {
        "before": choices[1].value if choices[0].value != "draft" and len(choices) > 1 else current,
        "after": choices[0].value,
        "since": since,
        "until": until,
        "cases": 5000,
        "per_day": 20,
        "hours": 7,
        "seed": seed,
        "order": "first",
        **staff,
    }


class MapForm(KeyForm):
    """A table of prerequisites."""

    title = forms.CharField(label="这张图叫什么", max_length=80)
    file = forms.FileField(
        label="表格",
        help_text="Excel或者CSV，第一行是列名：审批事项、前置事项、天数、依据。一行一个前置；天数只写数字的是工作日，自然日写成30天；几个前置也可以写在一格里，用“；”隔开。",
    )


class MoveForm(KeyForm):
    """Which new step each old one goes to, and why."""

    reason = forms.CharField(
        label="为什么要迁移", max_length=300, widget=forms.Textarea({"rows": 3}), help_text="批准的人要看。"
    )

    def __init__(self, offered: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.codes = [step.code for step in offered.steps]
        for step in offered.steps:
            self.fields[f"step__{step.code}"] = forms.ChoiceField(
                label=f"{step.name}（第{offered.from_number}版）",
                choices=[*offered.into, (GONE, "新流程没有这一步")],
                initial=step.suggested or GONE,
            )
        self.events = [one.id for one in offered.elements]
        for one in offered.elements:
            self.fields[f"step__{one.id}"] = forms.ChoiceField(
                label=f"{one.name}（第{offered.from_number}版）",
                choices=[*one.into, (GONE, "新流程没有这一项")],
                initial=one.suggested or GONE,
            )

    @property
    def mapping(self) -> dict[str, str]:
        said = {code: self.cleaned_data[f"step__{code}"] for code in (*self.codes, *self.events)}
        return {code: "" if to == GONE else to for code, to in said.items()}

    @property
    def step_fields(self) -> list[Any]:
        return [self[f"step__{code}"] for code in self.codes]

    @property
    def event_fields(self) -> list[Any]:
        return [self[f"step__{code}"] for code in self.events]


class DeclineForm(KeyForm):
    reason = forms.CharField(label="不迁移的理由", max_length=300, widget=forms.Textarea({"rows": 2}))
