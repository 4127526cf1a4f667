"""What a case is charged by its definition: pure. Amounts are whole 分."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mingqu.catalogue.types import Charged, Definition, Fee, LawRef
from mingqu.clocks.types import LICENCE_LAW, PAYMENT, Article, ClockSpec

LARGEST = 100_000_000  # 元: more is a mistake of the table


def problems(definition: Definition) -> Iterator[str]:
    """What the platform charges has a code of its own and a table; time stands still only as a law of its own says."""
    codes = [fee.code for fee in definition.fees if fee.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"收费编码“{code}”重复"
    for fee in definition.fees:
        if fee.table and not fee.code:
            yield f"收费“{fee.name}”有金额的决策表，要有编码"
        if fee.not_counted and not fee.table:
            yield f"收费“{fee.name}”没有金额的决策表，缴费时间无从计算"
        if fee.not_counted and fee.not_counted.law.removeprefix("中华人民共和国") == LICENCE_LAW:
            yield f"收费“{fee.name}”：行政许可法没有规定缴费时间不计入，要写规定它的法律、法规"
    if (
        len({(fee.not_counted.law, fee.not_counted.article) for fee in definition.fees if fee.not_counted})
        > 1
    ):
        yield "缴费时间不计入的依据只能有一个"


def names(definition: Definition) -> set[str]:
    """What a table may read: the answers of the questions and of the form."""
    asked = {f"situation.{question.ask}" for question in definition.situations}
    return (
        {"situation", "form"}
        | asked
        | {f"form.{name}" for name in definition.form.schema.get("properties", {})}
    )


def spared(spec: ClockSpec, definition: Definition) -> ClockSpec:
    """The clock knows the ground 缴费 where a fee of the definition names the article that says so."""
    basis = next((fee.not_counted for fee in definition.fees if fee.not_counted), None)
    if basis is None:
        return spec
    article = Article(basis.law, basis.article, basis.paragraph)
    return replace(spec, pauses=(*spec.pauses, PAYMENT), fee_article=article)


def charged(fee: Fee, said: Any) -> Charged | None:
    """
    What a table says of a case; None: this fee does not arise. Raises ValueError for an answer that is no amount: it
    must be seen, not be taken for nothing.
    """
    if said is None:
        return None
    given = said if isinstance(said, Mapping) else {"amount": said}
    amount = given.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal):
        raise ValueError(f"the table of fee {fee.code} gives no amount")
    exact = Decimal(str(amount))
    if not exact.is_finite() or not 0 <= exact <= LARGEST:
        raise ValueError(f"the table of fee {fee.code} gives an amount out of range")
    law = str(given.get("law") or "")
    basis = LawRef(law, int(given.get("article") or 0)) if law else fee.basis
    fen = int((exact * 100).to_integral_value(ROUND_HALF_UP))
    return Charged(fee, fen, str(given.get("because") or ""), basis)
