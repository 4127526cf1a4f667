"""Words of the exchange, for templates."""

from django import template

from mingqu.exchange import rules
from mingqu.exchange.connectors import registry

register = template.Library()
HOW = {"told": "对方通知", "asked": "查询得知", "typed": "工作人员登记", "file": "文件导入"}
OUTCOMES = {
    "taken": "对方收下了",
    "refused": "对方不接收",
    "failed": "没有送到",
    "unknown": "送出了，没有回音",
}


@register.filter
def outside_words(text: str) -> str:
    """A state of the other side in words; a number as it is."""
    return rules.OUTSIDE_WORDS.get(text, text)


@register.filter
def how_words(code: str) -> str:
    return HOW.get(code, code)


@register.filter
def outcome_words(code: str) -> str:
    return OUTCOMES.get(code, code)


@register.filter
def connector_words(name: str) -> str:
    return registry.words(name)
