"""单位通讯录: the units of a place, whom to reach by which number, and how old that number's last verification is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from api.console.markup import Markup, join, tag
from api.console.parts.gaps import open_end
from api.console.screen import Screen, nothing, panel
from api.console.screens.plans import own_place
from api.http.at_desk import AtDesk
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.model import Plan
from engine.plan.units import Contact, Unit

OLD, TOO_OLD = 180, 365
"""Days after which a number should be, and must be, verified again: lists are gone through once a year."""
LEVELS = ("国家", "省", "部队", "市", "县", "乡镇", "村", "企业")
EXAMPLE = """jurisdiction: {place}
contacts:
  - {{unit: {unit}, post: 值班室, phone: 0000-0000000, person: 值班员, verified_at: 2026-01-01}}"""


class Contacts(Screen):
    """The address book. `?place=` another place, `?q=` words to begin with."""

    path, title, rail = "/contacts", "单位通讯录", "通讯录"

    def frame(self, at_desk: AtDesk) -> Markup:
        query = self.visit.query
        places = sorted(at_desk.library.current().units)
        place = self._place(at_desk)
        links = (
            tag(
                "a",
                one,
                href=f"/contacts?{urlencode({'place': one})}",
                class_="button",
                aria_current="true" if one == place else None,
            )
            for one in places
        )
        return tag(
            "div",
            tag(
                "div",
                tag(
                    "label", "查找单位、别名、岗位、号码",
                    tag("input", type="search", class_="sift", value=query.get("q", ""), data_sift="units", autocomplete="off", data_shortcut="f"),
                    class_="sift-label",
                ),
                tag("div", *links, class_="line") if len(places) > 1 else None,
                panel("summary", label="号码的情况", classes="push"),
                class_="line contacts-top",
            ),
            tag("section", tag("div", data_panel="units", id="units"), class_="panel", aria_label="单位"),
            panel("origin", label="号码从哪里来", heading="号码从哪里来"),
            class_="stack",
        )  # fmt: skip

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        place = self._place(at_desk)
        units = _units(at_desk, place)
        own = [one for one in at_desk.library.current().plans.values() if one.jurisdiction == place]
        return {
            "summary": _summary(units, at_desk.now.date()),
            "units": _list(units, own, at_desk.now.date()),
            "origin": self._origin(at_desk, place, units),
        }

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return False

    def _place(self, at_desk: AtDesk) -> str:
        places = sorted(at_desk.library.current().units)
        wanted = self.visit.query.get("place") or own_place(at_desk)
        return wanted if wanted in places else (places[0] if places else "")

    def _origin(self, at_desk: AtDesk, place: str, units: list[Unit]) -> Markup:
        """The plans print no numbers: the deployment fills them in."""
        settings = self.visit.place.settings
        folder = None if settings is None else settings.plans_dir
        mine = "admin" in at_desk.caller.actor.roles
        where = (
            f"（现在是 {folder}）" if folder is not None and mine else "（已设置）" if folder is not None else "（还没有设置）"
        )
        return join(
            (
                tag("p", "单位和别名出自公报；公报不印号码，号码由本单位自己登记，不进预案文件。"),
                tag(
                    "p",
                    f"管理员在环境变量 YUAN_PLANS_DIR 所指的文件夹{where}里写 units/通讯录.yaml，保存后一秒内生效，写错的会在“预案”一屏列出：",
                ),
                tag("pre", EXAMPLE.format(place=place, unit=units[0].name if units else "单位全称")),
                tag("p", f"verified_at 是最近一次拨通核对的日期。满 {OLD} 天提醒核对，满 {TOO_OLD} 天视为过期。", class_="aside"),
            )
        )


def _units(at_desk: AtDesk, place: str) -> list[Unit]:
    shelf = at_desk.library.current().units.get(place)
    return [] if shelf is None else list({unit.name: unit for unit in shelf.by_name.values()}.values())


def _summary(units: list[Unit], today: date) -> Markup:
    contacts = [one for unit in units for one in unit.contacts]
    without = sum(not unit.contacts for unit in units)
    old = sum((today - one.verified_at).days >= TOO_OLD for one in contacts)
    return tag(
        "div",
        tag("span", f"{len(units)} 个单位"),
        tag("span", f"{len(contacts)} 个号码"),
        tag("b", f"{old} 个过期", class_="inverse") if old else None,
        open_end(f"{without} 个单位没有号码") if without else None,
        class_="line",
    )


def _list(units: list[Unit], plans: list[Plan], today: date) -> Markup:
    if not units:
        return nothing("没有登记单位。单位写在 units 文件夹里，保存后列在这里")
    duties = {plan.id: Counter(one.unit_id for one in plan.duties_under()) for plan in plans}
    groups: list[Markup] = []
    for level, found in groupby(sorted(units, key=_rank), key=lambda unit: unit.level):
        rows = [_row(unit, plans, duties, today) for unit in found]
        groups.append(
            tag(
                "tbody",
                tag(
                    "tr", tag("th", f"{level} · {len(rows)}", colspan="3", scope="colgroup", class_="place"), data_sift_head=True
                ),
                *rows,
                data_key=f"level-{len(groups)}",
            )
        )
    heads = (tag("th", word, scope="col") for word in ("单位", "岗位、号码、最近核对", "按预案要做的"))
    return tag("table", tag("thead", tag("tr", *heads)), *groups, class_="units")


def _rank(unit: Unit) -> int:
    """Units stand by level, the higher first; within one as their file has them."""
    return LEVELS.index(unit.level) if unit.level in LEVELS else len(LEVELS)


def _row(unit: Unit, plans: list[Plan], duties: dict[str, Counter[str | None]], today: date) -> Markup:
    by_post = {one.post: one for one in unit.contacts}
    tasks = [
        tag(
            "a", f"{plan.title} {duties[plan.id][unit.name]} 项", href=f"/plans/{plan.id}?{urlencode({'part': 'duties', 'unit': unit.name})}"
        )
        for plan in plans if duties[plan.id][unit.name]
    ]  # fmt: skip
    words = " ".join((unit.name, *unit.aliases, *unit.posts, *(f"{one.phone} {one.person or ''}" for one in unit.contacts)))
    return tag(
        "tr",
        tag(
            "th",
            tag("b", unit.name),
            tag("div", f"又称 {'、'.join(unit.aliases)}", class_="alias") if unit.aliases else None,
            scope="row",
            class_="unit",
        ),
        tag("td", *(contact_line(post, by_post.get(post), today) for post in unit.posts))
        if by_post
        else tag("td", tag("div", "、".join(unit.posts), " ", open_end("没有号码"), class_="aside")),
        tag("td", tag("details", tag("summary", f"{len(tasks)} 件预案"), *(tag("div", one) for one in tasks)) if tasks else "—"),
        data_key=unit.name,
        data_words=words.casefold(),
    )


def contact_line(post: str, contact: Contact | None, today: date) -> Markup:
    """A post with its number and the age of its last verification; the hatch where there is none."""
    if contact is None:
        return tag("div", tag("span", post), open_end("没有号码"), class_="number-line")
    return tag(
        "div",
        tag("span", post),
        tag("span", contact.phone, class_="phone"),
        tag("span", contact.person) if contact.person else None,
        _age(contact.verified_at, today),
        class_="number-line",
    )


def _age(verified: date, today: date) -> Markup:
    days = (today - verified).days
    if days >= TOO_OLD:
        return tag("b", f"已 {days} 天没有核对（{verified}）", class_="inverse")
    if days >= OLD:
        return tag("span", f"{days} 天前核对（{verified}），该核对了", class_="soon")
    return tag("span", f"{days} 天前核对" if days > 0 else "今天核对", class_="aside", title=str(verified))
