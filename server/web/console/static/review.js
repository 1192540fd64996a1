// The review page by keyboard. Without this file everything still works with the mouse and the Tab key.
(() => {
  const review = document.querySelector("[data-review]");
  const item = document.getElementById("item");
  const lightbox = document.getElementById("lightbox");
  const find = (selector) => item.querySelector(selector);

  // Which report is open, or being opened, shown in the list: the next key starts from it and waits for no answer
  let opening = null;
  const markHere = () => {
    const here = opening?.dataset.id ?? document.getElementById("here")?.value;
    for (const row of document.querySelectorAll("[data-queue] [data-id]")) {
      if (row.dataset.id === here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    document.querySelector("[data-queue] [aria-current]")?.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-queue] [data-id]")];
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const more = document.querySelector("[data-queue-next]");
    if (by > 0 && at === rows.length - 1 && more) return more.click();
    rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.click();
  };

  // Photos
  const photos = () => [...item.querySelectorAll("[data-photo]")];
  let chosen = 0;
  const choosePhoto = (at) => {
    const all = photos();
    if (at < 0 || at >= all.length) return;
    chosen = at;
    all.forEach((photo, index) => { photo.hidden = index !== at; });
    item.querySelectorAll("[data-choose-photo]").forEach((button, index) => {
      if (index === at) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    if (lightbox.open) enlarge();
  };
  const turnPhoto = (by) => choosePhoto(photos().findIndex((photo) => !photo.hidden) + by);
  const enlarge = () => {
    const photo = photos().find((one) => !one.hidden);
    const link = photo?.querySelector("[data-enlarge]");
    if (!link) return;
    const picture = lightbox.querySelector("[data-large]");
    picture.src = link.href;
    picture.alt = link.querySelector("img").alt;
    lightbox.querySelector("[data-caption]").textContent = photo.querySelector("figcaption").innerText.replace(/\s+/g, " ");
    if (!lightbox.open) lightbox.showModal();
  };

  // Decisions
  const decide = (number) => {
    const decision = find(`[data-decision="${number}"]`);
    if (!decision) return;
    decision.open = true;
    const first = decision.querySelector("[data-first]");
    first?.focus();
    if (first?.matches("input:not([type=radio])")) first.select();
    decision.scrollIntoView({ block: "nearest" });
  };
  item.addEventListener("toggle", (event) => {
    // one decision at a time, also in browsers that don't know <details name>
    if (!event.target.open || !event.target.matches("[data-decision]")) return;
    for (const other of item.querySelectorAll("[data-decision]")) if (other !== event.target) other.open = false;
  }, true);

  const showReply = (form) => {
    const reason = form.querySelector("[name=reason]:checked")?.dataset.words ?? "";
    const own = form.querySelector("[data-own-words]").value.trim();
    form.querySelector("[data-seen]").textContent = own ? `${reason}\n${own}` : reason;
  };
  item.addEventListener("input", (event) => {
    const form = event.target.closest("[data-reply]");
    if (form) showReply(form);
    if (!event.target.matches("[data-task]")) return;
    const chosen = [...document.querySelectorAll("#tasks option")].find((one) => one.value === event.target.value);
    const unit = find("[data-lead-unit]");
    if (chosen && unit && !unit.dataset.touched) unit.value = chosen.dataset.unit;
  });
  item.addEventListener("change", (event) => {
    if (event.target.matches("[data-lead-unit]")) event.target.dataset.touched = "yes";
  });

  item.addEventListener("click", (event) => {
    const chooser = event.target.closest("[data-choose-photo]");
    if (chooser) choosePhoto(Number(chooser.dataset.choosePhoto));
    if (event.target.closest("[data-enlarge]")) {
      event.preventDefault();
      enlarge();
    }
  });
  lightbox.addEventListener("click", (event) => { if (event.target === lightbox || event.target.matches("img")) lightbox.close(); });

  const KEYS = {
    j: () => step(1), k: () => step(-1), f: enlarge, d: () => find("[data-send-on]")?.click(),
    1: () => decide(1), 2: () => decide(2), 3: () => decide(3), 4: () => decide(4),
    u: () => document.querySelector("[data-undoable] button")?.click(),
    m: () => find("[data-say]")?.focus(), r: () => photos().find((one) => !one.hidden)?.querySelector("[data-redact]")?.click(),
    ArrowLeft: () => turnPhoto(-1), ArrowRight: () => turnPhoto(1),
    "?": () => document.getElementById("help").showModal(), "？": () => document.getElementById("help").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input:not([type=radio]), textarea, select");
    if (event.key === "Escape" && event.target.closest(".decide, .say")) event.target.blur();
    if (typing) return;
    if (event.target.matches("[type=radio]") && event.key.startsWith("Arrow")) return;
    if (document.querySelector("#help[open], #redacting[open]")) return;
    if (lightbox.open && !event.key.startsWith("Arrow")) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Who works on keeps the report in hand; a window that was left gives it back by itself after ten minutes
  const RENEW_MS = 4 * 60 * 1000;
  let renewed = Date.now();
  for (const sign of ["keydown", "pointerdown"]) {
    document.addEventListener(sign, () => {
      const holding = find("[data-renew]");
      if (!holding || Date.now() - renewed < RENEW_MS) return;
      renewed = Date.now();
      window.htmx.trigger(holding, "renew");
    });
  }

  // Answers come in any order: only the report that was asked for last is shown
  const isRow = (element) => element?.matches("[data-id]");
  let asked = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!isRow(event.detail.requestConfig.elt)) return;
    asked = opening = event.detail.requestConfig.elt;
    markHere();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const row = event.detail.requestConfig.elt;
    if (isRow(row) && row !== asked) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt !== opening) return;
    opening = null;
    markHere();
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "queue") markHere();
    if (document.getElementById("photos") && event.detail.target.id === "photos") choosePhoto(chosen);
    if (event.detail.target.id !== "item") return;
    review.classList.remove("is-unchosen");
    markHere();
    item.scrollTop = 0;
    chosen = 0;
    document.getElementById("report-title")?.focus({ preventScroll: true });
  });

  // What was accepted can be taken back for a minute, each by its own button, also after the next decision
  const born = new WeakMap();
  const countDown = () => {
    for (const one of document.querySelectorAll("[data-undoable]")) {
      if (!born.has(one)) born.set(one, Date.now());
      const left = Math.ceil(Number(one.dataset.seconds) - (Date.now() - born.get(one)) / 1000);
      if (left > 0) one.querySelector("[data-left]").textContent = `（${left}秒）`;
      else one.remove();
    }
  };
  setInterval(countDown, 1000);
  document.body.addEventListener("htmx:oobAfterSwap", countDown);
  countDown();

  // Back from another window: what came in or was decided meanwhile shows, without keeping an idle session alive
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) window.htmx.trigger(document.body, "queue-changed");
  });
  markHere();
})();
