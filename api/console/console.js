// The console in the browser: patches panels in place, sends forms to the interface, keeps what is typed, tells the time.
// Nothing here knows a plan, a level or a rule: the server says what to show, the interface says what may be done.
(() => {
  "use strict";
  const meta = (name) => document.querySelector(`meta[name="yuan-${name}"]`)?.content ?? "";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const base = meta("base"); // before every address of a drill
  const offset = Date.parse(meta("real") || meta("now")) - Date.now() || 0;
  const real = () => new Date(Date.now() + offset);
  // A drill's clock: what it showed at a real moment, how fast it has run since, or that it stands. The server says when that changes.
  let pulse = null;
  const now = () => (pulse ? new Date(pulse.shown + (pulse.running ? (real() - pulse.at) * pulse.speed : 0)) : real());
  function beat() {
    const told = document.querySelector("[data-pulse]")?.dataset;
    pulse = told ? { shown: Date.parse(told.pulse), at: Date.parse(told.at), began: Date.parse(told.began), speed: Number(told.speed), running: told.running !== undefined } : null;
  }
  const CHINA = 8 * 3600e3;
  const china = (date) => new Date(date.getTime() + CHINA).toISOString();
  const iso = (date) => china(date).slice(0, 19) + "+08:00";
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // --- patching: keyed elements keep their identity, and with it focus, scroll, folds and half-typed input ------------
  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || "" : "");
  const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
  const FOLDS = new Set(["DETAILS", "DIALOG"]);

  function patchAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
      if (name === "open" && FOLDS.has(from.nodeName)) continue;
      if (!to.hasAttribute(name)) from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (name === "open" && FOLDS.has(from.nodeName)) continue;
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
  }

  function patchNode(from, to) {
    if (from.nodeType !== 1) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    if (from.dataset.still !== undefined && to.dataset.still !== undefined) return;
    if (from.dataset.tick !== undefined && to.dataset.tick !== undefined) {
      patchAttributes(from, to);
      return;
    }
    patchAttributes(from, to);
    patchChildren(from, to);
  }

  function patchChildren(from, to) {
    const keyed = new Map();
    for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
    let place = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const key = keyOf(wanted);
      let found = key ? keyed.get(key) : null;
      if (!key) {
        while (place && keyOf(place)) place = place.nextSibling;
        if (place && alike(place, wanted)) found = place;
      }
      if (found && alike(found, wanted)) {
        if (found !== place && key) from.insertBefore(found, place);
        else place = found.nextSibling;
        if (found === place) place = found.nextSibling;
        patchNode(found, wanted);
        found.kept = true;
      } else {
        wanted.kept = true;
        from.insertBefore(wanted, place);
      }
    }
    for (const child of [...from.childNodes]) {
      if (child.kept) delete child.kept;
      else child.remove();
    }
  }

  function patch(panels) {
    for (const [name, html] of Object.entries(panels)) {
      const panel = document.querySelector(`[data-panel="${CSS.escape(name)}"]`);
      if (!panel) continue;
      const fresh = document.createElement("template");
      fresh.innerHTML = html;
      patchChildren(panel, fresh.content);
    }
    beat();
    tell();
    check();
    document.dispatchEvent(new Event("yuan-patched"));
    document.documentElement.dataset.synced = iso(real());
  }

  // --- time: clocks, what is left, how old --------------------------------------------------------------------------------
  const span = (seconds) => {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    if (minutes < 1) return "不到 1 分";
    if (minutes < 60) return `${minutes} 分`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${hours} 小时${minutes % 60 ? ` ${minutes % 60} 分` : ""}`;
    return `${Math.floor(hours / 24)} 天${hours % 24 ? ` ${hours % 24} 小时` : ""}`;
  };

  const elapsed = (minutes) => {
    const whole = Math.floor(Math.abs(minutes)), hours = Math.floor(whole / 60);
    return `T${minutes < 0 ? "−" : "+"}${hours ? `${hours} 小时 ` : ""}${whole % 60} 分`;
  };

  function tell() {
    const moment = now();
    const text = china(moment);
    for (const clock of all("[data-clock]")) {
      const [hands, seconds] = [text.slice(11, 16), text.slice(16, 19)];
      if (clock.firstChild?.nodeValue !== hands) clock.firstChild.nodeValue = hands;
      clock.lastElementChild.textContent = seconds;
    }
    const day = `${text.slice(0, 10)} 周${"日一二三四五六"[new Date(moment.getTime() + CHINA).getUTCDay()]}`;
    for (const place of all("[data-today]")) if (place.textContent !== day) place.textContent = day;
    for (const place of all("[data-real]")) place.textContent = china(real()).slice(11, 19);
    for (const place of all("[data-elapsed]")) {
      const said = pulse ? elapsed((moment - pulse.began) / 60e3) : "";
      if (place.textContent !== said) place.textContent = said;
    }
    for (const place of all("[data-due]")) {
      const left = (Date.parse(place.dataset.due) - moment) / 1000;
      const said = left >= 0 ? `还剩 ${span(left)}` : `已过 ${span(left)}`;
      if (place.textContent !== said) place.textContent = said;
    }
    for (const place of all("[data-track-from]")) { // a drill's timeline: where time has come
      const [from, to] = [Date.parse(place.dataset.trackFrom), Date.parse(place.dataset.trackTo)];
      const share = Math.min(Math.max((moment - from) / (to - from), 0), 1);
      place.style.left = `${(100 * share).toFixed(2)}%`;
      place.querySelector("b").textContent = china(new Date(from + share * (to - from))).slice(11, 16);
    }
    for (const place of all("[data-skew]")) {
      const said = `与服务器相差 ${Math.round(Math.abs(offset) / 1000)} 秒`;
      if (place.textContent !== said) place.textContent = said;
    }
    for (const place of all("[data-since]")) {
      const said = span((moment - Date.parse(place.dataset.since)) / 1000) + (place.dataset.after ?? "前");
      if (place.textContent !== said) place.textContent = said;
    }
  }

  // --- sending: every form speaks to the interface; without a line it waits in a queue that can be seen ---------------------
  const QUEUE = `yuan-queue-${meta("person")}${base}`;
  const queued = () => JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
  const keep = (queue) => localStorage.setItem(QUEUE, JSON.stringify(queue));

  function place(body, path, value) {
    const names = path.split(".");
    const last = names.pop();
    let here = body;
    for (const name of names) here = here[name] ??= {};
    here[last] = value;
  }

  // “1430”, “14:30”, “11-22 14:30”, “2026-11-22 14:30”; an hour still to come was yesterday, a day still to come last year.
  function moment(text) {
    const found = text.replace(/：/g, ":").match(/^(?:(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})[\sT]+)?(\d{1,2}):?(\d{2})(?::(\d{2}))?$/);
    if (!found) return text;
    const [, year, month, day, hour, minute, second] = found;
    const two = (part) => part.padStart(2, "0");
    const today = china(now()).slice(0, 10);
    const date = month ? `${year ?? today.slice(0, 4)}-${two(month)}-${two(day)}` : today;
    const at = `${date}T${two(hour)}:${minute}:${second ?? "00"}+08:00`;
    if (year || !(Date.parse(at) > now())) return at;
    return month ? `${at.slice(0, 4) - 1}${at.slice(4)}` : `${china(new Date(now() - 864e5)).slice(0, 10)}${at.slice(10)}`;
  }

  function read(field) {
    const text = field.type === "checkbox" ? (field.checked ? "true" : "") : field.value.trim();
    if (text === "") return field.dataset.empty === "null" ? null : undefined;
    const special = window.yuan.readers?.[field.dataset.type];
    if (special) return special(text, field);
    switch (field.dataset.type) {
      case "number": return Number.isFinite(Number(text)) ? Number(text) : text;
      case "boolean": return text === "true";
      case "json": return JSON.parse(text);
      case "level": return text === "none" ? null : text;
      case "list": return text.split(/[、,，\s]+/).filter(Boolean);
      case "at_least": return { at_least: Number(text) };
      case "moment": return moment(text);
      case "series": return text.split(/\n+/).filter((line) => line.trim()).map((line) => {
        const [at, value] = line.trim().split(/[\t,，;；]\s*|\s+(?=[-\d.]+$)/);
        return [at.trim().replace(" ", "T"), value === undefined || value === "" ? null : Number(value)];
      });
      default: return text;
    }
  }

  function collect(form) {
    const body = {};
    for (const field of form.elements) {
      if (!field.name || field.localName === "button" || field.name.startsWith("_") || field.matches(":disabled") || (field.type === "radio" && !field.checked)) continue;
      if (field.dataset.type === "item") {
        const list = body[field.name] ??= [];
        if (field.type === "checkbox" ? field.checked : field.value) list.push(field.value);
        continue;
      }
      const value = read(field);
      if (value !== undefined) place(body, field.name, value);
      else if (field.dataset.now !== undefined) place(body, field.name, iso(now()));
    }
    return body;
  }

  // Logged in anew in another tab: the session has another token, which is fetched; never that of another person.
  async function renewed() {
    const answer = await fetch("/api/v1/session");
    const me = answer.ok ? await answer.json() : null;
    if (me?.person.id !== meta("person")) return false;
    document.querySelector('meta[name="yuan-csrf"]').content = me.csrf;
    return true;
  }

  async function post(one, again = false) {
    const answer = await fetch(one.url, {
      method: one.method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": meta("csrf"), "Idempotency-Key": one.key },
      body: one.body === null ? undefined : JSON.stringify(one.body),
    });
    const text = await answer.text();
    const said = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {};
    if (said.code === "cross-site" && !again && await renewed()) return post(one, true);
    return { ok: answer.ok, status: answer.status, said };
  }

  function show(form, words, kind) {
    const place = form.querySelector("[data-said]");
    if (!place) return;
    place.textContent = words;
    place.className = `said ${kind}`;
    if (kind === "error") place.focus?.();
  }

  // What is missing is said at the form and in Chinese, whatever language the browser speaks.
  document.addEventListener("invalid", (event) => {
    const field = event.target, form = field.form;
    if (!form?.querySelector("[data-said]")) return;
    event.preventDefault();
    if ([...form.elements].find((one) => one.willValidate && !one.validity.valid) !== field) return;
    const words = [...(field.labels?.[0]?.childNodes ?? [])].find((one) => one.nodeType === Node.TEXT_NODE && one.data.trim())?.data;
    const name = (words ?? field.getAttribute("aria-label") ?? field.placeholder).trim().split(/[（：]/)[0];
    show(form, `没有发出：“${name}”${field.validity.valueMissing ? "还没有填" : "写得不对"}`, "error");
    field.focus();
  }, true);

  async function send(form, submitter) {
    let body;
    try {
      body = form.dataset.bare !== undefined ? null : collect(form);
    } catch (wrong) {
      show(form, wrong.words ?? "内容写得不对，检查后再发", "error");
      return;
    }
    if (submitter?.name) place(body, submitter.name, submitter.dataset.type === "json" ? JSON.parse(submitter.value) : submitter.value);
    const url = (submitter?.dataset.url ?? form.dataset.url).replace(/\{(\w+)\}/g, (_, name) => {
      const value = body[name];
      delete body[name];
      return encodeURIComponent(value ?? "");
    });
    const one = { url, method: form.dataset.method ?? "POST", body, key: uuid(), label: form.dataset.label ?? "", at: iso(now()) };
    const buttons = all("button[type=submit]", form);
    buttons.forEach((button) => { button.disabled = true; });
    try {
      settle(form, await post(one));
    } catch {
      if (form.dataset.nowOrNever !== undefined) {
        show(form, "未连接：没有发出，也不排队；所填的都保留，连上后再按一次", "error");
        return;
      }
      try {
        keep([...queued(), one]);
      } catch {
        show(form, "未连接，本机也存不下这么多：没有发出，所填的都保留，连上后再按一次", "error");
        return;
      }
      form.reset();
      show(form, "未连接：已排队，连上后自动发送", "waiting");
      connection();
    } finally {
      buttons.forEach((button) => { button.disabled = false; });
      check();
    }
  }

  const LOGIN_GONE = {
    "not-logged-in": "没有发出：登录已过期，所填的都保留。在另一个标签页登录后，再按一次",
    "cross-site": "没有发出：这个浏览器里已换了别人登录，所填的都保留。请本人在另一个标签页登录后，再按一次",
  };
  // An error names its field by the label that stands there, and marks it; what only a program can use is said in an officer's words.
  const PLAINLY = { "缺少这个参数": "没有填", "这个参数的值不对": "写得不对" };
  const INSTEAD = { "太长": "改短后再发", "没有填": "填上再发", "不能为空": "填上再发" };
  function blame(form, said) {
    const path = (said.where ?? "").replace(/^body\./, "");
    const field = [...form.elements].find((one) => one.name && (one.name === path || path.startsWith(`${one.name}.`) || path.startsWith(`${one.name}[`)));
    field?.setAttribute("aria-invalid", "true");
    const label = (field?.labels?.[0]?.innerText ?? field?.getAttribute("aria-label") ?? "").trim().split(/[\n（：]/)[0];
    const where = /[^\x00-\x7f]/.test(said.where ?? "") ? `（${said.where}）` : "";
    const [, point, column] = /\[(\d+)\](?:\[([01])\])?$/.exec(path) ?? [];
    const row = point && field?.dataset.type === "points" ? `第 ${field.lines?.[point] ?? Number(point) + 1} 行${column ? `第 ${Number(column) + 1} 列（${["时间", "值"][column]}）` : ""}：` : "";
    const words = PLAINLY[said.message] ?? said.message ?? "没有成功";
    const remedy = /\/docs/.test(said.remedy ?? "") ? INSTEAD[field ? words : ""] ?? form.dataset.missing ?? "检查所填的再发" : said.remedy;
    return `${label ? `${label}：` : ""}${row}${words}${where}${remedy ? `。${remedy}` : ""}`;
  }
  function settle(form, { ok, said }) {
    for (const field of form.elements) field.removeAttribute("aria-invalid");
    if (!ok && LOGIN_GONE[said.code]) {
      show(form, LOGIN_GONE[said.code], "error");
      return;
    }
    if (!ok) {
      show(form, blame(form, said), "error");
      return;
    }
    forget(form);
    form.reset();
    show(form, form.dataset.done ?? "已记下", "done");
    window.emitEvent?.("yuan-ask", null);
    if (form.dataset.go) {
      location.href = form.dataset.go.replace(/\{([\w.]+)\}/g, (_, path) => path.split(".").reduce((at, name) => at?.[name], said) ?? "");
      return;
    }
    if (form.dataset.show) {
      const target = document.getElementById(form.dataset.show);
      if (target) target.textContent = form.dataset.field ? said[form.dataset.field] ?? "" : JSON.stringify(said, null, 1);
    }
    if (form.dataset.refresh !== undefined) window.emitEvent?.("yuan-sync");
    form.closest("dialog[data-once]")?.close();
    form.querySelector("[data-first]")?.focus();
  }

  let flushing = false;
  async function flush() {
    if (flushing) return;
    flushing = true;
    try {
      for (let one = queued()[0]; one; one = queued()[0]) {
        const answer = await post(one);
        if ([401, 429].includes(answer.status) || answer.status >= 500 || answer.said.code === "cross-site") break; // kept: it is not what was sent that is wrong
        keep(queued().filter((other) => other.key !== one.key));
        if (!answer.ok) announce(`排队的“${one.label}”没有被接受：${answer.said.message ?? ""} ${answer.said.remedy ?? ""}`);
      }
    } catch { /* the line is down: it is tried again when it is back */ }
    flushing = false;
    connection();
  }

  // --- asking: a form that changes nothing goes into the address, and the panels follow while it is typed -----------------------
  let asking = 0;
  function ask(form, submitter) {
    const given = [...new FormData(form, submitter)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(given);
    history.replaceState(history.state, "", `${location.pathname}${given.length ? `?${query}` : ""}`);
    window.emitEvent?.("yuan-ask", Object.fromEntries(query));
  }
  function filter(input) {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of all("[data-words]", document.getElementById(input.dataset.filter))) {
      const holds = all("input, select, textarea", row).some((field) => field.value && field.type !== "hidden");
      row.hidden = !holds && !words.every((word) => row.dataset.words.toLowerCase().includes(word));
    }
  }

  // --- drafts: what is half typed outlives a reload ------------------------------------------------------------------------
  const draftOf = (form) => `yuan-draft-${meta("person")}-${location.pathname}-${form.dataset.draft}`;
  function remember(form) {
    if (!form.dataset.draft) return;
    const kept = {};
    for (const field of form.elements) if (field.name && field.type !== "password" && field.value) kept[field.name] = field.value;
    try { sessionStorage.setItem(draftOf(form), JSON.stringify(kept)); } catch { /* too much to keep: it still stands in the form */ }
  }
  const forget = (form) => form.dataset.draft && sessionStorage.removeItem(draftOf(form));
  function restore() {
    for (const form of all("form[data-draft]")) {
      const kept = JSON.parse(sessionStorage.getItem(draftOf(form)) ?? "{}");
      for (const field of form.elements) {
        if (field.name && kept[field.name] && !["radio", "checkbox"].includes(field.type)) field.value = kept[field.name];
      }
    }
  }

  // --- what must be typed before a button may be pressed ---------------------------------------------------------------------
  function sift() {
    for (const field of all("[data-sift]")) {
      const words = field.value.trim().toLowerCase().split(/\s+/);
      const listed = document.getElementById(field.dataset.sift);
      for (const row of all("[data-words]", listed ?? undefined)) row.hidden = !words.every((word) => row.dataset.words.includes(word));
      for (const head of all("[data-sift-head]", listed ?? undefined)) {
        head.hidden = all("[data-words]", head.parentElement).every((row) => row.hidden);
      }
    }
  }

  function check() {
    sift();
    for (const form of all("form[data-guard]")) {
      const missing = [...form.elements].some((field) => {
        if (field.disabled || field.closest("[hidden]")) return false;
        if (field.dataset.confirm) return !field.dataset.confirm.split("|").includes(field.value.normalize("NFKC").trim());
        if (field.type === "radio" && field.required) return !form.querySelector(`[name="${field.name}"]:checked`);
        return field.required && !field.value.trim();
      });
      for (const button of all("button[type=submit]", form)) button.disabled = missing;
    }
    for (const choice of all("[data-reveals]")) {
      const shown = choice.value && choice.value !== choice.dataset.reveals;
      for (const part of all("[data-revealed]", choice.form)) part.hidden = !shown;
    }
  }

  // --- the line -----------------------------------------------------------------------------------------------------------
  let down = null;
  function connection() {
    const waiting = queued().length;
    for (const bar of all("[data-line]")) {
      const said = down
        ? `${down} 起未连接；最后同步 ${document.documentElement.dataset.synced?.slice(11, 19) ?? "—"}；可继续记${waiting ? `，${waiting} 条排队` : ""}`
        : waiting ? `${waiting} 条排队，正在发送` : "";
      if (bar.textContent !== said) bar.textContent = said;
      bar.hidden = !said;
    }
    document.documentElement.dataset.connected = down ? "no" : "yes";
    for (const place of all("[data-linked]")) place.textContent = down ? "未连接" : "已连接";
  }
  function listen() {
    if (!window.socket) return setTimeout(listen, 100);
    window.socket.on("disconnect", () => { down ??= china(real()).slice(11, 19); connection(); });
    window.socket.on("connect", () => { const again = down !== null; down = null; connection(); flush(); setTimeout(() => window.emitEvent?.("yuan-sync", again), 300); });
    document.documentElement.dataset.synced ??= iso(real()); // the page as it was sent
    if (window.socket.connected) setTimeout(() => window.emitEvent?.("yuan-sync", false), 300); // it was quicker than this script
    connection();
  }

  function announce(words) {
    for (const place of all("[data-announce]")) place.textContent = words;
    for (const place of all("[data-notice]")) { place.textContent = words; place.hidden = !words; }
  }

  // --- keys -----------------------------------------------------------------------------------------------------------------
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open] form");
  let turn = {};
  function inTurn(key, targets) {
    turn[key] = ((turn[key] ?? -1) + 1) % targets.length;
    return targets[turn[key]];
  }
  // The row where one is: that of the focus, or that which the address names.
  function near(targets) {
    const places = [document.activeElement, document.getElementById(decodeURIComponent(location.hash.slice(1)))];
    const rows = places.map((one) => one && one !== document.body && one.closest("[data-key]")).filter(Boolean);
    return rows.flatMap((row) => targets.filter((one) => row.contains(one)));
  }
  // Deadlines in the order of time, from where one is.
  function later(targets) {
    const due = (one) => Date.parse(one.closest("[data-key]")?.querySelector("[data-due]")?.dataset.due) || Infinity;
    const sorted = [...targets].sort((one, other) => (due(one) === due(other) ? 0 : due(one) - due(other)));
    return sorted[(sorted.indexOf(near(targets)[0]) + 1) % sorted.length];
  }
  function press(event) {
    if (event.key === "Escape") {
      if (event.target.matches?.("input[type=search]")) event.preventDefault(); // the browser would empty it
      const open = all("dialog[open]").pop();
      if (open) {
        open.close();
        if (open.contains(document.activeElement)) document.activeElement.blur(); // the next key is not for what was closed
      } else document.activeElement?.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === " " && event.target.closest?.("button, a, summary, [role=button]")) return; // there it presses what has the focus
    const key = event.key.toLowerCase();
    const targets = all(`[data-shortcut="${CSS.escape(key)}"]`).filter((one) => one.offsetParent !== null);
    if (!targets.length) return;
    event.preventDefault();
    const target = key === "a" ? near(targets)[0] ?? targets[0] : key === "d" ? later(targets) : inTurn(key, targets);
    if (target.matches("dialog")) target.showModal();
    else if (target.matches("input, textarea, select, [data-focus]")) { target.scrollIntoView({ block: "center" }); target.focus(); }
    else target.click();
  }

  function clicked(event) {
    if (event.target.matches?.("input[type=file][data-into]")) event.target.value = ""; // the same file, mended, counts as chosen again
    const opener = event.target.closest("[data-open]");
    if (opener) {
      if (opener.matches("a")) event.preventDefault();
      const dialog = document.getElementById(opener.dataset.open);
      for (const [name, value] of Object.entries(opener.dataset)) {
        if (name.startsWith("set")) {
          const field = dialog?.querySelector(`[name="${name.slice(3).toLowerCase()}"]`);
          if (field) field.value = value;
        }
      }
      dialog?.showModal();
      check();
      return;
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.detail && event.target.closest(".transport button")) document.activeElement?.blur(); // the next space is for the clock
    if (event.target.closest("[data-print]")) window.print();
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const name = toggle.dataset.toggle;
      localStorage.setItem(`yuan-${name}`, localStorage.getItem(`yuan-${name}`) === "on" ? "off" : "on");
      dress();
    }
    const clause = event.target.closest("[data-clause]");
    if (clause) {
      const [first, second] = clause.dataset.clause.split("|");
      showClause(second ? first : clause.closest("[data-plan]")?.dataset.plan, second ?? first);
    }
    const out = event.target.closest("[data-logout]");
    if (out) {
      fetch("/api/v1/session", { method: "DELETE", headers: { "X-CSRF-Token": meta("csrf") } }).finally(() => { location.href = "/login"; });
    }
  }

  async function showClause(plan, name) {
    const dialog = document.getElementById("clause");
    if (!dialog || !name) return;
    const put = (part, text) => { dialog.querySelector(`[data-part="${part}"]`).textContent = text ?? ""; };
    put("name", name); put("note", "正在取原文"); put("text", ""); put("source", "");
    dialog.showModal();
    try {
      const answer = await fetch(`${base}/api/v1/plans/${encodeURIComponent(plan)}/clauses/${encodeURIComponent(name)}`);
      const found = await answer.json();
      put("note", answer.ok ? [found.state === "encoded" ? "" : found.state, found.note ?? ""].join(" ").trim() : found.message);
      put("text", found.text);
      put("source", found.source ? `${found.source.file} ${found.source.number ?? ""}` : "");
    } catch { put("note", "连不上服务器，原文取不到"); }
  }

  function dress() {
    document.body.classList.toggle("body--dark", localStorage.getItem("yuan-light") !== "on");
    document.body.classList.toggle("large-type", localStorage.getItem("yuan-large") === "on");
    for (const one of all("[data-toggle]")) one.setAttribute("aria-pressed", String(localStorage.getItem(`yuan-${one.dataset.toggle}`) === "on"));
  }

  function fileChosen(event) {
    const input = event.target.closest("input[type=file][data-into]");
    if (!input?.files.length) return;
    const area = document.getElementById(input.dataset.into);
    input.files[0].text().then((text) => {
      area.value = text.replace(/\r\n?/g, "\n"); // as it is: rows keep their numbers
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  document.addEventListener("submit", (event) => {
    const asks = event.target.closest("form[data-ask]");
    if (asks) {
      event.preventDefault();
      ask(asks, event.submitter);
      return;
    }
    const form = event.target.closest("form[data-url]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    event.target.removeAttribute("aria-invalid");
    if (event.target.form) remember(event.target.form);
    if (event.target.dataset.filter) filter(event.target);
    const asks = event.target.closest("form[data-ask]");
    if (asks && event.target.name) {
      clearTimeout(asking);
      asking = setTimeout(() => ask(asks), 200);
    }
    check();
  });
  document.addEventListener("change", (event) => { fileChosen(event); check(); });
  document.addEventListener("click", clicked);
  document.addEventListener("close", (event) => all("output.secret", event.target).forEach((one) => { one.textContent = ""; }), true);
  document.addEventListener("keydown", press);
  window.addEventListener("online", flush);
  window.yuan = { base, check, patch, announce, flush, now };
  const goTo = () => { if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView(); };
  const begin = () => {
    if (!document.querySelector(".yuan")) return void setTimeout(begin, 20); // the page is put in by a script of its own
    dress(); new MutationObserver(dress).observe(document.body, { attributes: true, attributeFilter: ["class"] }); goTo(); restore(); check(); beat(); tell(); listen();
    const first = document.querySelector("main [data-autofocus]");
    if (first && !typing(document.activeElement)) first.focus();
    setInterval(tell, 1000); setInterval(() => { if (!down) flush(); }, 5000); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => setTimeout(begin, 0));
  else setTimeout(begin, 0);
})();
