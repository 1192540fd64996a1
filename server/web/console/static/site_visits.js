// Preparing a visit: weights are summed while they are typed, spare rows wait until they are wanted, lists narrow.
(() => {
  const cents = (text) => (/^\d{1,4}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : NaN);
  const sum = (box) => {
    const typed = [...box.querySelectorAll("[data-weight]")].map((one) => one.value.trim()).filter(Boolean);
    const total = typed.reduce((all, text) => all + cents(text), 0);
    const told = box.querySelector("output");
    told.textContent = Number.isNaN(total) ? "有的不是数字" : `${total / 100}${total === 10000 ? "，正好" : total < 10000 ? `，还差${(10000 - total) / 100}` : `，多了${(total - 10000) / 100}`}`;
    told.classList.toggle("is-right", total === 10000);
  };
  for (const box of document.querySelectorAll("[data-weighing]")) {
    const spares = [...box.querySelectorAll("[data-spare]")];
    const more = box.querySelector("[data-one-more]");
    for (const row of spares) row.hidden = true;
    more.hidden = spares.length === 0;
    more.addEventListener("click", () => {
      const row = spares.shift();
      row.hidden = false;
      row.querySelector("input:not([type=hidden])").focus();
      more.hidden = spares.length === 0;
    });
    box.addEventListener("input", () => sum(box));
    sum(box);
  }
  for (const find of document.querySelectorAll("[data-narrow]")) {
    const list = document.getElementById(find.dataset.narrow);
    find.addEventListener("input", () => {
      const wanted = find.value.trim();
      for (const row of list.querySelectorAll("label")) row.hidden = !row.textContent.includes(wanted);
    });
    find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
})();
