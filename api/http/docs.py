"""`/docs`: what each address takes and answers, from the OpenAPI document, on one plain page that needs no other machine."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

STYLE = """body { font: 15px/1.6 "Noto Sans CJK SC", sans-serif; max-width: 960px; margin: 24px auto; padding: 0 16px; }
code, pre { font-family: monospace; background: #eee; color: #111; padding: 1px 4px; } pre { padding: 8px; overflow: auto; }
h2 { font-size: 17px; margin: 28px 0 4px; } table { border-collapse: collapse; } td { border: 1px solid #999; padding: 2px 8px; vertical-align: top; }"""


def install(app: FastAPI) -> None:
    """Serve the page."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(_page(app.openapi()))


def _page(document: dict[str, Any]) -> str:
    parts = [
        _operation(path, method, one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if path.startswith("/api/")
    ]
    facts = [_facts(name, schema) for name, schema in document["components"]["schemas"].items() if name.startswith("facts.")]
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title} 接口</title><style>{STYLE}</style></head><body>'
        f'<h1>{title} 接口</h1><p>全文见 <a href="/openapi.json">/openapi.json</a>。错误一律为 <code>{{code, message, where, remedy}}</code>。'
        f"</p>{''.join(parts)}<h1>各预案的事实</h1><p>不知道的不写；部分已知写 <code>{{at_least}}</code>、<code>{{at_most}}</code>、"
        f"<code>{{between}}</code>、<code>{{one_of}}</code>。</p>{''.join(facts)}</body></html>"
    )


def _operation(path: str, method: str, one: dict[str, Any]) -> str:
    named = [f"<code>{escape(p['name'])}</code>{'（必填）' if p.get('required') else ''}" for p in one.get("parameters", ())]
    body = "、".join(one["requestBody"]["content"]) if "requestBody" in one else ""
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(one.get('description') or one.get('summary', ''))}</p>"
        + (f"<p>参数：{'、'.join(named)}</p>" if named else "")
        + (f"<p>请求体：{escape(body)}</p>" if body else "")
    )


def _facts(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(key)}</code></td><td>{escape(str(one.get('title', '')))}</td><td>{escape(_values(one))}</td></tr>"
        for key, one in schema["properties"].items()
    )
    return f"<h2>{escape(schema['title'])}（<code>{escape(name.removeprefix('facts.'))}</code>）</h2><table>{rows}</table>"


def _values(schema: dict[str, Any]) -> str:
    first = schema.get("anyOf", [schema])[0]
    return "、".join(map(str, first["enum"])) if "enum" in first else str(first.get("type", ""))
