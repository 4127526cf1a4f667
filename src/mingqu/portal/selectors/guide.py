"""The guide of one service, composed from its definition: nothing in it is typed a second time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import ClockRule, Definition, Document, Fee, Material, Step, complete, view
from mingqu.clocks.selectors import time_compression_rate
from mingqu.clocks.types import CORRECTION_NOTICE, DELIVERY, GROUNDS, Approver, Unit
from mingqu.forms import services as forms
from mingqu.identity import selectors as identity
from mingqu.kernel.codelists import code_list
from mingqu.portal.rules import number_range, told
from mingqu.portal.selectors import depth
from mingqu.portal.selectors.services import audience_names
from mingqu.portal.types import FormLine, Guide, GuideMaterial, HandlingChoice, Listed, Told
from mingqu.ui import language
from mingqu.ui.types import Fact

UPLOADED = "C"  # as any upload: nothing to say about it


def guide(code: str, handling: str = "", *, bookable: bool = False) -> Guide:
    """
    The guide of one 业务办理项, by default the first; `bookable`: a window takes appointments for the item. Two
    statements when the definition is in memory. Raises ItemUnknown, HandlingUnknown.
    """
    item, definition = catalogue.current_definition(code, handling)
    assert item.current is not None
    about = _About(
        code=item.code,
        organ=item.department.name,
        handlings=_handlings(catalogue.document(item.current.pk), definition),
        depth=[Fact(_("网上能办到哪一步"), *depth.words(catalogue.booked(item.depth, bookable=bookable)))],
        doubtful=_doubtful(item, definition),
        revision=item.current.number,
        published_at=item.current.published_at,
    )
    return _guide(definition, about)


def preview(drafted: catalogue.Drafted, at: datetime) -> Guide:
    """The guide a draft would give if it were published now."""
    handlings = _handlings(drafted.document, drafted.definition)
    about = _About(drafted.code, drafted.organ, handlings, [], [], drafted.number, at)
    return _guide(drafted.definition, about)


@dataclass(frozen=True)
class _About:
    """What a guide says besides its definition."""

    code: str
    organ: str
    handlings: list[HandlingChoice]
    depth: list[Fact]
    doubtful: list[str]
    revision: int
    published_at: datetime


def _guide(definition: Definition, about: _About) -> Guide:
    posts = identity.posts_by_code(
        [definition.item.responsible_post, *(step.post for step in _steps(definition))]
    )
    organs = {code: post.department.name for code, post in posts.items()}
    way = cases.way_of(definition)
    about_ends = cases.picture_words(definition.item.type)
    places = _places(
        definition, {s.id for s in _steps(definition) if (way.sometimes(s.id) if way else s.when)}
    )
    picture = cases.picture_of(definition.steps, definition.decide, organs, places, about_ends, way)
    conditions = [told(text) for text in definition.conditions]
    not_needed = [(n.name, told(n.because)) for n in definition.not_needed]
    faq = [(question, told(answer)) for question, answer in definition.guide.faq]
    responsible = posts.get(definition.item.responsible_post)
    return Guide(
        code=about.code,
        definition=definition,
        handlings=about.handlings,
        organ=about.organ,
        post=responsible.name if responsible else "",
        item_type=_named("item_type", definition.item.type),
        licence=cases.is_licence_type(definition.item.type),
        level=_named("exercise_level", definition.item.level),
        audiences=audience_names(definition.item.audience),
        facts=_facts(definition),
        basics=[
            *_basics(definition, about.organ, responsible.name if responsible else ""),
            *about.depth,
        ],
        limits=_limits(definition),
        conditions=conditions,
        not_needed=not_needed,
        materials=[_material(definition, material) for material in definition.materials],
        form=_form(definition),
        faq=faq,
        wide=picture.wide,
        tall=picture.tall,
        steps=picture.steps,
        unconfirmed=_unconfirmed([*conditions, *(t for _name, t in [*not_needed, *faq])], definition),
        doubtful=about.doubtful,
        revision=about.revision,
        published_at=about.published_at,
    )


def listed(code: str) -> Listed:
    """What is told of a service that can't be applied for. Raises ItemUnknown."""
    item, document = catalogue.current_document(code)
    assert item.current is not None
    kind = document.item.handling_kind
    return Listed(
        code=item.code,
        document=document,
        organ=item.department.name,
        item_type=_named("item_type", document.item.type),
        kind="incomplete" if kind == "on_application" else kind,
        missing=[shut.sentence for shut in catalogue.gates(document).of("applicable")],
        revision=item.current.number,
        published_at=item.current.published_at,
    )


