// Entering facts by keyboard: a fact is picked by a part of its name, its own controls come up, pasted series are drawn at once;
// lists that can be sifted. A supplement to console.js.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const person = document.querySelector('meta[name="yuan-person"]')?.content ?? "";

  // --- reading what is typed -------------------------------------------------------------------------------------------
  const TIMES = { 万: 1e4, 亿: 1e8 };
  const plain = (text) => text.normalize("NFKC").replace(/(\d),(?=\d{3})/g, "$1").trim();
  function amount(text, unit) {
    const found = /^(-?\d+(?:\.\d+)?|-?\.\d+)\s*([万亿]?)\s*(\D*)$/.exec(text.trim());
    if (!found || (found[3] && found[3] !== unit)) return text;
    return Number((Number(found[1]) * (TIMES[found[2]] ?? 1)).toPrecision(15));
  }
  function quantity(text, field) {
    const typed = plain(text), unit = field.dataset.unit ?? "";
    const how = field.closest("fieldset .amount")?.querySelector("[data-how]")?.value ?? "";
    const least = /^(?:≥|>=|至少|不少于)\s*(.+)$/.exec(typed) ?? /^(.+?)\s*以上$/.exec(typed);
    if (least) return { at_least: amount(least[1], unit) };
    const most = /^(?:≤|<=|至多|不超过)\s*(.+)$/.exec(typed);
    if (most) return { at_most: amount(most[1], unit) };
    const both = /^(.+?)\s*(?:~|—|–|至|到)\s*(.+)$/.exec(typed);
    if (both) return { between: [amount(both[1], unit), amount(both[2], unit)] };
    const value = amount(typed, unit);
    return how === "between" ? { between: [value] } : how ? { [how]: value } : value;
  }
  const STAMP = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(\d{1,2})[:时](\d{2})?\S*?(?:[\s,;]+(.*))?$/;
  function points(text, field) {
    if (field.points) return field.points;
    const found = [], two = (part) => String(part ?? 0).padStart(2, "0");
    field.lines = []; // the row that each point stands in
    field.value.split("\n").forEach((line, n) => {
      const row = line.normalize("NFKC").replaceAll('"', "").trim().replace(/[,;]+$/, "");
      if (!row || (!found.length && !/\d/.test(row.slice(0, 4)))) return; // a heading, as the server passes over it
      const parts = STAMP.exec(row);
      if (!parts) throw wrong(field, n, 0, row.split(/[\t,;]/)[0].trim(), "不是时间。写成 2026-01-17 08:00");
      const [, year, month, day, hour, minute, said] = parts, value = plain(said ?? "");
      const none = ["", "-", "—", "--", "NA", "N/A", "nan", "NaN", "null", "缺测"].includes(value);
      if (!none && Number.isNaN(Number(value))) throw wrong(field, n, 1, value, "不是数。缺测的留空");
      found.push([`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`, none ? null : Number(value)]);
      field.lines.push(n + 1);
    });
    return found;
  }
  function wrong(field, n, column, text, words) {
    field.setAttribute("aria-invalid", "true");
    const shown = text.length > 24 ? `${text.slice(0, 23)}…` : text;
    return Object.assign(new Error("series"), { words: `第 ${n + 1} 行第 ${column + 1} 列（${["时间", "值"][column]}）：“${shown}”${words}` });
  }
  window.yuan.readers = { ...window.yuan.readers, quantity, points };

  // --- picking a fact ------------------------------------------------------------------------------------------------------
  const listOf = (input) => document.getElementById(input.dataset.pick);
  const shownIn = (list) => all("[role=option]", list).filter((one) => !one.hidden);
  function sift(input) {
    const list = listOf(input), words = input.value.normalize("NFKC").trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of all("[role=option]", list)) one.hidden = !words.every((word) => one.dataset.search.includes(word));
    mark(input, shownIn(list)[0]);
  }
  function mark(input, option) {
    for (const one of all("[aria-selected]", listOf(input))) one.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }
  function unfold(input, open) {
    listOf(input).hidden = !open;
    input.setAttribute("aria-expanded", String(open));
  }
  function bring(form, id) {
    const fields = all("[data-field]", form), base = id?.split("@")[0];
    const found = fields.find((one) => one.dataset.field === id) ?? fields.find((one) => one.dataset.field.split("@")[0] === base);
    for (const one of fields) one.hidden = one.disabled = one !== found;
    for (const one of all("[data-unpicked]", form)) one.hidden = Boolean(found);
    return found;
  }
  function pick(input, id, area) {
    const option = all("[data-pick-of]", listOf(input)).find((one) => one.dataset.pickOf === id || one.dataset.pickOf.split("@")[0] === id);
    if (!option) return;
    input.value = option.dataset.label;
    input.dataset.picked = option.dataset.pickOf;
    unfold(input, false);
    const field = bring(input.form, option.dataset.pickOf), said = input.form.querySelector("[data-said].done");
    if (said) said.textContent = ""; // what was said of the last one
    const cell = area ? field?.querySelector(`[name$="${CSS.escape(area)}"]`) : null;
    (cell ?? field?.querySelector("[data-value]"))?.focus();
    input.form.scrollIntoView({ block: "nearest" });
  }
  function keys(event) {
    const input = event.target;
    if (!input.dataset?.pick || event.isComposing) return;
    const open = !listOf(input).hidden, shown = shownIn(listOf(input));
    const at = shown.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      unfold(input, true);
      mark(input, shown[(at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown.length) pick(input, shown[Math.max(at, 0)].dataset.pickOf);
    } else if (event.key === "Escape" && open) {
      unfold(input, false);
    }
  }

  // --- a grid by arrow keys: up and down a column, and along a row from either end of what is typed; choices keep theirs ------------
  function cells(event) {
    const input = event.target, step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !input.matches?.(".grid input") || event.altKey || event.ctrlKey || event.shiftKey || event.isComposing) return;
    const along = event.key === "ArrowLeft" || event.key === "ArrowRight", at = input.closest("td").cellIndex;
    if (along && input.value && (input.selectionStart !== input.selectionEnd || input.selectionStart !== (step < 0 ? 0 : input.value.length))) return;
    let row = input.closest("tr"), next = along ? row.cells[at + step]?.querySelector("input") : null;
    while (!along && !next && (row = step < 0 ? row.previousElementSibling : row.nextElementSibling)) next = row.cells[at]?.querySelector("input");
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }
  document.addEventListener("keydown", cells);

  // --- a series is drawn while it is pasted -----------------------------------------------------------------------------------
  let drawing = 0;
  function draw(area) {
    area.points = null;
    clearTimeout(drawing);
    drawing = setTimeout(async () => {
      const place = area.closest("fieldset").querySelector("[data-preview]"), text = area.value;
      try {
        const answer = await fetch(`${window.yuan.base}/console/series?plan=${encodeURIComponent(area.dataset.of)}&series=${encodeURIComponent(area.dataset.draws)}`,
          { method: "POST", headers: { "Content-Type": "text/plain" }, body: text });
        const drawn = await answer.json();
        if (area.value !== text) return;
        area.points = drawn.points;
        place.innerHTML = drawn.html;
      } catch { place.textContent = "未连接，暂时画不出；可以照样记下"; }
    }, 120);
  }

  // --- lists that can be sifted: rows by what is chosen beside them ------------------------------------------------------------
  function siftRows() {
    for (const list of all("[data-narrowed]")) {
      const chosen = all(`[data-narrow="${list.dataset.narrowed}"]`).filter((one) => one.type !== "radio" || one.checked);
      for (const row of all("[data-row]", list)) {
        row.hidden = !chosen.every((one) => !one.value || (row.dataset[one.dataset.by] ?? "").split(" ").includes(one.value));
      }
      for (const group of all("[data-group]", list)) group.hidden = all("[data-row]", group).every((row) => row.hidden);
      const none = list.parentElement.querySelector("[data-none]");
      if (none) none.hidden = all("[data-row]", list).some((row) => !row.hidden);
    }
  }

  // --- the readings that a level depends on: all that hold it or would change it are unfolded, the first gets the focus ----------
  function unfoldReadings(button) {
    const rests = button.closest(".rests"), folds = all("details", rests);
    const telling = folds.filter((one) => one.classList.contains("held") || one.querySelector("summary .chip"));
    for (const one of telling.length ? telling : folds) one.open = true;
    rests.scrollIntoView({ block: "start" });
    folds[0]?.querySelector("summary").focus({ preventScroll: true });
  }

  // --- remembering the last source ----------------------------------------------------------------------------------------------
  const kept = (field) => `yuan-last-${person}${window.yuan.base}-${field.dataset.remember}`;
  let rested = 0; // when a form was last emptied: what was just recorded is not hidden by the list
  function recall(root = document) {
    for (const field of all("[data-remember]", root)) if (!field.value) field.value = localStorage.getItem(kept(field)) ?? "";
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset?.pick) { unfold(field, true); sift(field); }
    if (field.dataset?.draws) draw(field);
  });
  document.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!input.dataset?.pick || Date.now() - rested < 300) return;
    input.select();
    unfold(input, true);
    for (const one of all("[role=option]", listOf(input))) one.hidden = false;
    mark(input, shownIn(listOf(input))[0]);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.dataset?.pick) setTimeout(() => { if (document.activeElement !== event.target) unfold(event.target, false); }, 150);
  });
  document.addEventListener("keydown", keys, true);
  document.addEventListener("change", (event) => { if (event.target.dataset?.narrow) siftRows(); });
  document.addEventListener("click", (event) => {
    const option = event.target.closest("[data-pick-of]");
    if (option) pick(document.querySelector(`[data-pick="${option.parentElement.id}"]`), option.dataset.pickOf);
    const readings = event.target.closest("[data-unfold]");
    if (readings) unfoldReadings(readings);
    const go = event.target.closest("[data-go]"), entry = document.querySelector("[data-entry] [data-pick]");
    if (go && entry) {
      const [key, part] = go.dataset.go.split(".");
      pick(entry, key, go.dataset.area ? `${go.dataset.area}.${part}` : null);
    }
    const about = event.target.closest("[data-field-of]");
    if (about) {
      const dialog = document.getElementById(about.dataset.open);
      bring(dialog, about.dataset.fieldOf);
      for (const place of all("[data-about]", dialog)) place.textContent = about.dataset.tells;
      dialog.querySelector("fieldset:not([hidden]) [data-value]")?.focus();
    }
    const told = event.target.closest("[data-open][data-tells]");
    if (told && !about) for (const place of all("[data-about]", document.getElementById(told.dataset.open))) place.textContent = told.dataset.tells;
  });
  // --- nothing picked or nothing filled in: said here, before anything is sent -------------------------------------------------------
  function lacking(form, submitter) {
    if (!all("[data-field]", form).length && form.dataset.entry === undefined) return "";
    if (submitter?.name) return "";
    const field = all("[data-field]", form).find((one) => !one.disabled);
    if (!field) return all("[data-field]", form).length ? "没有发出：先选一项指标（打几个字，回车选定）" : "没有发出：还没有启用预案，先在“其他办理”里启用；情况可先写在值班记录里";
    const filled = [...field.elements].some((one) => one.name && one.type !== "hidden" && !one.name.startsWith("_") && one.value.trim() && (one.type !== "radio" || one.checked));
    return filled ? "" : "没有发出：还没有填值；不知道的不必记，不填就是未知";
  }
  document.addEventListener("submit", (event) => {
    const words = lacking(event.target, event.submitter), said = event.target.querySelector("[data-said]");
    if (!words || !said) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = words;
    said.className = "said error";
    (event.target.querySelector("[data-field]:not([disabled]) [data-value]") ?? event.target.querySelector("[data-pick]"))?.focus();
  }, true);

  document.addEventListener("submit", (event) => {
    for (const field of all("[data-remember]", event.target)) if (field.value) localStorage.setItem(kept(field), field.value);
  });
  document.addEventListener("reset", (event) => { rested = Date.now(); setTimeout(() => {
    if (all("[data-field]", event.target).length) bring(event.target, null);
    for (const place of all("[data-preview]", event.target)) place.textContent = "";
    for (const area of all("[data-draws]", event.target)) area.points = null;
    recall(event.target);
  }); });
  document.addEventListener("yuan-patched", () => {
    siftRows();
    const input = document.activeElement;
    if (input?.dataset?.pick && !listOf(input).hidden) sift(input);
  });
  const begin = () => {
    recall();
    siftRows();
    for (const input of all("[data-pick]")) {
      const typed = input.value && all("[data-pick-of]", listOf(input)).find((one) => one.dataset.label === input.value);
      if (typed) bring(input.form, typed.dataset.pickOf);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => setTimeout(begin, 50));
  else setTimeout(begin, 50);
})();
