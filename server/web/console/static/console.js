// What every page needs: notices that go away, dialogs that open, filters that apply themselves.
(() => {
  const STAY_MS = 8000;
  const notices = document.getElementById("notices");

  const notice = (words) => {
    const box = document.createElement("div");
    box.className = "notice notice-bad";
    box.dataset.notice = "";
    box.setAttribute("role", "alert");
    box.append(document.createElement("strong"));
    box.firstChild.textContent = words;
    notices.append(box);
  };

  // A good notice goes by itself, a bad one when it is closed or the next comes; one stands at a time.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const added of change.addedNodes) {
        if (added.nodeType === 1 && added.matches(".notice-good")) setTimeout(() => added.remove(), STAY_MS);
      }
    }
    const open = notices.querySelectorAll("[data-notice]");
    for (const old of [...open].slice(0, -1)) old.remove();
  }).observe(notices, { childList: true });

  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-notice]")?.closest("[data-notice]").remove();
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.closest("[data-print]")) window.print();
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => { copier.textContent = "已复制"; });
  });

  // Before and after lie on each other: what is dragged, or moved with the arrow keys, shows more of the one
  document.addEventListener("input", (event) => {
    const pair = event.target.closest?.("[data-compare]");
    if (pair) pair.style.setProperty("--at", `${event.target.value}%`);
  });

  document.addEventListener("change", (event) => {
    const filters = event.target.closest("[data-filters]");
    if (filters && event.target.matches("select, [type=date]")) filters.requestSubmit();
  });

  // A refusal stands in the form it answers, by its button, and each field that is wrong says so itself.
  const FIELD = "[data-wrong]";
  const clear = (form) => {
    form.querySelectorAll(".refused-here, .field-wrong").forEach((one) => one.remove());
    form.querySelectorAll("[aria-invalid]").forEach((one) => { one.removeAttribute("aria-invalid"); one.removeAttribute("aria-describedby"); });
  };
  const blame = (form) => {
    for (const told of form.querySelectorAll(FIELD)) {
      const field = [...form.elements].find((one) => one.name === told.dataset.wrong && one.type !== "hidden");
      if (!field) continue;
      const words = document.createElement("p");
      words.className = "field-wrong";
      words.id = `wrong-${told.dataset.wrong}-${form.action.length}`;
      words.textContent = told.dataset.words;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", words.id);
      field.after(words);
      told.remove();
    }
    (form.querySelector('[aria-invalid="true"]') ?? form.querySelector(".refused-here"))?.scrollIntoView({ block: "nearest" });
    form.querySelector('[aria-invalid="true"]')?.focus();
  };
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target, xhr } = event.detail;
    const form = requestConfig.elt.closest("form");
    if (!form || form.hidden) return;
    clear(form);
    if (xhr.status < 400 || target !== notices || xhr.status === 401) return;
    const slot = document.createElement("div");
    const button = [...form.querySelectorAll(":scope > button, :scope > .verdict-buttons, :scope > .filter-buttons")].at(0);
    if (button) button.before(slot); else form.append(slot);
    event.detail.target = slot;
    event.detail.swapOverride = "outerHTML";
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const told of document.querySelectorAll("form .notice-bad:not(.refused-here)")) {
      told.classList.add("refused-here");
      blame(told.closest("form"));
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.getAttribute?.("aria-invalid") !== "true") return;
    event.target.removeAttribute("aria-invalid");
    document.getElementById(event.target.getAttribute("aria-describedby"))?.remove();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    const field = document.getElementById("top-search");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.body.addEventListener("htmx:sendError", () => notice("网络中断，没有发出去。您填写的内容还在，请稍后再提交。"));
  document.body.addEventListener("htmx:timeout", () => notice("等待太久没有结果。请刷新页面看看是否已经办成。"));
})();