def _material(definition: Definition, material: Material) -> GuideMaterial:
    """How it is handed in, as the definition says: looked up, promised, brought, later; how far it is trusted."""
    source, trust = material.source.kind, material.source.trust
    how = {
        "certificate": _("先查您的电子证照，查到了不用上传"),
        "shared": _("先向有关部门查，查到了不用交"),
        "commitment": _("签一份承诺书就可以，不用交"),
        "paper": _("到窗口交纸质的"),
    }.get(source)
    later = material.may_follow and _("暂时没有的可以容缺：承诺后，受理之日起%(span)s内补齐") % {
        "span": _of(material.may_follow.limit, material.may_follow.unit)
    }
    if source == "commitment" and (basis := definition.commitment(material.source.of).basis):
        law = _article(basis.law, basis.article, basis.paragraph)
        how = f"{how}{_('（')}{law}{_('）')}"
    trusted = (
        "" if trust == UPLOADED else _("可信等级：%(words)s") % {"words": _named("material_trust", trust)}
    )
    copies = _("%(count)d份") % {"count": material.copies} if material.copies > 1 else ""
    need = _("选交") if material.optional else _("看情形") if material.when else _("都要交")
    if source == "commitment" and need == _("都要交"):
        need = _("交，或者承诺")
    form = catalogue.form_of(definition, material) is not None
    return GuideMaterial(material, [text for text in (how, trusted, later, copies) if text], need, form)


def _doubtful(item: Any, definition: Definition) -> list[str]:
    """默认值，尚待核实, and bases nobody has confirmed, in words."""
    doubts = catalogue.doubts(item.current_id, definition.handling_item.code)
    words = [
        _("%(what)s：%(source)s（默认值，尚待核实）") % {"what": what, "source": source}
        for what, source in doubts
    ]
    return words + [shut.sentence for shut in catalogue.gates_of(item).of("lawful")]


def _handlings(document: Document, definition: Definition) -> list[HandlingChoice]:
    """The 业务办理项 of the service, each with what most differs; empty where there is only one."""
    found = []
    for one in filter(complete, document.handling):
        whole = view(document, one.code)
        always = sum(not material.when for material in whole.materials)
        words = _("%(materials)s份材料，%(span)s") % {
            "materials": number_range(always, len(whole.materials), _("至")),
            "span": _span(whole.clocks.promised),
        }
        current = one.code == definition.handling_item.code
        found.append(HandlingChoice(one.code, one.name, words, current))
    return found if len(found) > 1 else []


def _steps(definition: Definition) -> list[Step]:
    return [*definition.steps, definition.decide]


def _named(list_name: str, code: str) -> str:
    known = code_list(list_name)
    return _(known.name(code)) if code in known else ""


def _unconfirmed(texts: Sequence[Told], definition: Definition) -> int:
    others = [*(ref.says for ref in definition.basis), *(m.explain for m in definition.materials)]
    return sum(text.unconfirmed for text in [*texts, *map(told, others)])


def _places(definition: Definition, sometimes: set[str]) -> Mapping[str, cases.PicturePlace]:
    """What each box of the picture says besides its name; `sometimes`: the steps that not every case has."""
    places = {
        step.id: cases.PicturePlace(
            detail=_days(step.limit) + _("，") + pgettext("step", "看情形")
            if step.id in sometimes
            else _days(step.limit),
            note=_step_note(step),
        )
        for step in _steps(definition)
    }
    return places | {
        cases.RECEIVE: cases.PicturePlace(detail=_("当场给凭证")),
        cases.ACCEPT: cases.PicturePlace(detail=_days(CORRECTION_NOTICE.limit)),
        cases.DELIVER: cases.PicturePlace(detail=_days(DELIVERY.limit)),
    }


def _step_note(step: Step) -> str:
    """When there is such a step, what is looked at, what comes of it, and honestly where it is done."""
    parts = [
        _("看情形，不是每件都有") if step.when else "",
        cases.elsewhere(step),
        _("看什么：%(standard)s") % {"standard": step.standard.rstrip("。")} if step.standard else "",
        _("结果：%(result)s") % {"result": step.result} if step.result else "",
    ]
    return _("；").join(part for part in parts if part)


def _days(count: int) -> str:
    return _of(count, Unit.WORKING_DAYS)


def _span(rule: ClockRule) -> str:
    return _of(rule.limit, rule.unit)


def _of(limit: int, unit: str) -> str:
    """5个工作日, in the language of the page."""
    return f"{limit}{language.unit(limit, Unit(unit).text)}"


def _facts(definition: Definition) -> list[Fact]:
    always = sum(not material.when for material in definition.materials)
    clocks = definition.clocks
    return [
        Fact(
            _("承诺期限"),
            _span(clocks.promised),
            _("材料齐全的可以当场办结")
            if definition.on_the_spot
            else _("法定%(span)s") % {"span": _span(clocks.statutory)},
        ),
        Fact(_("您要跑"), _("%(count)d次") % {"count": definition.visits}),
        Fact(
            _("您要交材料"),
            _("%(count)s份") % {"count": number_range(always, len(definition.materials), _("至"))},
            _("看您的情形") if always < len(definition.materials) else "",
        ),
        Fact(_("费用"), definition.fee_words),
        _result(definition),
    ]


def _result(definition: Definition) -> Fact:
    """What a grant brings: a certificate and its validity, or the decision itself."""
    result = definition.result
    if result.is_certificate:
        return Fact(_("结果"), result.certificate_name, _validity(definition))
    return Fact(_("结果"), _("决定书"), result.name)


