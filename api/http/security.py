"""The guard before every route under /api: who calls, and whether the policy allows it. Fail closed."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from inspect import isawaitable
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import TooLarge
from api.http import audit, delegations, people, posts, sessions, shifts, tokens
from api.http.caller import COOKIE
from api.http.headers import Headers
from api.http.limit import BodyTooLarge, limited
from api.http.place import route_path, under_api
from api.http.policy import DRILL_POLICY, POLICY, Addresses, Policy, Rule
from api.http.wings import wing_of
from api.people.guests import LIVE_ONLY
from api.people.person import ROLES
from api.people.refusal import (
    CrossSite,
    Forbidden,
    NotLoggedIn,
    PasswordChangeNeeded,
    Refusal,
    RoleNeeded,
    ScopeNeeded,
    TooManyAttempts,
)
from api.people.service import Caller, PeopleService
from api.people.sessions import csrf_token
from api.people.tokens import SCOPES
from api.wings import NOT_IN_CAST, Wing
from engine.contract import error_data

ROUTERS = (sessions.router, tokens.router, people.router, posts.router, delegations.router, shifts.router, audit.router)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATUS = {
    "not-logged-in": 401,
    "login-refused": 401,
    "password-wrong": 403,
    "forbidden": 403,
    "role-needed": 403,
    "scope-needed": 403,
    "password-change-needed": 403,
    "cross-site": 403,
    "too-many-attempts": 429,
    "conflict": 409,
    "not-found": 404,
}
LOGIN = "用 POST /api/v1/session 登录，或在 Authorization 中给出 Bearer yuan_… 令牌"


class Guard:
    """ASGI middleware. What no entry of the policy fits is answered 404 or 405 here and reaches no route.

    In a wing the policy of drills holds: what it leaves to the live office is answered 403.
    """

    def __init__(self, app: ASGIApp, people: PeopleService, policy: Policy, in_drills: Policy) -> None:
        self._app = app
        self._people = people
        self._addresses = Addresses(policy)
        self._in_drills = Addresses(in_drills)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or not under_api(path := route_path(scope)):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        request, wing = Request(scope), wing_of(scope)
        try:
            rule = self._rule(scope["method"], path) if wing is None else self._rule_in_drills(scope["method"], path)
            if rule.public:
                _check_origin(request)
            else:
                request.state.caller = await to_thread.run_sync(self._admit, request, rule, wing)
            if rule.most is not None:
                receive = limited(scope, receive, rule.most)
        except Exception as error:
            response = await _answer(request, error)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _rule(self, method: str, path: str) -> Rule:
        rule = self._addresses.rule(method, path)
        if rule is None:
            raise HTTPException(405 if self._addresses.has(path) else 404)
        return rule

    def _rule_in_drills(self, method: str, path: str) -> Rule:
        rule = self._in_drills.rule(method, path)
        if rule is None and self._addresses.rule(method, path) is not None:
            raise Forbidden(LIVE_ONLY, where=path, remedy="回实况值班台办理")
        return rule or self._rule(method, path)

    def _admit(self, request: Request, rule: Rule, wing: Wing | None) -> Caller:
        caller = find_caller(self._people if wing is None else wing.office.people, request)
        if caller is None:
            raise NotLoggedIn("没有登录，或登录已过期", where=request.url.path, remedy=LOGIN)
        if wing is not None:
            caller = wing.admit(caller)
            if not caller.actor.roles:
                raise Forbidden(NOT_IN_CAST[0], where=request.url.path, remedy=NOT_IN_CAST[1])
        check_rule(caller, rule, request.url.path)
        if caller.secret is not None:
            _check_csrf(request, caller.secret)
        return caller


def find_caller(people: PeopleService, request: Request) -> Caller | None:
    """Who calls. With an Authorization header that alone counts, and no cookie."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        kind, _, secret = authorization.partition(" ")
        return people.by_token(secret.strip()) if kind.lower() == "bearer" else None
    cookie = request.cookies.get(COOKIE)
    return people.by_session(cookie) if cookie else None


def check_rule(caller: Caller, rule: Rule, where: str) -> None:
    """Raises ScopeNeeded, RoleNeeded or PasswordChangeNeeded unless the rule admits the caller."""
    if caller.token is not None and not caller.token.scopes & rule.scopes:
        if not rule.scopes:
            raise ScopeNeeded("令牌不能做这件事，要由人登录后进行", where=where, remedy="用 POST /api/v1/session 登录")
        raise ScopeNeeded(
            f"令牌没有这个范围，需要：{_named(rule.scopes, SCOPES)}", where=where, remedy="换一个令牌，见 /api/v1/tokens"
        )
    if not caller.actor.roles & rule.roles:
        raise RoleNeeded(f"没有这个权限，需要角色：{_named(rule.roles, ROLES)}", where=where, remedy="请管理员授予角色")
    if caller.must_change and not rule.before_change:
        raise PasswordChangeNeeded("先修改一次性密码", where=where, remedy="用 POST /api/v1/session/password 修改")


def _named(keys: frozenset[str], labels: dict[str, str]) -> str:
    return "或".join(f"{label}（{key}）" for key, label in labels.items() if key in keys)


def _check_origin(request: Request) -> None:
    """A browser says where an unsafe request comes from: only from our own pages. Programs say nothing."""
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    foreign = request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    if foreign if origin is None else urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise CrossSite("请求来自别的网站", where="Origin", remedy="在 Yuan 自己的页面上操作；经代理时要原样传递 Host")


def _check_csrf(request: Request, secret: str) -> None:
    if request.method in SAFE:
        return
    _check_origin(request)
    given = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), csrf_token(secret).encode()):
        raise CrossSite("缺少 X-CSRF-Token，或与会话不符", where="X-CSRF-Token", remedy="用 GET /api/v1/session 取得 csrf")


async def _answer(request: Request, error: Exception) -> Response:
    """The app's own answer to an error: outside the router its handlers would not be asked."""
    handlers: dict[Any, Callable[[Request, Exception], Any]] = request.app.exception_handlers
    for kind in type(error).__mro__:
        if kind is not Exception and kind in handlers:
            found = handlers[kind](request, error)
            response: Response = await found if isawaitable(found) else found
            return response
    raise error


def install(app: FastAPI, service: PeopleService, policy: Policy = POLICY) -> None:
    """Guard every route under /api, set the headers of every answer, add the routes of people, and answer their errors in the one shape.

    To be called after `errors.install` and before `errors.install_fallback` and the console.
    """
    app.state.people = service
    app.add_middleware(Guard, people=service, policy=policy, in_drills=DRILL_POLICY)
    inner = app.build_middleware_stack
    app.build_middleware_stack = lambda: Headers(inner())  # type: ignore[method-assign]

    @app.exception_handler(Refusal)
    def of_refusal(request: Request, error: Refusal) -> JSONResponse:
        status = STATUS.get(error.code, 422)
        headers = {401: {"WWW-Authenticate": "Bearer"}}.get(status, {})
        if isinstance(error, TooManyAttempts):
            headers = {"Retry-After": str(error.wait)}
        return JSONResponse(error_data(error), status, headers=headers)

    @app.exception_handler(BodyTooLarge)
    def of_too_large(request: Request, error: BodyTooLarge) -> JSONResponse:
        return JSONResponse(error_data(TooLarge(error.detail, where="body", remedy="分成几次提交")), error.status_code)

    for router in ROUTERS:
        app.include_router(router)
