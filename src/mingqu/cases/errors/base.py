"""What every refusal about a case is."""

from mingqu.kernel.errors import DomainError


class CaseRefusal(DomainError):
    status = 409


class FilesAreKept(DomainError):
    """A sweep came upon what is a case, or at work again; nothing of it goes."""

    code = "files_are_kept"
    sentence = "这里的文件属于办件或者正在使用，不能清理。"
    status = 409
