// wx.* in a browser. What is not here throws, never passes in silence; what a phone refuses is refused.
const LIMIT_ITEM = 1 << 20, LIMIT_ALL = 10 << 20
const USER = 'http://usr'

export function createWx({ app, hooks, ui, nav }) {
  const ok = (name, o, extra = {}) => { const r = { errMsg: `${name}:ok`, ...extra }; o?.success?.(r); o?.complete?.(r); return r }
  const bad = (name, o, msg, extra = {}) => { const r = { errMsg: `${name}:fail ${msg}`, ...extra }; o?.fail?.(r); o?.complete?.(r); return r }
  // as on a phone: a promise where no callback is given
  const api = (name, run) => (o = {}) => {
    const p = Promise.resolve().then(() => run(o))
    if (o.success || o.fail || o.complete) { p.then((x) => ok(name, o, x), (e) => bad(name, o, e?.message ?? e, e?.extra)); return undefined }
    return p.then((x) => ok(name, null, x), (e) => Promise.reject(bad(name, null, e?.message ?? e, e?.extra)))
  }
  const fail = (m, extra) => Object.assign(new Error(m), { extra })
  const listeners = {}
  const on = (k) => (f) => { (listeners[k] ||= new Set()).add(f) }
  const off = (k) => (f) => { f ? listeners[k]?.delete(f) : listeners[k]?.clear() }
  const emit = (k, ...a) => listeners[k]?.forEach((f) => f(...a))

  // ---- privacy: with __usePrivacyCheck__ the person is asked first
  let agreed = hooks.privacyAgreed ?? false
  const privacy = async (name) => {
    if (!app.__usePrivacyCheck__ || agreed) return
    if (!listeners.privacy?.size) throw fail('api scope is not declared in the privacy agreement or user not agreed', { errno: 104 })
    const r = await new Promise((res) => emit('privacy', res, { referrer: name }))
    if (r?.event === 'agree') agreed = true
    else throw fail('privacy permission is not authorized', { errno: 104 })
  }
  const needPrivate = (name) => { if (!(app.requiredPrivateInfos || []).includes(name)) throw fail('the api need to be declared in the requiredPrivateInfos field in app.json/ext.json') }

  // ---- files: saved ones outlive a restart (IndexedDB), temporary ones do not
  const files = new Map()
  const urls = new Map()
  let db
  const openDb = () => new Promise((res) => {
    if (typeof indexedDB === 'undefined') return res()
    const r = indexedDB.open(`mp-files-${hooks.owner ?? ''}`, 1)
    r.onupgradeneeded = () => r.result.createObjectStore('f')
    r.onerror = () => res()
    r.onsuccess = () => {
      db = r.result
      const c = db.transaction('f').objectStore('f').openCursor()
      c.onsuccess = () => { if (c.result) { files.set(c.result.key, new Blob([c.result.value.buf], { type: c.result.value.type })); c.result.continue() } else res() }
      c.onerror = () => res()
    }
  })
  const persist = async (p, blob) => { const buf = blob && (await blob.arrayBuffer()); if (db) { const s = db.transaction('f', 'readwrite').objectStore('f'); blob ? s.put({ buf, type: blob.type }, p) : s.delete(p) } }
  const put = (p, blob) => { files.set(p, blob); if (p.startsWith(USER) || p.includes('/store_')) persist(p, blob) }
  const del = (p) => { files.delete(p); persist(p, null) }
  let seq = 0
  const tmpName = (ext) => `http://tmp/${Date.now().toString(36)}${(seq++).toString(36)}.${ext}`
  const ext = (n, d = 'jpg') => /\.([a-z0-9]+)$/i.exec(n || '')?.[1] || d
  const noFile = (p) => fail(`no such file or directory, open "${p}"`)
  const resolveFile = (src) => {
    if (!src) return ''
    if (files.has(src)) { if (!urls.has(src)) urls.set(src, URL.createObjectURL(files.get(src))); return urls.get(src) }
    if (/^(https?:|data:|blob:)/.test(src) && !/^http:\/\/(tmp|usr|store)/.test(src)) return src
    return src.startsWith('/') ? `${hooks.assetBase ?? '/mp'}${src}` : `${hooks.assetBase ?? '/mp'}/${src}`
  }
  const fsm = {
    saveFileSync(tmp, to) { if (!files.has(tmp)) throw noFile(tmp); const p = to || `http://store/store_${Date.now().toString(36)}${seq++}.${ext(tmp)}`; put(p, files.get(tmp)); if (tmp.startsWith('http://tmp')) files.delete(tmp); return p },
    accessSync(p) { if (!files.has(p)) throw noFile(p) },
    unlinkSync(p) { if (!files.has(p)) throw noFile(p); del(p) },
    copyFileSync(a, b) { if (!files.has(a)) throw noFile(a); put(b, files.get(a)) },
    statSync(p) { if (!files.has(p)) throw noFile(p); return { size: files.get(p).size, isFile: () => true, isDirectory: () => false } },
    mkdirSync() {},
    readdirSync(d) { return [...files.keys()].filter((k) => k.startsWith(`${d}/`)).map((k) => k.slice(d.length + 1)) },
    saveFile: api('saveFile', (o) => ({ savedFilePath: fsm.saveFileSync(o.tempFilePath, o.filePath) })),
    access: api('access', (o) => fsm.accessSync(o.path)),
    unlink: api('unlink', (o) => fsm.unlinkSync(o.filePath)),
    copyFile: api('copyFile', (o) => fsm.copyFileSync(o.srcPath, o.destPath)),
    getFileInfo: api('getFileInfo', (o) => ({ size: fsm.statSync(o.filePath).size })),
    getSavedFileList: api('getSavedFileList', () => ({ fileList: [...files].filter(([k]) => k.includes('/store_')).map(([filePath, b]) => ({ filePath, size: b.size, createTime: 0 })) })),
    removeSavedFile: api('removeSavedFile', (o) => fsm.unlinkSync(o.filePath)),
    readFile: api('readFile', async (o) => { if (!files.has(o.filePath)) throw noFile(o.filePath); const b = files.get(o.filePath); if (!o.encoding) return { data: await b.arrayBuffer() }; if (o.encoding === 'base64') { const u = new Uint8Array(await b.arrayBuffer()); let s = ''; u.forEach((x) => { s += String.fromCharCode(x) }); return { data: btoa(s) } } return { data: await b.text() } }),
    writeFile: api('writeFile', (o) => put(o.filePath, new Blob([o.data]))),
  }

  // ---- storage
  const SHELF = `mp:${hooks.owner ?? ''}:` // one phone for each demo person
  const K = (k) => SHELF + k
  const used = () => { let n = 0; for (let i = 0; i < localStorage.length; i++) { const k = localStorage.key(i); if (k.startsWith(SHELF)) n += localStorage.getItem(k).length } return n }
  const st = {
    set(k, v) { const s = JSON.stringify({ v }); if (s.length > LIMIT_ITEM) throw fail('exceed max size of single key'); if (used() + s.length > LIMIT_ALL) throw fail('exceed storage max size 10Mb'); localStorage.setItem(K(k), s) },
    get(k) { const s = localStorage.getItem(K(k)); return s === null ? '' : JSON.parse(s).v ?? '' },
    keys() { return Object.keys(localStorage).filter((k) => k.startsWith(SHELF)).map((k) => k.slice(SHELF.length)) },
  }

  // ---- network
  const netFail = (e, timeout) => (timeout ? 'timeout' : `fail ${e?.message || 'net::ERR_INTERNET_DISCONNECTED'}`).replace(/^fail /, '')
  const task = (ctrl) => ({ abort: () => ctrl.abort(), onHeadersReceived() {}, offHeadersReceived() {}, onProgressUpdate() {}, offProgressUpdate() {}, onChunkReceived() {}, offChunkReceived() {} })
  const request = (o) => {
    const ctrl = new AbortController()
    let timedOut = false
    const timer = setTimeout(() => { timedOut = true; ctrl.abort() }, o.timeout || 60000)
    const method = (o.method || 'GET').toUpperCase()
    const headers = new Headers(o.header || {})
    let url = o.url, body
    if (o.data !== undefined && o.data !== null) {
      if (method === 'GET') { const q = new URLSearchParams(o.data).toString(); if (q) url += (url.includes('?') ? '&' : '?') + q } else if (typeof o.data === 'string' || o.data instanceof ArrayBuffer) body = o.data
      else { if (!headers.has('content-type')) headers.set('content-type', 'application/json'); body = /x-www-form-urlencoded/.test(headers.get('content-type')) ? new URLSearchParams(o.data).toString() : JSON.stringify(o.data) }
    }
    fetch(url, { method, headers, body, signal: ctrl.signal, credentials: 'omit', cache: 'no-store' })
      .then(async (r) => {
        const header = Object.fromEntries(r.headers)
        let data = o.responseType === 'arraybuffer' ? await r.arrayBuffer() : await r.text()
        if (typeof data === 'string' && (o.dataType ?? 'json') === 'json') { try { data = JSON.parse(data) } catch { /* stays text */ } }
        ok('request', o, { data, statusCode: r.status, header, cookies: [] })
      })
      .catch((e) => bad('request', o, netFail(e, timedOut), { errno: 600001 }))
      .finally(() => clearTimeout(timer))
    return task(ctrl)
  }
  const uploadFile = (o) => {
    const ctrl = new AbortController()
    if (!files.has(o.filePath)) { setTimeout(() => bad('uploadFile', o, `file not found ${o.filePath}`)); return task(ctrl) }
    const fd = new FormData()
    for (const [k, v] of Object.entries(o.formData || {})) fd.append(k, String(v))
    fd.append(o.name, files.get(o.filePath), o.filePath.split('/').pop())
    fetch(o.url, { method: 'POST', body: fd, headers: o.header, signal: ctrl.signal, credentials: 'omit' })
      .then(async (r) => ok('uploadFile', o, { data: await r.text(), statusCode: r.status, header: {} }))
      .catch((e) => bad('uploadFile', o, netFail(e), { errno: 600001 }))
    return task(ctrl)
  }
  addEventListener('online', () => emit('network', { isConnected: true, networkType: 'wifi' }))
  addEventListener('offline', () => emit('network', { isConnected: false, networkType: 'none' }))

  // ---- media, place, subscriptions
  const pickFiles = (count) => new Promise((res, rej) => {
    const i = document.createElement('input')
    i.type = 'file'; i.accept = 'image/*'; i.multiple = count > 1
    i.onchange = () => res([...i.files].slice(0, count))
    i.oncancel = () => rej(fail('cancel'))
    i.click()
  })
  const asTemp = (f) => { const p = tmpName(ext(f.name)); files.set(p, f); return { tempFilePath: p, size: f.size, fileType: 'image', width: 0, height: 0 } }
  const dark = matchMedia?.('(prefers-color-scheme: dark)')
  dark?.addEventListener?.('change', () => emit('theme', { theme: dark.matches ? 'dark' : 'light' }))
  const win = () => ({ windowWidth: innerWidth, windowHeight: innerHeight - 44, screenWidth: innerWidth, screenHeight: innerHeight, pixelRatio: devicePixelRatio, statusBarHeight: 0, screenTop: 0, safeArea: { left: 0, top: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight } })
  const base = () => ({ SDKVersion: hooks.sdkVersion ?? '3.8.12', version: '8.0.60', language: 'zh_CN', enableDebug: false, theme: dark?.matches ? 'dark' : 'light', fontSizeSetting: hooks.fontSizeSetting ?? 16, host: { env: 'WeChat', appId: '' } })
  const dev = () => ({ brand: 'devtools', model: 'Chromium', system: 'Android 14', platform: hooks.platform ?? 'android', benchmarkLevel: 30, abi: 'arm64', cpuType: '', memorySize: 8192 })

  const impl = {
    env: { USER_DATA_PATH: USER },
    canIUse: () => true,
    nextTick: (f) => Promise.resolve().then(f),
    getWindowInfo: win, getAppBaseInfo: base, getDeviceInfo: dev,
    getSystemInfoSync: () => ({ ...win(), ...base(), ...dev() }),
    getSystemSetting: () => ({ locationEnabled: true, wifiEnabled: true, bluetoothEnabled: true, deviceOrientation: 'portrait' }),
    getAppAuthorizeSetting: () => ({ locationAuthorized: 'authorized', cameraAuthorized: 'authorized', albumAuthorized: 'authorized', notificationAuthorized: 'authorized' }),
    getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, left: innerWidth - 97, right: innerWidth - 10, top: 6, bottom: 38 }),
    onMenuButtonBoundingClientRectWeightChange() {}, offMenuButtonBoundingClientRectWeightChange() {},
    getAccountInfoSync: () => ({ miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' } }),
    getExtConfigSync: () => hooks.ext ?? {},
    getLaunchOptionsSync: () => ({ path: nav.launchPath(), query: {}, scene: 1001, referrerInfo: {} }),
    getEnterOptionsSync: () => ({ path: nav.launchPath(), query: {}, scene: 1001, referrerInfo: {} }),
    login: api('login', () => { if (hooks.login === 'fail') throw fail('login failed'); return { code: hooks.loginCode ?? 'test-code' } }),
    checkSession: api('checkSession', () => ({})),
    setStorageSync: st.set, getStorageSync: st.get,
    removeStorageSync: (k) => localStorage.removeItem(K(k)),
    clearStorageSync: () => st.keys().forEach((k) => localStorage.removeItem(K(k))),
    getStorageInfoSync: () => ({ keys: st.keys(), currentSize: Math.ceil(used() / 1024), limitSize: 10240 }),
    setStorage: api('setStorage', (o) => st.set(o.key, o.data)),
    getStorage: api('getStorage', (o) => { if (localStorage.getItem(K(o.key)) === null) throw fail('data not found'); return { data: st.get(o.key) } }),
    removeStorage: api('removeStorage', (o) => localStorage.removeItem(K(o.key))),
    request, uploadFile,
    downloadFile: (o) => { fetch(o.url, { headers: o.header }).then(async (r) => { const p = o.filePath || tmpName(ext(o.url)); put(p, await r.blob()); ok('downloadFile', o, { tempFilePath: p, filePath: o.filePath, statusCode: r.status }) }).catch((e) => bad('downloadFile', o, netFail(e))); return task(new AbortController()) },
    getNetworkType: api('getNetworkType', () => ({ networkType: navigator.onLine ? 'wifi' : 'none' })),
    onNetworkStatusChange: on('network'), offNetworkStatusChange: off('network'),
    getFileSystemManager: () => fsm,
    chooseMedia: api('chooseMedia', async (o) => { await privacy('chooseMedia'); const list = await pickFiles(o.count ?? 9); return { type: 'image', tempFiles: list.map(asTemp) } }),
    chooseImage: api('chooseImage', async (o) => { await privacy('chooseImage'); const list = (await pickFiles(o.count ?? 9)).map(asTemp); return { tempFilePaths: list.map((x) => x.tempFilePath), tempFiles: list.map((x) => ({ path: x.tempFilePath, size: x.size })) } }),
    compressImage: api('compressImage', async (o) => { if (!files.has(o.src)) throw noFile(o.src); const p = tmpName('jpg'); files.set(p, files.get(o.src)); return { tempFilePath: p } }),
    getImageInfo: api('getImageInfo', async (o) => { const i = new Image(); i.src = resolveFile(o.src); await i.decode(); return { width: i.naturalWidth, height: i.naturalHeight, path: o.src, orientation: 'up', type: 'jpeg' } }),
    previewImage: api('previewImage', (o) => ui.preview(o.current || o.urls[0])),
    previewMedia: api('previewMedia', (o) => ui.preview(o.sources[0].url)),
    getLocation: api('getLocation', async () => {
      needPrivate('getLocation'); await privacy('getLocation')
      const p = await new Promise((res, rej) => navigator.geolocation.getCurrentPosition(res, (e) => rej(fail(e.code === 1 ? 'auth deny' : 'system error')), { timeout: 5000 }))
      return { latitude: p.coords.latitude, longitude: p.coords.longitude, accuracy: p.coords.accuracy, speed: -1, altitude: 0, verticalAccuracy: 0, horizontalAccuracy: p.coords.accuracy }
    }),
    requestSubscribeMessage: api('requestSubscribeMessage', async (o) => {
      if (!o.tmplIds?.length || o.tmplIds.length > 3) throw fail('TmplIds length invalid', { errCode: 20003 })
      if (!hooks.inTap?.()) throw fail('can only be invoked by user TAP gesture.', { errCode: 20002 })
      const r = hooks.subscribe ?? (await ui.subscribe(o.tmplIds))
      return Object.fromEntries(o.tmplIds.map((t) => [t, r]))
    }),
    getRandomValues: api('getRandomValues', (o) => ({ randomValues: crypto.getRandomValues(new Uint8Array(o.length)).buffer })),
    getSetting: api('getSetting', () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true, itemSettings: {} } })),
    openSetting: api('openSetting', () => ({ authSetting: {} })),
    authorize: api('authorize', () => ({})),
    getPrivacySetting: api('getPrivacySetting', () => ({ needAuthorization: !!app.__usePrivacyCheck__ && !agreed, privacyContractName: '《用户隐私保护指引》' })),
    requirePrivacyAuthorize: api('requirePrivacyAuthorize', () => privacy('requirePrivacyAuthorize')),
    openPrivacyContract: api('openPrivacyContract', () => ({})),
    onNeedPrivacyAuthorization: (f) => { listeners.privacy = new Set([f]) },
    showToast: api('showToast', (o) => ui.toast(o.title, o.duration ?? 1500)), hideToast: api('hideToast', () => ui.hideToast()),
    showLoading: api('showLoading', (o) => ui.toast(o.title, 0)), hideLoading: api('hideLoading', () => ui.hideToast()),
    showModal: api('showModal', (o) => ui.modal(o)),
    showActionSheet: api('showActionSheet', async (o) => { const i = await ui.sheet(o.itemList); if (i < 0) throw fail('cancel'); return { tapIndex: i } }),
    setNavigationBarTitle: api('setNavigationBarTitle', (o) => nav.setTitle(o.title)),
    setNavigationBarColor: api('setNavigationBarColor', () => ({})),
    setTabBarBadge: api('setTabBarBadge', () => ({})), removeTabBarBadge: api('removeTabBarBadge', () => ({})),
    navigateTo: api('navigateTo', (o) => nav.to(o.url, 'navigateTo', o.events)), redirectTo: api('redirectTo', (o) => nav.to(o.url, 'redirectTo')),
    switchTab: api('switchTab', (o) => nav.to(o.url, 'switchTab')), reLaunch: api('reLaunch', (o) => nav.to(o.url, 'reLaunch')),
    navigateBack: api('navigateBack', (o) => nav.back(o.delta ?? 1)),
    startPullDownRefresh: api('startPullDownRefresh', () => nav.pull()), stopPullDownRefresh: api('stopPullDownRefresh', () => ({})),
    pageScrollTo: api('pageScrollTo', (o) => nav.scrollTo(o)),
    createSelectorQuery: () => nav.current().createSelectorQuery(),
    createIntersectionObserver: (c, o) => c.createIntersectionObserver(o),
    createAnimation: () => new Proxy({}, { get: (t, k, p) => (k === 'export' ? () => ({ actions: [] }) : () => p) }),
    getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
    onThemeChange: on('theme'), offThemeChange: off('theme'),
    onError: on('error'), offError: off('error'), onUnhandledRejection: on('rejection'), onPageNotFound: on('nopage'),
    onAppShow: on('appshow'), onAppHide: on('apphide'), onKeyboardHeightChange: on('kb'), offKeyboardHeightChange: off('kb'), onWindowResize: on('resize'), offWindowResize: off('resize'),
    hideKeyboard: api('hideKeyboard', () => document.activeElement?.blur()),
    vibrateShort: api('vibrateShort', () => ({})), vibrateLong: api('vibrateLong', () => ({})),
    setClipboardData: api('setClipboardData', () => ({})), makePhoneCall: api('makePhoneCall', () => ({})),
    getLogManager: () => console, getRealtimeLogManager: () => ({ info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {} }), reportEvent() {},
    loadFontFace: api('loadFontFace', () => ({})),
    ...hooks.wx,
  }
  const wx = new Proxy(impl, { get(t, k) { if (k in t || typeof k === 'symbol' || k === 'then' || k === 'toJSON') return t[k]; if (hooks.optional?.includes(k)) return undefined; throw new Error(`wx.${String(k)} is not implemented by the harness`) }, has: (t, k) => k in t })
  return { wx, resolveFile, emit, openDb, agree: () => { agreed = true }, fire: (k, ...a) => emit(k, ...a) }
}
