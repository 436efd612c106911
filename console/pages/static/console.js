// What htmx does not do: a form that is left unsaved warns, and its text outlives a log-in in between.
"use strict";
(() => {
  const KEPT = "dalil-kept:";
  const changed = new Set();
  const key = (form) => KEPT + location.pathname + "#" + (form.id || form.action);
  const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== "csrf" &&
    !["hidden", "password", "file", "submit"].includes(field.type));

  function restore(form) {
    const kept = sessionStorage.getItem(key(form));
    if (!kept || form.hasAttribute("data-fault")) return;
    sessionStorage.removeItem(key(form));
    const values = JSON.parse(kept);
    fields(form).forEach((field, place) => {
      if (values[place] === undefined) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values[place];
      else field.value = values[place];
    });
  }

  document.querySelectorAll("form[data-keep]").forEach((form) => {
    if (new URLSearchParams(location.search).has("done")) sessionStorage.removeItem(key(form));
    restore(form);
    form.addEventListener("input", () => {
      changed.add(form);
      const values = fields(form).map((field) => ["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
      sessionStorage.setItem(key(form), JSON.stringify(values));
    });
    form.addEventListener("submit", () => changed.delete(form));
  });
  addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
  document.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !confirm(question)) event.preventDefault();
  });
})();