def _validity(definition: Definition) -> str:
    """What a grant does to the validity (行政许可法 49, 50, 70)."""
    if definition.years_set:
        return _("有效期按裁量基准定")
    span = {"span": _of(definition.result.valid_years, "years")}
    return {
        "new": _("有效期%(span)s") % span,
        "renew": _("从原来到期的第二天起，再有效%(span)s") % span,
        "cancel": _("注销以后不能再用"),
    }.get(definition.handling_item.kind, _("编号和有效期不变"))


def _basics(definition: Definition, organ: str, post: str) -> list[Fact]:
    item = definition.item
    rows = [
        Fact(_("事项"), f"{item.name}（{definition.handling_item.name}）"),
        Fact(_("事项类型"), _named("item_type", item.type)),
        Fact(_("服务对象"), _("、").join(audience_names(item.audience))),
        Fact(_("网上申请要求的身份核验"), _named("assurance_level", item.assurance)),
        Fact(_("办理机关"), organ),
        Fact(_("责任岗位"), post),
        Fact(_("行使层级"), _named("exercise_level", item.level)),
        Fact(_("通办范围"), _named("handle_area", item.handle_area)),
        Fact(_("基本目录编码"), item.base_code),
        Fact(_("事项编码"), item.code),
        Fact(_("数量"), definition.guide.quantity),
        Fact(
            _("收费"),
            definition.fee_words,
            _("；").join(_fee_note(fee) for fee in definition.fees),
        ),
    ]
    return [row for row in rows if row.value]


def _fee_note(fee: Fee) -> str:
    """What it rests on, and whether the time until it is paid counts."""
    basis = _article(fee.basis.law, fee.basis.article)
    if fee.not_counted is None:
        return basis
    where = _article(fee.not_counted.law, fee.not_counted.article)
    return basis + _("；等您缴费的时间不计入办理期限（%(where)s）") % {"where": where}


def _limits(definition: Definition) -> list[Fact]:
    """Each limit with its article, counted from what."""
    statutory, promised = definition.clocks.statutory, definition.clocks.promised
    within = _("收到申请后%(span)s内作出决定") if statutory.from_receipt else _("受理后%(span)s内作出决定")
    rows = [
        Fact(
            _("是否受理"),
            _("收到材料后%(span)s内告诉您") % {"span": _days(CORRECTION_NOTICE.limit)},
            _behind(_("到期没有告诉您的，从收到材料那天起就算受理。"), "silence", definition),
        ),
        Fact(
            _("承诺期限"),
            within % {"span": _span(promised)},
            _("本机关的承诺，比法定的短%(percent)s。")
            % {"percent": f"{time_compression_rate(statutory.limit, promised.limit):.0%}"}
            if promised.unit == statutory.unit and promised.limit < statutory.limit
            else _("本机关的承诺。"),
        ),
        Fact(
            _("法定期限"),
            within % {"span": _span(statutory)},
            _article(statutory.law, statutory.article, statutory.paragraph),
        ),
    ]
    if extension := statutory.extension:
        rows.append(
            Fact(
                _("延长"),
                _("最多延长%(span)s，经%(who)s批准，并告诉您理由")
                % {
                    "span": _of(extension.limit, statutory.unit),
                    "who": _(Approver(extension.approver).text),
                },
                _article(extension.law, extension.article),
            )
        )
    if statutory.pauses:
        grounds = _("、").join(_(GROUNDS[code].text) for code in statutory.pauses)
        rows.append(
            Fact(
                _("不计算在内"),
                _("%(grounds)s所需的时间") % {"grounds": grounds},
                _behind(_("所需的时间会书面告诉您。"), "special", definition),
            )
        )
    rows.append(
        Fact(
            _("送达"),
            _("作出决定后%(span)s内送达") % {"span": _days(DELIVERY.limit)},
            _behind(
                _("不予许可的决定书也按这个时间送达。")
                if cases.is_licence_type(definition.item.type)
                else _("不予办理的决定书也按这个时间送达。"),
                "delivery",
                definition,
            ),
        )
    )
    return rows


def _behind(sentence: str, point: str, definition: Definition) -> str:
    """`sentence` after the law of this point, where one is known for the type of the item."""
    law = cases.legal_words(point, definition.item.type)
    return law + _("；") + sentence if law else sentence


def _article(law: str, article: int, paragraph: int = 0) -> str:
    if not law:
        return ""
    text = _("《%(law)s》第%(article)d条") % {"law": law, "article": article}
    return text + _("第%(paragraph)d款") % {"paragraph": paragraph} if paragraph else text


def _form(definition: Definition) -> list[FormLine]:
    """The application form as it will be asked, with the examples the definition gives."""
    schema = forms.read_schema(definition.form.schema, definition.form.pages)
    return [
        FormLine(
            title=f"{one.title}（{one.unit}）" if one.unit else one.title,
            how=f"{forms.asked_words(schema, one)}{one.hint}",
            example=one.example,
            required=one.required,
        )
        for page in schema.pages
        for one in schema.fields_of(page)
    ]
