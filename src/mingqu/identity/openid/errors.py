"""Refusals of OpenID Connect: those people see, those programs are told (with the error name of the standard)."""

from typing import ClassVar

from mingqu.kernel.errors import DomainError, to_citizens


class AppUnknown(DomainError):
    """Never led back to the application: an address that is not registered may be anybody's."""

    code = "app_unknown"
    sentence = to_citizens(
        "要用您的账号登录的应用没有在这里登记，或者已经停用。请回到那个应用，联系它的运营单位。"
    )


class ReturnUnknown(DomainError):
    code = "return_unknown"
    sentence = to_citizens("应用给的返回地址没有在这里登记，为了您的安全没有继续。请联系那个应用的运营单位。")


class WrongReturn(DomainError):
    code = "wrong_return"
    sentence = "返回地址要写完整，以https://开头，不带通配符和#号；一行一个，最多10个。"


class NoScope(DomainError):
    code = "no_scope"
    sentence = "请至少勾选“识别是不是同一个人”，其他按需要勾选。"


class AppWithdrawn(DomainError):
    code = "app_withdrawn"
    sentence = "这个应用已经停用。请先恢复，再办理。"
    status = 409


class GrantUnknown(DomainError):
    code = "grant_unknown"
    sentence = to_citizens("没有找到这个应用的授权，可能已经收回。")
    status = 404


class ProgramRefused(DomainError):
    """Told to a program as JSON (RFC 6749 5.2, RFC 6750 3.1); `error` is the name the standard gives it."""

    error: ClassVar[str] = "unsupported_grant_type"
    code = "openid_unsupported_grant_type"
    sentence = "只能用授权码或者刷新令牌换取令牌。"


class ClientRefused(ProgramRefused):
    error = "invalid_client"
    code = "openid_invalid_client"
    sentence = "应用编号或者密钥不对，或者应用已经停用。"
    status = 401  # 400 where no header was used (RFC 6749 5.2)


class GrantRefused(ProgramRefused):
    """One answer for all: unknown, used, expired, of another application, wrong PKCE secret."""

    error = "invalid_grant"
    code = "openid_invalid_grant"
    sentence = "授权码或者刷新令牌无效、用过或者过期。"


class TokenRefused(ProgramRefused):
    error = "invalid_token"
    code = "openid_invalid_token"
    sentence = "访问令牌无效、过期或者已经收回。"
    status = 401


class OutsideRefused(DomainError):
    """Signing in with an outside service did not come to its end; each reason has its code, people get one sentence."""

    code = "outside_refused"
    sentence = to_citizens("没有登录成功。请再试一次，或者用手机验证码登录。")
    status = 403


class OutsideState(OutsideRefused):
    """Not begun in this browser, begun too long ago, or answered already: a replay."""

    code = "outside_state"


class OutsideNonce(OutsideRefused):
    code = "outside_nonce"


class OutsideIssuer(OutsideRefused):
    code = "outside_issuer"


class OutsideAudience(OutsideRefused):
    code = "outside_audience"


class OutsideExpired(OutsideRefused):
    code = "outside_expired"


class OutsideSignature(OutsideRefused):
    code = "outside_signature"


class OutsideDeclined(OutsideRefused):
    code = "outside_declined"
    sentence = to_citizens("您在对方的页面上取消了登录。请再试一次，或者用手机验证码登录。")


class OutsideSilent(OutsideRefused):
    code = "outside_silent"
    sentence = to_citizens("现在连不上对方的登录系统。请过一会儿再试，或者用手机验证码登录。")
    status = 503


class OutsideTaken(DomainError):
    code = "outside_taken"
    sentence = to_citizens("这个外部账号已经连到另一个账号。请用那个账号登录，先解除连接。")
    status = 409
