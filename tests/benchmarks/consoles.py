"""`python -m tests.benchmarks.consoles`: what a person at the console waits for, with 1, 20 and 100 open consoles on one process.

One real browser measures, in its own clock, from the click to the frame in which the answer stands. The other consoles are
socket clients without a browser, in a process of their own: they load the page, shake hands as NiceGUI's script does, and
read what they are sent. It asserts no time.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

from tests.browser.machine import ROOT, browsing, find_chromium
from tests.browser.screens import Evening, Visitor, evening

CONSOLES = (1, 20, 100)
ROUNDS = 15
ENTRIES = 500
PLAN = "shuozhou-special-equipment"
LEVELS = ((3, "较大"), (12, "重大"), (40, "特别重大"))
"""Deaths, and the word of the grade that they reach."""
SHOWN = """() => {
  const look = () => {
    if ([...document.querySelectorAll('main [data-panel]')].some((one) => one.getBoundingClientRect().width && one.innerText.trim()) && document.querySelector('.clock')?.innerText.trim())
      requestAnimationFrame(() => { window.shownAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  look();
}"""
SEND = """async ([word]) => {
  const panel = () => document.querySelector('[data-panel=proposal], [data-panel=proposals]') ?? document.querySelector('main');
  const button = document.querySelector('form[data-entry] button[type=submit]');
  const before = panel().innerHTML;
  const begun = performance.now();
  button.click();
  return await new Promise((done) => {
    const look = () => {
      if (panel().innerHTML !== before && panel().innerText.includes(word)) requestAnimationFrame(() => done(performance.now() - begun));
      else if (performance.now() - begun > 30000) done(30000);
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


def percentiles(found: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    ordered = sorted(found)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


def resident(pid: int) -> float:
    """Megabytes of memory that a process and its threads hold."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) / 1024


def long_incident(visitor: Visitor) -> str:
    """An incident with so many entries."""
    made = visitor.ask("/incidents", {
        "report": "锅炉爆炸，伤亡不清。", "source": "企业电话", "jurisdiction": "朔州市", "place": "某厂", "title": "五百条日志的事件",
    })["incident"]  # fmt: skip
    visitor.ask(f"/incidents/{made}/plans", {"plan": PLAN})
    while visitor.ask(f"/incidents/{made}")["seq"] < ENTRIES:
        for n in range(40):
            visitor.ask(f"/incidents/{made}/notes", {"text": f"第{n}次询问现场：情况平稳，无新增伤亡"})
    return str(made)


def opened(page: Page, address: str) -> float:
    """Milliseconds from the click on a link until the screen stands, its clock running."""
    page.evaluate("address => { location.href = address; }", address)
    page.wait_for_url(address)
    page.wait_for_function("() => window.shownAt")
    return float(page.evaluate("() => window.shownAt"))


def entered(page: Page, deaths: int, word: str) -> float:
    """Milliseconds from the click on 记下 until the new proposal is seen."""
    page.locator("form[data-entry] [data-pick]").fill("死亡人数")
    page.keyboard.press("Enter")
    page.keyboard.type(str(deaths))
    page.locator("form[data-entry] [name=source]").fill("医院")
    found = float(page.evaluate(SEND, [word]))
    if found >= 30000:
        raise RuntimeError(page.locator("form[data-entry]").inner_text())
    return found


def others(address: str, cookie: str, paths: list[str], count: int) -> subprocess.Popen[str]:
    """So many consoles without a browser, once all are connected."""
    command = [sys.executable, "-m", "tests.benchmarks.consoles", "clients", address, cookie, str(count), *paths]
    made = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert made.stdout is not None
    said = made.stdout.readline()
    if said.strip() != "connected":
        raise RuntimeError(f"the other consoles: {said}")
    return made


async def clients(address: str, cookie: str, count: int, paths: list[str]) -> None:
    """Connect, say so, and stay until the standard input ends."""
    import socketio

    async def one(n: int) -> Any:
        request = urllib.request.Request(f"{address}{paths[n % len(paths)]}", headers={"Cookie": cookie})  # noqa: S310 -- loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        text = await asyncio.to_thread(lambda: opener.open(request, timeout=60).read().decode())
        query = json.loads(
            re.findall(r"query: (\{.*?\}),", text)[0].replace("'", '"').replace("True", "true").replace("False", "false")
        )
        query |= {"document_id": f"document-{n}", "tab_id": f"tab-{n}", "old_tab_id": ""}
        asked = "&".join(f"{key}={json.dumps(value) if isinstance(value, bool) else value}" for key, value in query.items())
        made = socketio.AsyncClient(reconnection=False)
        await made.connect(
            f"{address}?{asked}", headers={"Cookie": cookie}, transports=["websocket"], socketio_path="/_nicegui_ws/socket.io"
        )
        return made

    made = []
    for begin in range(0, count, 10):
        made += await asyncio.gather(*(one(n) for n in range(begin, min(begin + 10, count))))
    await asyncio.sleep(1)
    print("connected" if all(client.connected for client in made) else "some were refused", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(*(client.disconnect() for client in made))


def measured(browser: Browser, found: Evening, incident: str) -> dict[str, list[float]]:
    """Milliseconds of each thing that a person waits for."""
    context = found.context(browser, "daiban1")
    context.add_init_script(f"({SHOWN})()")
    page = context.new_page()
    page.goto(found.address)
    page.wait_for_function("() => window.shownAt")
    here = f"{found.address}/incidents/{incident}"
    times: dict[str, list[float]] = {"打开值班台": [], "打开 500 条日志的事件": [], "记一条事实到看见新建议": []}
    for _ in range(ROUNDS):
        times["打开值班台"].append(opened(page, f"{found.address}/"))
        times["打开 500 条日志的事件"].append(opened(page, here))
    page.wait_for_function("() => document.documentElement.dataset.connected === 'yes'")
    for n in range(ROUNDS):
        times["记一条事实到看见新建议"].append(entered(page, *LEVELS[n % 3]))
        time.sleep(0.7)
    context.close()
    return times


def memory() -> float:
    """Megabytes that one open console costs a fresh server: between 20 and 100 of them, of five screens."""
    with evening() as found:
        visitor = found.login("daiban1")
        paths = ["/", f"/incidents/{long_incident(visitor)}", "/duties", "/wall", "/journal"]
        first = others(found.address, visitor.cookie, paths, 20)
        few = resident(found.process.pid)
        more = others(found.address, visitor.cookie, paths, 80)
        many = resident(found.process.pid)
        for crowd in (first, more):
            crowd.communicate()
    return (many - few) / 80


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no chromium on this machine")
    table = Table("打开的值班台", "项目", "p50", "p95", "目标")
    with evening() as found, browsing(chromium) as browser:
        visitor = found.login("daiban1")
        incident = long_incident(visitor)
        paths = ["/", f"/incidents/{incident}", "/duties", "/wall", "/journal"]
        measured(browser, found, incident)
        pid = found.process.pid
        for count in CONSOLES:
            crowd = others(found.address, visitor.cookie, paths, count - 1) if count > 1 else None
            for name, times in measured(browser, found, incident).items():
                middle, late = percentiles(times)
                goal = "2 s" if name.startswith("打开") else "300 ms"
                table.add_row(str(count), name, f"{middle:.0f} ms", f"{late:.0f} ms", goal)
            if crowd is not None:
                crowd.communicate()
        print(f"memory of the process: {resident(pid):.0f} MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=120).print(table)
    print(f"memory of one more open console: {memory():.1f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["clients"]:
        asyncio.run(clients(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]))
    else:
        main()
