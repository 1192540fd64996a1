// Photos for a reply: each is sent at once under its digest, as phones do; the form then names those that arrived.
(() => {
  const MOST = 9;
  for (const input of document.querySelectorAll("[data-reply-photos]")) {
    const form = input.closest("form");
    const named = form.querySelector("[name=photos]");
    const list = form.querySelector("[data-arrived]");
    const button = form.querySelector(".btn-primary");
    const said = form.querySelector("[data-photos-said]");
    const arrived = new Map();
    input.hidden = false;
    input.addEventListener("change", async () => {
      button.disabled = true;
      said.textContent = "正在上传……";
      const problems = [];
      for (const file of input.files) {
        if (arrived.size >= MOST) { problems.push(`最多${MOST}张，其余的没有上传。`); break; }
        const problem = await send(file).catch(() => "网络不通，请再选一次。");
        if (problem) problems.push(`${file.name}：${problem}`);
      }
      named.value = [...arrived].map(([digest, one]) => `${digest}:${one.size}`).join(",");
      list.replaceChildren(...[...arrived.values()].map((one) => Object.assign(document.createElement("li"), { textContent: one.name })));
      said.textContent = problems.join(" ") || `已上传${arrived.size}张。`;
      input.value = "";
      button.disabled = false;
    });

    async function send(file) {
      if (!window.crypto?.subtle) return "这个浏览器不能核对照片，请在小程序里反馈。";
      const digest = await digestOf(file);
      if (arrived.has(digest)) return "";
      const form = new FormData();
      form.set("file", file);
      const answer = await fetch(`/console/letters/photos/${digest}`, { method: "POST", body: form, headers: { "hx-request": "true" } });
      if (answer.ok) { arrived.set(digest, file); return ""; }
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-notice] > div");
      return told ? [...told.children].map((one) => one.textContent).join("") : "没有上传成，请再选一次。";
    }
  }

  async function digestOf(file) {
    const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
