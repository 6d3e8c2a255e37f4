// A decision: the level chosen says which posts fit, which word is typed, whether a reason is due, and what the button does.
// A page whose proposal was overtaken stops its form. Small openings and additions that more than one screen uses.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function posts(form, chosen) {
    const fitting = chosen ? chosen.dataset.posts.split("|").filter(Boolean) : [];
    const inputs = all("input[name=post]", form);
    for (const input of inputs) {
      const fits = fitting.includes(input.value);
      input.disabled = !fits;
      input.closest("label").hidden = !fits;
      if (!fits) input.checked = false;
    }
    const open = inputs.filter((input) => !input.disabled);
    if (open.length === 1) open[0].checked = true;
    for (const hint of all("[data-until-chosen]", form)) hint.hidden = Boolean(chosen);
    return open.find((input) => input.checked)?.value;
  }

  function choose(form) {
    const chosen = form.querySelector("input[data-word]:checked:not(:disabled)");
    const post = posts(form, chosen);
    const otherwise = chosen?.dataset.otherwise !== undefined;
    const word = chosen?.dataset.word ?? " ";
    const put = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
    form.elements.reason.required = otherwise;
    put(form.querySelector("[data-reason-label]"), otherwise ? "理由（必填，入日志，不可改）" : chosen ? "理由（与建议一致，可不填）" : "理由");
    for (const field of all("[data-confirm]", form)) field.dataset.confirm = word;
    const drill = window.yuan?.base ? "（推演）" : "";
    put(form.querySelector("[data-confirm-label]"), chosen ? `键入“${word.split("|")[0]}”才能签发${drill}` : "先选一项决定，再键入级别");
    const button = form.querySelector("[data-effect-button]");
    put(button, chosen ? `${post ? `以${post}` : "选定职务后"}${chosen.dataset.effect}${drill}` : button.dataset.effectButton);
  }

  // Times as they are typed: without a date `today` is today, `ahead` the next time that it is so, `moment` the last time.
  const CHINA = 8 * 3600e3;
  const china = (date) => new Date(date.getTime() + CHINA).toISOString();
  function typed(text, kind) {
    const found = text.replace(/：/g, ":").match(/^(?:(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})[\sT]+)?(\d{1,2}):?(\d{2})$/);
    if (!found) return text;
    const [, year, month, day, hour, minute] = found;
    const two = (part) => part.padStart(2, "0");
    const today = china(window.yuan.now()).slice(0, 10);
    const at = `${month ? `${year ?? today.slice(0, 4)}-${two(month)}-${two(day)}` : today}T${two(hour)}:${minute}:00+08:00`;
    const gap = Date.parse(at) - window.yuan.now();
    if (month && !year && kind === "moment" && gap > 0) return `${at.slice(0, 4) - 1}${at.slice(4)}`;
    const shift = month ? 0 : kind === "ahead" && gap < 0 ? 864e5 : kind === "moment" && gap > 0 ? -864e5 : 0;
    return shift ? `${china(new Date(Date.parse(at) + shift)).slice(0, 19)}+08:00` : at;
  }
  function meaning(field) {
    const place = field.parentElement.querySelector("[data-meaning]");
    if (!place) return;
    const text = field.value.trim();
    const at = text && typed(text, field.dataset.type);
    const known = Boolean(at) && !Number.isNaN(Date.parse(at)) && at.endsWith("+08:00");
    place.textContent = !text ? field.dataset.hint : known ? `即 ${at.slice(0, 16).replace("T", " ")}` : "看不懂：写 1430，或 11-22 14:30";
  }

  function stop(form) {
    const stopped = Boolean(form.id && document.querySelector(`[data-stops="${form.id}"]`));
    if (form.inert === stopped) return;
    form.inert = stopped;
    form.classList.toggle("stopped", stopped);
  }

  function allForms() {
    for (const form of all("form[data-choice]")) {
      choose(form);
      stop(form);
      for (const field of all("[data-hint]", form)) meaning(field);
    }
    window.yuan?.check();
  }

  function add(button) {
    const field = button.form?.elements[button.dataset.adds] ?? button.closest("form")?.elements[button.dataset.adds];
    if (!field) return;
    const listed = field.value.split("、").map((one) => one.trim()).filter(Boolean);
    const word = button.textContent.trim();
    field.value = (listed.includes(word) ? listed.filter((one) => one !== word) : [...listed, word]).join("、");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("change", allForms);
  document.addEventListener("input", (event) => { if (event.target.dataset?.hint) meaning(event.target); });
  document.addEventListener("reset", () => setTimeout(allForms, 0));
  document.addEventListener("yuan-patched", allForms);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-adds]");
    if (button) add(button);
    const opener = event.target.closest?.("[data-open]");
    for (const said of opener ? all(`#${CSS.escape(opener.dataset.open)} [data-said]`) : []) said.textContent = "";
  });
  const begin = () => {
    const readers = (window.yuan.readers ??= {});
    readers.today = (text) => typed(text, "today");
    readers.ahead = (text) => typed(text, "ahead");
    setTimeout(allForms, 20);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
