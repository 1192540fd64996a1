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

  // A good notice goes by itself, a bad one stays until it is closed; three at most are kept.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const added of change.addedNodes) {
        if (added.nodeType === 1 && added.matches(".notice-good")) setTimeout(() => added.remove(), Number(added.dataset.stays || STAY_MS));
      }
    }
    const open = notices.querySelectorAll("[data-notice]");
    for (const old of [...open].slice(0, -3)) old.remove();
  }).observe(notices, { childList: true });

  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-notice]")?.closest("[data-notice]").remove();
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.closest("[data-print]")) window.print();
    const copier = event.target.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => { copier.textContent = "已复制"; });
  });

  document.addEventListener("change", (event) => {
    const filters = event.target.closest("[data-filters]");
    if (filters && event.target.matches("select, [type=date]")) filters.requestSubmit();
  });

  // What can be done once goes away when it has been tried.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    event.target.closest?.("[data-once]")?.closest("[data-notice]")?.remove();
  });

  document.body.addEventListener("htmx:sendError", () => notice("网络中断，没有发出去。您填写的内容还在，请稍后再提交。"));
  document.body.addEventListener("htmx:timeout", () => notice("等待太久没有结果。请刷新页面看看是否已经办成。"));
})();
