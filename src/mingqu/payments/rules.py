"""States of fees, payments and refunds, and what money is called: pure."""

import re
from collections.abc import Mapping

# The written table of a fee notice: (state, what happens) → state. What is not in it is refused. Money that comes
# although none is owed changes no state: that payment is marked as surplus and given back by itself.
NOTICE: Mapping[tuple[str, str], str] = {
    ("due", "begin"): "paying",
    ("due", "money"): "paid",  # at the counter, or told after the attempt had been given up
    ("due", "exempt"): "exempted",
    ("due", "cancel"): "cancelled",
    ("paying", "begin"): "paying",
    ("paying", "money"): "paid",
    ("paying", "give_up"): "due",  # no attempt is under way any more
    ("paying", "exempt"): "exempted",
    ("paying", "cancel"): "cancelled",
    ("paid", "refund"): "refunding",
    ("refunding", "returned"): "refunded",
}
ENDED = frozenset({"paid", "exempted", "cancelled", "refunding", "refunded"})
OWED = frozenset({"due", "paying"})
NOTICE_WORDS: Mapping[str, str] = {
    "due": "待缴费",
    "paying": "缴费处理中",
    "paid": "已缴费",
    "exempted": "已免缴",
    "cancelled": "已取消",
    "refunding": "退费处理中",
    "refunded": "已退费",
}

PAYMENT: Mapping[tuple[str, str], str] = {
    ("open", "money"): "succeeded",
    ("open", "fail"): "failed",
    ("open", "expire"): "expired",
    # Money of another amount pays nothing: it is nobody's to ask for again, a finance officer looks at it.
    ("open", "differ"): "differs",
    ("failed", "differ"): "differs",
    ("expired", "differ"): "differs",
    ("differs", "money"): "succeeded",  # the provider corrected the amount
    ("differs", "close"): "failed",
    ("failed", "money"): "succeeded",  # the provider corrects itself: the money is there
    ("expired", "money"): "succeeded",
}
PAYMENT_WORDS: Mapping[str, str] = {
    "open": "正在确认",
    "succeeded": "成功",
    "failed": "没有成功",
    "expired": "没有完成",
    "differs": "金额不符，正在核对",
}
UNDER_WAY = frozenset({"open", "differs"})  # the fee is not due anew while one of these stands

REFUND: Mapping[tuple[str, str], str] = {
    ("asked", "agree"): "sending",
    ("asked", "decline"): "declined",
    ("sending", "done"): "done",
    ("sending", "fail"): "failed",
    ("failed", "agree"): "sending",
    ("failed", "done"): "done",
}
REFUND_WORDS: Mapping[str, str] = {
    "asked": "等待复核",
    "declined": "没有同意退",
    "sending": "正在退",
    "done": "已退回",
    "failed": "没有退成",
}
WAYS: Mapping[str, str] = {"online": "网上", "cash": "窗口现金", "pos": "窗口刷卡"}

DIFFERENCES: Mapping[str, str] = {
    "missing_there": "我方有，对账单没有",
    "missing_here": "对账单有，我方没有",
    "amount": "金额不一致",
    "no_receipt": "收了款，没有凭证号",
    "not_noted": "收了款，缴款通知没有记为已缴",
    "no_case": "收了款，找不到办件",
}
LARGEST = 100_000_000_00  # 一亿元: more is a mistake of typing


def after(table: Mapping[tuple[str, str], str], state: str, happens: str) -> str | None:
    """The state after it, None where it may not happen."""
    return table.get((state, happens))


def yuan(fen: int) -> str:
    """分 as 元 with two decimals: 123450 → 1,234.50."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


_YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def fen(text: str) -> int | None:
    """元 as typed, with at most two decimals, as 分; None for anything else."""
    plain = text.strip().replace(",", "").removesuffix("元")
    if not _YUAN.fullmatch(plain):
        return None
    whole, _, part = plain.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


_DIGITS, _PLACES, _GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def capitals(fen: int) -> str:
    """An amount in the capital figures of vouchers (大写): 1020300 → 壹万零贰佰零叁元整."""
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(whole)}元" if whole else ""
    if not jiao and not rest:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    return words + (f"{_DIGITS[rest]}分" if rest else "整")


def _whole(number: int) -> str:
    words, gap = "", False
    for group in range(len(_GROUPS) - 1, -1, -1):
        part = number // 10_000**group % 10_000
        if not part:
            gap = gap or bool(words)
            continue
        said, zero = "", gap or bool(words and part < 1000)
        for place in range(3, -1, -1):
            digit = part // 10**place % 10
            if digit:
                said += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
                zero = False
            elif said:
                zero = True
        words, gap = words + said + _GROUPS[group], False
    return words
