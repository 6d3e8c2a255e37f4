"""The login page: plain HTML that speaks to the interface. It needs no session and no socket."""

from __future__ import annotations

from api.console.markup import Markup, tag
from api.console.plain import plain_page

SCRIPT = """
document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, said = form.querySelector("[data-said]"), change = form.querySelector("[data-change]");
  const call = (url, body, csrf) => fetch(url, {method: "POST", headers: {"Content-Type": "application/json", ...(csrf ? {"X-CSRF-Token": csrf} : {})}, body: JSON.stringify(body)});
  const go = () => { const next = new URLSearchParams(location.search).get("next") ?? "/"; location.href = next.startsWith("/") && !next.startsWith("//") ? next : "/"; };
  try {
    const answer = await call("/api/v1/session", {login: form.login.value, password: form.password.value});
    const found = await answer.json();
    if (!answer.ok) { said.textContent = `${found.message}。${found.remedy}`; return; }
    if (!found.must_change) return go();
    if (change.hidden) { change.hidden = false; form.fresh.required = true; form.fresh.focus(); said.textContent = "这是一次性密码：先定一个新密码（至少10个字）"; return; }
    const changed = await call("/api/v1/session/password", {present: form.password.value, new: form.fresh.value}, found.csrf);
    if (changed.ok) return go();
    const problem = await changed.json();
    said.textContent = `${problem.message}。${problem.remedy}`;
  } catch { said.textContent = "连不上服务器。检查网络，稍后再试"; }
});
"""


def login_page(demo: Markup | None = None) -> str:
    """The whole document. demo: what a visitor of the demonstration may log in as."""
    form = tag(
        "form",
        tag("h1", "值班台"),
        tag("p", "预案 Yuan · 引擎提建议，有权的人签发"),
        tag("label", "登录名", tag("input", name="login", autocomplete="username", required=True, autofocus=True)),
        tag("label", "密码", tag("input", name="password", type="password", autocomplete="current-password", required=True)),
        tag(
            "div",
            tag("label", "新密码", tag("input", name="fresh", type="password", autocomplete="new-password")),
            data_change=True,
            hidden=True,
        ),
        tag("p", class_="said error", data_said=True, role="alert"),
        tag("button", "登录", type="submit", class_="button primary"),
        demo,
        class_="login panel",
    )
    body = tag("main", form, class_="yuan login-page")
    return plain_page("登录", body, SCRIPT)
