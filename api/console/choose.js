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
    put(form.querySelector("[data-confirm-label]"), chosen ? `键入“${word.split("|")[0]}”才能签发` : "先选一项决定，再键入级别");
    const button = form.querySelector("[data-effect-button]");
    put(button, chosen ? `${post ? `以${post}` : "选定职务后"}${chosen.dataset.effect}` : button.dataset.effectButton);
  }

  function stop(form) {
    const stopped = Boolean(form.id && document.querySelector(`[data-stops="${form.id}"]`));
    if (form.inert === stopped) return;
    form.inert = stopped;
    form.classList.toggle("stopped", stopped);
  }

  function all_forms() {
    for (const form of all("form[data-choice]")) {
      choose(form);
      stop(form);
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

  document.addEventListener("change", all_forms);
  document.addEventListener("reset", () => setTimeout(all_forms, 0));
  document.addEventListener("yuan-patched", all_forms);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-adds]");
    if (button) add(button);
    const opener = event.target.closest?.("[data-open]");
    for (const said of opener ? all(`#${CSS.escape(opener.dataset.open)} [data-said]`) : []) said.textContent = "";
  });
  const begin = () => setTimeout(all_forms, 20);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
