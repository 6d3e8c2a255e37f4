"""Why something about people is refused. These errors know nothing of HTTP."""

from __future__ import annotations

from engine.plan.finding import YuanError


class Refusal(YuanError):
    """The base of them."""

    code = "refused"


class NotLoggedIn(Refusal):
    """No session or token, or one that has ended."""

    code = "not-logged-in"


class LoginRefused(Refusal):
    """Login and password do not fit; the same answer for an unknown login, a disabled account and a wrong password."""

    code = "login-refused"


class PasswordWrong(Refusal):
    """The present password, asked again before a change, is not right."""

    code = "password-wrong"


class Forbidden(Refusal):
    """Known, but not allowed to do this."""

    code = "forbidden"


class RoleNeeded(Forbidden):
    """None of the person's roles may do this."""

    code = "role-needed"


class ScopeNeeded(Forbidden):
    """The token's scopes do not hold this."""

    code = "scope-needed"


class PasswordChangeNeeded(Forbidden):
    """A one-time password must be changed first."""

    code = "password-change-needed"


class CrossSite(Forbidden):
    """A request that another site may have sent."""

    code = "cross-site"


class TooManyAttempts(Refusal):
    """Too many failed logins. `wait`: whole seconds until the next attempt."""

    code = "too-many-attempts"

    def __init__(self, wait: int) -> None:
        super().__init__(
            f"登录失败次数过多，请等 {wait} 秒后再试", where="login", remedy="核对登录名和密码；忘记密码请管理员重置"
        )
        self.wait = wait


class Conflict(Refusal):
    """It does not fit what is already there."""

    code = "conflict"


class Missing(Refusal):
    """No such person, session, token, delegation or shift."""

    code = "not-found"


class Invalid(Refusal):
    """A value that cannot be taken."""

    code = "invalid-value"


class PasswordRefused(Invalid):
    """A new password that breaks the rules."""

    code = "password-refused"
