// Checks a picture against its code: its file is digested here; only if that is not ours, the picture is sent and compared.
(() => {
  const LONGEST = 1600; // pixels of our largest rendition: more is only slower on the way
  const SMALL_ENOUGH = 1024 * 1024;
  const LARGEST = 10 * 1024 * 1024;
  const main = document.querySelector("main");
  const tell = (words) => { main.querySelector("[data-verify-state]").textContent = words; };

  main.addEventListener("change", async (event) => {
    const input = event.target.closest("[data-verify]");
    const file = input?.files[0];
    if (!file) return;
    try {
      await check(`/verify/${encodeURIComponent(input.dataset.verify)}`, file);
    } catch {
      tell("网络不通，还没有核对。请检查网络后再选一次照片。");
    }
    input.value = "";
  });

  async function check(address, file) {
    tell("正在核对……");
    if (file.size <= LARGEST && window.crypto?.subtle) {
      const same = `${address}?sha256=${await digest(file)}`;
      const told = await fetch(same, { headers: { accept: "application/json" } });
      if (told.ok && (await told.json()).verdict === "genuine") return location.assign(same);
    }
    const form = new FormData();
    form.set("file", await smaller(file), "picture");
    const answer = await fetch(address, { method: "POST", body: form, headers: { accept: "text/html" } });
    if (!answer.headers.get("content-type")?.includes("html")) return tell(wordsOf(await answer.json()));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-verdict]");
    if (!fresh) return tell("还没有核对成，请稍后再选一次照片。");
    main.querySelector("[data-verdict]").replaceWith(fresh);
    tell("");
    await show(file, fresh);
    fresh.scrollIntoView({ block: "start" });
  }

  const wordsOf = (problem) => `${problem.message_zh}${problem.hint_zh}`;

  async function digest(file) {
    const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // A large picture as large as ours are; as it is where the browser can't read it.
  async function smaller(file) {
    if (file.size <= SMALL_ENOUGH) return file;
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return file;
    const canvas = drawn(picture, document.createElement("canvas"), LONGEST);
    return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.92));
  }

  function drawn(picture, canvas, longest) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async function show(file, verdict) {
    const boxes = JSON.parse(verdict.dataset.differs);
    const picture = boxes.length ? await createImageBitmap(file).catch(() => null) : null;
    if (!picture) return;
    const canvas = drawn(picture, verdict.querySelector("[data-verdict-picture]"), 1280);
    const pen = canvas.getContext("2d");
    const width = Math.max(3, canvas.width / 160);
    for (const { left, top, right, bottom } of boxes) {
      const box = [left * canvas.width, top * canvas.height, (right - left) * canvas.width, (bottom - top) * canvas.height];
      for (const [colour, thick] of [["white", width * 2], ["#d63939", width]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = thick;
        pen.strokeRect(...box);
      }
    }
    canvas.hidden = false;
  }
})();
