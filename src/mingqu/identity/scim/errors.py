"""Refusals to staff registers; views give them the form of RFC 7644 3.12."""

from mingqu.kernel.errors import DomainError


class RegisterUnknown(DomainError):
    code = "register_unknown"
    sentence = "没有找到这个人事系统，或者它已经停用。"
    status = 404


class OfficerKept(DomainError):
    """A program that lost its token must not shut the three officers out of their own platform."""

    code = "officer_kept"
    sentence = "系统管理员、安全管理员、审计管理员的账号不由人事系统改动，请由另一位管理员办理。"
    status = 403


class AccountVersionOld(DomainError):
    code = "account_version_old"
    sentence = "这个账号在您读取以后有人改过，请重新读取再改。"
    status = 412


class ExternalIdTaken(DomainError):
    code = "external_id_taken"
    sentence = "这个人事系统里的编号已经属于另一个账号。"
    status = 409
