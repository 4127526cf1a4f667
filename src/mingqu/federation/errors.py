"""Refusals of the federation room."""

from mingqu.kernel.errors import DomainError, NotFound


class TableUnknown(NotFound):
    code = "upward_table_unknown"
    sentence = "没有这张上报的表。"


class NotRejected(DomainError):
    code = "upward_not_rejected"
    status = 409
    sentence = "这一条现在没有被退回，不用重新报送。"


class NobodyAbove(DomainError):
    code = "upward_nobody"
    status = 409
    sentence = "还没有接通上级平台，现在不能报送。请运维人员按运行手册接通。"


class AboveUnavailable(DomainError):
    """Not shown to people as it is: the batch waits and says why."""

    code = "upward_unavailable"
    status = 503
    sentence = "上级平台现在连不上，过一会儿自动再试。"


class UpwardFileWrong(RuntimeError):
    """The operator's file about the platform above can't be used; says what is wrong, never a secret."""
