// A stop's rotating code. The key comes once and is kept closed; afterwards codes are made without the network.
// Time is the server's, counted on by the browser's own counter: the clock of the laptop does not matter.
(() => {
  const STEP_MS = 30_000;
  const JUMP_MS = 2_000;
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const box = document.querySelector("[data-screen]");
  const part = (name) => box.querySelector(`[data-${name}]`);
  const { stop, keyAddress } = box.dataset;
  const opens = Date.parse(box.dataset.opens);
  let screen = null;
  let shown = null;
  let clock = null;

  const tell = (words, isBad = false) => {
    part("told").textContent = words;
    part("told").classList.toggle("is-bad", isBad);
  };
  const blank = (words, isBad) => {
    shown = null;
    part("square").replaceChildren();
    part("letters").textContent = "";
    part("left").style.removeProperty("--left");
    box.classList.remove("is-showing");
    tell(words, isBad);
  };

  // ── time ──
  const set = (serverMs, atCounter) => { clock = { ahead: serverMs - atCounter, wall: Date.now() - performance.now() }; };
  const now = () => clock.ahead + performance.now();
  const slept = () => Math.abs(Date.now() - performance.now() - clock.wall) > JUMP_MS;
  const first = () => {
    const [load] = performance.getEntriesByType("navigation");
    set(Date.parse(box.dataset.now), load ? (load.requestStart + load.responseStart) / 2 : 0);
  };
  const resync = async () => {
    const begun = performance.now();
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
    const ended = performance.now();
    const told = /data-now="([^"]+)"/.exec(await answer.text());
    if (!answer.ok || !told) throw new Error("no time");
    set(Date.parse(told[1]), (begun + ended) / 2);
  };

  // ── the key, which can be used and never read ──
  const base = () => new Promise((done, failed) => {
    const asked = indexedDB.open("code-screens", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("screens", { keyPath: "stop" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const inBase = async (mode, act) => {
    const db = await base();
    return new Promise((done, failed) => {
      const asked = act(db.transaction("screens", mode).objectStore("screens"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  };
  const forget = () => inBase("readwrite", (store) => store.delete(stop)).catch(() => undefined);
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const ask = async () => {
    const headers = { "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(keyAddress, { method: "POST", headers });
    if (!answer.ok) {
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("strong");
      throw new Error(told ? told.textContent.trim() : "没有打开，请重新登录后再试。");
    }
    const opened = await answer.json();
    const key = await crypto.subtle.importKey("raw", bytes(opened.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return { stop, id: opened.id, key, from: Date.parse(opened.shows_from), until: Date.parse(opened.shows_until) };
  };
  const letters = async (step) => {
    const mark = new Uint8Array(await crypto.subtle.sign("HMAC", screen.key, new TextEncoder().encode(`code|${step}`)));
    let number = 0n;
    for (const one of mark.slice(0, 7)) number = (number << 8n) | BigInt(one);
    number >>= 6n;
    let text = "";
    for (let at = 9n; at >= 0n; at -= 1n) text += LETTERS[Number((number >> (5n * at)) & 31n)];
    return text;
  };

  // ── the picture; the white page around it is its quiet zone ──
  const draw = (text) => {
    const code = window.qrcode(0, "M");
    code.addData(text);
    code.make();
    const size = code.getModuleCount();
    let path = "";
    for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (code.isDark(y, x)) path += `M${x + 1} ${y + 1}h1v1h-1z`;
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("viewBox", `0 0 ${size + 2} ${size + 2}`);
    picture.setAttribute("shape-rendering", "crispEdges");
    const dark = document.createElementNS(space, "path");
    dark.setAttribute("d", path);
    picture.append(dark);
    part("square").replaceChildren(picture);
  };
  const hour = (ms) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false }).format(ms);
  const show = async () => {
    const at = now();
    if (at >= screen.until) { await forget(); screen = null; return blank("点位已经结束。"); }
    if (at < screen.from) return blank(`${hour(screen.from)}起显示动态码。`);
    const step = Math.floor(at / STEP_MS);
    if (step !== shown) {
      const made = await letters(step);
      if (Math.floor(now() / STEP_MS) !== step) return undefined;
      shown = step;
      part("square").dataset.code = `${stop}.${step}.${made}`;
      draw(`${stop}.${step}.${made}`);
      part("letters").textContent = `${made.slice(0, 5)} ${made.slice(5)}`;
      box.classList.add("is-showing");
    }
    part("left").style.setProperty("--left", String(1 - (at % STEP_MS) / STEP_MS));
    const lost = navigator.onLine ? "" : "现在没有网络，动态码照常有效。";
    return tell(at < opens ? `${hour(opens)}开始签到，现在是试屏。${lost}` : `每30秒换一次，截图转发无效。${lost}`);
  };
  let isBusy = false;
  const beat = async () => {
    if (!screen || isBusy) return;
    isBusy = true;
    try {
      if (slept()) {
        blank("这台电脑睡眠过，正在校时……", true);
        await resync().catch(() => { throw new Error("请联网校时：连上网络后按“重新校时”。"); });
        part("again").hidden = true;
      }
      await show();
    } catch (error) {
      part("again").hidden = false;
      blank(error.message, true);
    } finally {
      isBusy = false;
    }
  };

  const awake = () => navigator.wakeLock?.request("screen").catch(() => undefined);
  const begin = async () => {
    part("begin").hidden = true;
    awake();
    await beat();
  };
  part("begin").addEventListener("click", async () => {
    part("begin").disabled = true;
    document.documentElement.requestFullscreen?.().catch(() => undefined);
    try {
      screen = await ask();
      await inBase("readwrite", (store) => store.put(screen)).catch(() => undefined);
      await begin();
    } catch (error) {
      tell(error.message, true);
    }
    part("begin").disabled = false;
  });
  part("whole").addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => undefined);
  });
  part("again").addEventListener("click", () => { void beat(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && screen) { awake(); void beat(); } });
  setInterval(() => { void beat(); }, 500);

  const start = async () => {
    if (!window.crypto?.subtle) return tell("这个地址不能显示动态码：请用 https 开头的地址打开后台。", true);
    first();
    const kept = await inBase("readonly", (store) => store.get(stop)).catch(() => undefined);
    if (kept && kept.until > now()) { screen = kept; return begin(); }
    if (kept) await forget();
    part("begin").hidden = false;
    return tell("按下按钮，这台电脑会拿到本点位的动态码密钥，断网也能显示到点位结束。");
  };
  void start();
})();
