"""Refusals of the decisions app: what can't be parsed, or would cost too much to evaluate."""

from __future__ import annotations

from mingqu.kernel.errors import DomainError


class DecisionError(DomainError):
    """The parent of every refusal of this app."""

    code = "decision_refused"
    sentence = "规则无法使用。"


class ExpressionInvalid(DecisionError):
    """The text is no FEEL expression. `position` counts characters from 0."""

    code = "expression_invalid"
    sentence = "表达式第 {position} 个字符处无法识别：{reason}"


class ExpressionTooLong(DecisionError):
    """The text, or a value built by it, is longer than allowed."""

    code = "expression_too_long"
    sentence = "表达式或其产生的内容过长（上限 {limit}）。"


class ExpressionTooDeep(DecisionError):
    """Expressions, values or function calls are nested more deeply than allowed."""

    code = "expression_too_deep"
    sentence = "表达式嵌套或函数调用层数过深（上限 {limit}）。"


class TooManySteps(DecisionError):
    """The evaluation used up its allowance of steps."""

    code = "too_many_steps"
    sentence = "表达式运算量过大（上限 {limit} 步），已停止。"


class TookTooLong(DecisionError):
    """The evaluation used up its allowance of seconds."""

    code = "took_too_long"
    sentence = "表达式运算超时（上限 {limit} 秒），已停止。"


class ModelInvalid(DecisionError):
    """The text is no DMN model that can be read. `reason` says why."""

    code = "model_invalid"
    sentence = "规则文件无法读取：{reason}"


class UnknownDecision(DecisionError):
    """The model holds no decision or decision service of that name."""

    code = "unknown_decision"
    sentence = "规则文件中没有名为“{name}”的决策。"
