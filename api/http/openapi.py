"""The OpenAPI document, with a schema of each plan's facts generated from its indicators."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.library import Library
from engine.plan.load import Loaded
from engine.plan.model import Indicator, Plan

Schema = dict[str, Any]
ERROR: Schema = {
    "type": "object",
    "required": ["code", "message", "where", "remedy"],
    "properties": {key: {"type": "string"} for key in ("code", "message", "where", "remedy")},
}


def facts_schema(plan: Plan) -> Schema:
    """JSON schema of a plan's facts."""
    return {
        "type": "object",
        "title": f"{plan.title}：事实",
        "additionalProperties": False,
        "properties": {key: _fact(indicator) for key, indicator in plan.indicators.items()},
    }


def _fact(indicator: Indicator) -> Schema:
    label = indicator.label + (f"（{indicator.unit}）" if indicator.unit and indicator.unit != "1" else "")
    if indicator.type == "areas":
        row = {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {k: _fact(part) for k, part in indicator.parts.items()},
        }
        return {
            "type": ["object", "null"],
            "title": label,
            "additionalProperties": False,
            "properties": {area: row for area in indicator.areas},
        }
    if indicator.type == "series":
        point = {
            "type": "array",
            "prefixItems": [{"type": "string", "format": "date-time"}, {"type": ["number", "null"]}],
            "minItems": 2,
            "maxItems": 2,
        }
        value: Schema = {"type": "array", "items": point}
        return {"title": label, "anyOf": [value, {"type": "null"}, _sourced(value)]}
    value = _scalar(indicator)
    return {
        "title": label,
        "anyOf": [
            value,
            {"type": "null"},
            *_partials(indicator, value),
            _sourced({"anyOf": [value, *_partials(indicator, value)]}),
        ],
    }


def _scalar(indicator: Indicator) -> Schema:
    match indicator.type:
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            return {"type": "string", "enum": list(indicator.values)}
        case kind:
            return {"type": kind} | ({} if indicator.signed else {"minimum": 0})


def _partials(indicator: Indicator, value: Schema) -> list[Schema]:
    def one(key: str, schema: Schema) -> Schema:
        return {"type": "object", "required": [key], "additionalProperties": False, "properties": {key: schema}}

    found = [one("one_of", {"type": "array", "items": value, "minItems": 1})]
    if indicator.type != "boolean":
        found += [
            one("at_least", value),
            one("at_most", value),
            one("between", {"type": "array", "items": value, "minItems": 2, "maxItems": 2}),
        ]
    return found


def _sourced(value: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": value,
            "source": {"type": ["string", "null"]},
            "observed_at": {"type": ["string", "null"], "format": "date-time"},
        },
    }


def install(app: FastAPI, library: Library) -> None:
    """Let `app.openapi()` describe bodies and errors as they are, for the plans as they stand."""
    described: list[Loaded] = []

    def openapi() -> Schema:
        loaded = library.current()
        if app.openapi_schema is None or described != [loaded]:
            described[:] = [loaded]
            found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas["Error"] = ERROR
            for plan in loaded.plans.values():
                schemas[f"facts.{plan.id}"] = facts_schema(plan)
                schemas[f"case.{plan.id}"] = _case(plan)
            _describe(found, loaded)
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _case(plan: Plan) -> Schema:
    levels = {scale.id: {"enum": [*scale.levels, None]} for scale in plan.scales.values()}
    return {
        "type": "object",
        "title": plan.title,
        "required": ["facts"],
        "additionalProperties": False,
        "properties": {
            "facts": {"$ref": f"#/components/schemas/facts.{plan.id}"},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "readings": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {key: {"enum": ["chosen", *letters]} for key, letters in plan.switches().items()},
            },
            "in_force": {"type": ["object", "null"], "additionalProperties": False, "properties": levels},
        },
    }


def _describe(found: Schema, loaded: Loaded) -> None:
    """Bodies and error answers of every operation."""
    bodies = {
        "/api/v1/plans/{plan_id}/assess": {
            "application/json": {"schema": {"anyOf": [{"$ref": f"#/components/schemas/case.{key}"} for key in loaded.plans]}}
        },
        "/api/v1/plans/{plan_id}/duties": {
            "application/json": {"schema": {"anyOf": [{"$ref": f"#/components/schemas/facts.{key}"} for key in loaded.plans]}}
        },
        "/api/v1/assess/batch": {
            "application/x-ndjson": {
                "schema": {"type": "string", "description": '一行一例：{"id", "plan", "at", "facts", "readings"}'}
            }
        },
    }
    answer = {"description": "错误", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    for path, operations in found["paths"].items():
        if not path.startswith("/api/"):
            continue
        for method, operation in operations.items():
            if method == "post" and path in bodies:
                operation["requestBody"] = {"required": True, "content": bodies[path]}
            for status in ("400", "404", "413", "422"):
                operation["responses"][status] = answer
