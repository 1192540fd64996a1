// A mini-program in a browser: WeChat's glass-easel engine, with the router, lifetimes and tab bar of a phone.
import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import { MpBackend } from './backend.js'
import { defineBuiltins } from './builtin.js'
import { createWx } from './wx/index.js'

Object.defineProperty(Object.prototype, '__wxsType', { configurable: true, get() { const s = Object.prototype.toString.call(this).slice(8, -1); return s } })
globalThis.getRegExp = (p, f) => new RegExp(p, f)
globalThis.getDate = (...a) => new Date(...a)
glassEasel.globalOptions.throwGlobalError = false
glassEasel.addGlobalErrorListener((e) => { errors.push(e?.stack || String(e)); console.error(e); return false })
glassEasel.addGlobalWarningListener?.((w) => { warnings.push(String(w?.message || w)) ; return false })
export const errors = []
export const warnings = []

export function boot(MP, hooks = {}, { mount = document.body } = {}) {
  const { app: cfg, comps, modules, tmpl, styles } = MP
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  const cs = space.getComponentSpace()
  const ctx = new MpBackend()
  const backend = env.associateBackend(ctx)
  for (const [p, css] of Object.entries(styles)) ctx.registerStyleSheetContent(p, css)
  if ('app' in styles) space.addStyleSheet('app', 'app')

  // ---- layers above the pages
  let touchStart = Infinity
  document.addEventListener('pointerdown', () => { touchStart = performance.now() }, true)
  const layer = (inner) => { const l = document.createElement('div'); l.className = 'mp-layer'; const t0 = performance.now(); l.addEventListener('click', (e) => { if (touchStart < t0) e.stopImmediatePropagation() }, true); /* the click that follows the touchend which opened this layer began before the layer was there */ l.append(inner); document.body.append(l); return l }
  let toastEl
  const btn = (t, f) => Object.assign(document.createElement('button'), { textContent: t, onclick: f })
  const ui = {
    toast(t, ms) { ui.hideToast(); const d = Object.assign(document.createElement('div'), { className: 'mp-toast', textContent: t }); d.setAttribute('role', 'status'); toastEl = layer(d); toastEl.style.pointerEvents = 'none'; const me = toastEl; if (ms) setTimeout(() => me.remove(), ms) },
    hideToast() { toastEl?.remove() },
    modal: (o) => new Promise((res) => { const d = document.createElement('div'); d.className = 'mp-modal'; d.setAttribute('role', 'dialog'); const p = document.createElement('p'); p.textContent = [o.title, o.content].filter(Boolean).join('\n'); p.style.whiteSpace = 'pre-line'; const r = document.createElement('div'); const l = layer(d); const done = (c) => { l.remove(); res({ confirm: c, cancel: !c }) }; if (o.showCancel !== false) r.append(btn(o.cancelText || '取消', () => done(false))); r.append(btn(o.confirmText || '确定', () => done(true))); d.append(p, r) }),
    sheet: (items) => new Promise((res) => { const d = document.createElement('div'); d.className = 'mp-sheet'; const l = layer(d); const done = (i) => { l.remove(); res(i) }; items.forEach((t, i) => d.append(btn(t, () => done(i)))); d.append(btn('取消', () => done(-1))) }),
    subscribe: async (ids) => ((await ui.modal({ title: '订阅消息', content: `模板 ${ids.join('、')}`, confirmText: '允许', cancelText: '拒绝' })).confirm ? 'accept' : 'reject'),
    ask: (title) => new Promise((res) => { const d = document.createElement('div'); d.className = 'mp-modal'; d.setAttribute('role', 'dialog'); const p = document.createElement('p'); p.textContent = title; const i = document.createElement('input'); i.setAttribute('aria-label', title); p.append(i); const r = document.createElement('div'); const l = layer(d); const done = (v) => { l.remove(); res(v) }; r.append(btn('取消', () => done('')), btn('确定', () => done(i.value))); d.append(p, r) }),
    preview(src) { const i = Object.assign(document.createElement('img'), { src, className: 'mp-preview' }); i.style.maxWidth = '100%'; const l = layer(i); l.onclick = () => l.remove() },
  }

  // ---- the stack of pages
  const stack = []
  const tabs = new Set((cfg.tabBar?.list || []).map((t) => t.pagePath))
  const tabPages = new Map()
  const shell = document.createElement('div'); shell.className = 'mp-shell'; mount.append(shell)
  const navEl = document.createElement('div'); navEl.className = 'mp-nav'; shell.append(navEl)
  const isDark = () => matchMedia?.('(prefers-color-scheme: dark)').matches
  const themed = (v) => (typeof v === 'string' && v[0] === '@' ? MP.theme?.[isDark() ? 'dark' : 'light']?.[v.slice(1)] : v)
  const paintNav = (p) => {
    const c = { ...cfg.window, ...p.config }
    navEl.textContent = ''
    navEl.style.display = c.navigationStyle === 'custom' ? 'none' : ''
    navEl.style.background = themed(c.navigationBarBackgroundColor) || '#fff'
    navEl.style.color = themed(c.navigationBarTextStyle) === 'white' ? '#fff' : '#000'
    shell.style.background = themed(c.backgroundColor) || '#fff'
    if (stack.length > 1) { const b = btn('‹', () => W.wx.navigateBack()); b.setAttribute('aria-label', '返回'); navEl.append(b) }
    const t = document.createElement('span'); t.textContent = p.title ?? c.navigationBarTitleText ?? ''; t.setAttribute('role', 'heading'); navEl.append(t)
  }
  matchMedia?.('(prefers-color-scheme: dark)')?.addEventListener?.('change', () => stack.length && paintNav(stack.at(-1)))
  const parse = (url) => {
    let [p, q = ''] = url.split('?')
    if (!p.startsWith('/')) p = `/${(stack.at(-1)?.path || '').split('/').slice(0, -1).concat(p).join('/')}`
    const out = []
    for (const s of p.split('/')) { if (s === '..') out.pop(); else if (s && s !== '.') out.push(s) }
    const query = {}
    for (const kv of q.split('&')) if (kv) { const i = kv.indexOf('='); query[i < 0 ? kv : kv.slice(0, i)] = i < 0 ? '' : kv.slice(i + 1) } // as on a phone: not decoded
    return { path: out.join('/'), query }
  }
  const call = (page, name, ...args) => { try { return page.inst[name]?.(...args) } catch (e) { errors.push(e.stack || String(e)); console.error(e); return undefined } }
  const show = (p) => {
    for (const x of [...stack, ...tabPages.values()]) if (x !== p) x.el.style.display = 'none'
    p.el.style.display = ''
    ctx.activatePage(p.path)
    paintNav(p)
    if (hooks.hash !== false) history.replaceState(null, '', `#/${p.path}${p.rawQuery ? `?${p.rawQuery}` : ''}`)
    call(p, 'onShow'); p.comp.triggerPageLifetime('show', [])
    p.tabComp?.triggerPageLifetime('show', [])
  }
  const hide = (p) => { call(p, 'onHide'); p.comp.triggerPageLifetime('hide', []) }
  const loadPackage = (path) => { const s = (cfg.subpackages || cfg.subPackages || []).find((x) => path.startsWith(`${x.root.replace(/\/$/, '')}/`)); return s?.root }
  const create = (path, query, rawQuery, events) => {
    if (!comps[path] || !MP.pages.includes(path)) throw Object.assign(new Error(`page "${path}" is not found`), {})
    loadPackage(path)
    define(path)
    const el = document.createElement('div'); el.className = 'mp-page'; el.dataset.path = path
    const scroller = document.createElement('wx-page'); el.append(scroller); shell.append(el)
    if (comps[path].config.navigationStyle === 'custom') el.dataset.customNav = ''
    const root = backend.createRoot('page-root', space, path)
    const inst = root.get()
    const comp = root.getComponent()
    const p = { path, query, rawQuery, el, scroller, root, inst, comp, config: comps[path].config }
    inst.route = path; inst.options = query; inst.__route__ = path; inst.__mp = p
    inst.getTabBar = () => p.tabBar
    inst.getPageId = () => `page-${stack.length}`
    const ch = channel(events); inst.getOpenerEventChannel = () => ch
    p.channel = ch
    const ph = document.createElement('i'); scroller.append(ph)
    root.attach(scroller, ph)
    if (tabs.has(path) && cfg.tabBar?.custom) {
      define('custom-tab-bar/index')
      const t = backend.createRoot('tab-bar', space, 'custom-tab-bar/index')
      const tp = document.createElement('i'); scroller.append(tp); t.attach(scroller, tp) // inside the page, so that its variables reach the bar
      p.tabBar = t.get(); p.tabComp = t.getComponent(); p.tabRoot = t
    }
    scroller.addEventListener('scroll', () => {
      if (inst.onPageScroll) call(p, 'onPageScroll', { scrollTop: scroller.scrollTop })
      if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= (p.config.onReachBottomDistance ?? 50)) call(p, 'onReachBottom')
    })
    return p
  }
  const start = (p) => { call(p, 'onLoad', p.query); show(p); requestAnimationFrame(() => call(p, 'onReady')) }
  const destroy = (p) => { call(p, 'onUnload'); p.root.release(); p.tabRoot?.release(); p.el.remove() }
  const channel = (events = {}) => { const m = {}; const add = (k, f) => (m[k] ||= []).push(f); Object.entries(events).forEach(([k, f]) => add(k, f)); return { on: add, once: add, off: (k) => delete m[k], emit: (k, ...a) => m[k]?.forEach((f) => f(...a)) } }
  const nav = {
    launchPath: () => cfg.pages[0],
    current: () => stack.at(-1)?.inst,
    setTitle(t) { stack.at(-1).title = t; paintNav(stack.at(-1)) },
    to(url, how, events) {
      const { path, query } = parse(url)
      const rawQuery = url.split('?')[1] || ''
      if (how === 'switchTab') {
        if (!tabs.has(path)) throw new Error('can not switch to no-tabBar page')
        const top = stack.at(-1)
        if (top?.path === path && stack.length === 1) return undefined
        if (top) { if (tabPages.get(top.path) === top) hide(top); while (stack.length) { const x = stack.pop(); if (tabPages.get(x.path) !== x) destroy(x) } }
        let p = tabPages.get(path)
        const fresh = !p
        if (!p) { p = create(path, {}, ''); tabPages.set(path, p) }
        stack.push(p)
        fresh ? start(p) : show(p)
        return undefined
      }
      if ((how === 'navigateTo' || how === 'redirectTo') && tabs.has(path)) throw new Error(`can not ${how} a tabbar page`)
      if (how === 'navigateTo' && stack.length >= 10) throw new Error('webview count limit exceed')
      const p = create(path, query, rawQuery, events)
      if (how === 'navigateTo') { if (stack.length) hide(stack.at(-1)) }
      else if (how === 'redirectTo') destroy(stack.pop())
      else { while (stack.length) destroy(stack.pop()); for (const t of tabPages.values()) if (t.el.isConnected) destroy(t); tabPages.clear(); if (tabs.has(path)) tabPages.set(path, p) }
      stack.push(p)
      start(p)
      return { eventChannel: p.channel }
    },
    back(delta) { let n = Math.min(delta, stack.length - 1); if (n <= 0) return; while (n-- > 0) destroy(stack.pop()); show(stack.at(-1)) },
    pull() { return call(stack.at(-1), 'onPullDownRefresh') },
    scrollTo(o) { const s = stack.at(-1).scroller; if (o.selector) s.querySelector(o.selector)?.scrollIntoView(); else s.scrollTop = o.scrollTop ?? 0 },
  }

  // ---- taps: some APIs work only within one
  let lastTap = 0
  document.body.addEventListener('click', () => { lastTap = Date.now() }, true)
  document.body.addEventListener('touchend', () => { lastTap = Date.now() }, true)
  document.body.addEventListener('change', () => { lastTap = Date.now() }, true)
  hooks.inTap ??= () => Date.now() - lastTap < 2000
  // The core does not listen to its backend by itself; without this line pages show and nothing reacts.
  ctx.onEvent((target, type, detail, options) => { const ev = new glassEasel.Event(type, detail, options); glassEasel.Event.dispatchEvent(target, ev); return ev.getEventBubbleStatus() })

  const W = createWx({ app: cfg, hooks, ui, nav })
  const host = {
    wx: W.wx,
    resolveFile: W.resolveFile,
    absUrl: (u) => u,
    openType(c, type, fire) {
      if (type === 'agreePrivacyAuthorization') { W.agree(); fire('agreeprivacyauthorization', {}) }
      else if (type === 'chooseAvatar') W.chooseAvatar().then((avatarUrl) => fire('chooseavatar', { avatarUrl }), () => undefined)
      else if (type === 'getPhoneNumber') fire('getphonenumber', { code: 'phone-code', errMsg: 'getPhoneNumber:ok' })
      else if (type === 'share') call(stack.at(-1), 'onShareAppMessage', { from: 'button', target: c })
    },
    pick: (d) => new Promise((res) => {
      const box = document.createElement('div'); box.className = 'mp-modal'; box.setAttribute('role', 'dialog')
      let input
      if (d.mode === 'date' || d.mode === 'time') { input = Object.assign(document.createElement('input'), { type: d.mode, value: d.value || '' }); if (d.start) input.min = d.start; if (d.end) input.max = d.end } else { input = document.createElement('select'); (d.range || []).forEach((x, i) => input.add(new Option(d.rangeKey ? x[d.rangeKey] : x, i))); input.value = d.value || 0 }
      input.setAttribute('aria-label', '选择器')
      const p = document.createElement('p'); p.append(input)
      const row = document.createElement('div'); const l = layer(box)
      row.append(btn('取消', () => { l.remove(); res(undefined) }), btn('确定', () => { l.remove(); res(d.mode === 'selector' ? Number(input.value) : input.value) }))
      box.append(p, row)
    }),
  }
  defineBuiltins(cs, tmpl, host)

  // The host has to tell `ready` after the first drawing, children first.
  let readyQueue = []
  const flushReady = () => { const q = readyQueue; readyQueue = []; for (const c of q.reverse()) c.triggerLifetime('ready', []) }
  space.setOverallBehavior(cs.defineBehavior({ lifetimes: { attached() { const c = this._$ ?? this; if (!readyQueue.length) requestAnimationFrame(flushReady); readyQueue.push(c) } } }))

  // ---- modules and components
  let current = null // whose Component() is called: TDesign calls it from a shared module
  const cache = {}
  const mainOf = {}
  for (const [id, c] of Object.entries(comps)) if (c.main) mainOf[c.main] = id
  let appInst = null
  const appDef = (o) => { appInst = Object.create(null); Object.assign(appInst, o) }
  const envFor = () => space.componentEnv(current ?? '', (e) => e)
  const builtinBehaviors = {}
  const resolveBehaviors = (o) => (o?.behaviors ? { ...o, behaviors: o.behaviors.map((b) => (typeof b === 'string' ? builtinBehavior(b) : b)).filter(Boolean) } : o)
  const builtinBehavior = (name) => (builtinBehaviors[name] ??= envFor().Behavior({
    'wx://form-field': { properties: { name: { type: String }, value: { type: null } } },
    'wx://form-field-group': {}, 'wx://form-field-button': {}, 'wx://component-export': {},
  }[name] ?? {}))
  const Behavior = (o) => envFor().Behavior(resolveBehaviors(o))
  const Component = (o) => { if (!current) throw new Error('Component() called outside of its file'); return envFor().Component(wrapDef(o)) }
  const Page = (o) => envFor().Page(wrapPage(o))
  const getApp = () => appInst
  const getCurrentPages = () => stack.map((p) => p.inst)
  const wrapDef = resolveBehaviors
  const wrapPage = resolveBehaviors
  function load(id) {
    if (cache[id]) return cache[id].exports
    if (mainOf[id] && mainOf[id] !== current) return defineAs(mainOf[id], () => load(id))
    const m = (cache[id] = { exports: {} })
    const rec = modules[id]
    if (!rec) throw new Error(`module ${id} not found`)
    rec.fn(m, m.exports, (spec) => { const t = rec.deps[spec]; if (!t) throw new Error(`${id}: require("${spec}") is not resolved`); return load(t) }, W.wx, appDef, Page, Component, Behavior, getApp, getCurrentPages)
    return m.exports
  }
  function defineAs(id, f) { const prev = current; current = id; try { return f() } finally { current = prev } }
  const defined = new Set()
  function define(id) {
    if (defined.has(id)) return
    defined.add(id)
    const c = comps[id]
    if (!c) throw new Error(`component ${id} not found`)
    for (const u of Object.values(c.config.usingComponents)) define(u.slice(1))
    for (const x of Object.values(c.config.componentGenerics || {})) if (x?.default) define(x.default.slice(1))
    space.addComponentStaticConfig(id, c.kind === 'page' ? { ...c.config, component: c.config.component && false } : c.config)
    if (tmpl[id]) space.addCompiledTemplate(id, { groupList: tmpl, content: tmpl[id], fallbackListenerOnNativeNode: true })
    if (c.hasStyle) space.addStyleSheet(id, id, c.scope)
    defineAs(id, () => load(c.main))
  }
  // ---- what tests use
  const api = {
    settled: W.settled, asTemporary: W.asTemporary,
    env, space, ctx, backend, stack, errors, warnings, wx: W.wx, emit: W.emit, define, comps, hooks,
    current: () => nav.current(),
    async start(url) {
      await W.openDb()
      if (modules.app) load('app')
      appInst ??= {}
      addEventListener('error', (e) => { errors.push(e.error?.stack || e.message); appInst.onError?.(e.message) })
      addEventListener('unhandledrejection', (e) => { errors.push(`unhandled: ${e.reason?.stack || e.reason}`) })
      appInst.onLaunch?.({ path: cfg.pages[0], query: {}, scene: 1001 })
      appInst.onShow?.({ path: cfg.pages[0], query: {}, scene: 1001 })
      document.addEventListener('visibilitychange', () => { document.hidden ? appInst.onHide?.() : appInst.onShow?.({}) })
      const target = url || (location.hash.startsWith('#/') ? location.hash.slice(1) : `/${cfg.pages[0]}`)
      const { path } = parse(target)
      nav.to(target, tabs.has(path) ? 'switchTab' : 'reLaunch')
      return api
    },
    /** One component alone. */
    render(id, props = {}) {
      appInst ??= {}
      define(id)
      // a virtualHost component has no node of its own and cannot be a root
      const wrap = `unit-wrapper/${id}`
      if (!defined.has(wrap)) {
        defined.add(wrap)
        space.addComponentStaticConfig(wrap, { component: true, styleIsolation: 'shared', usingComponents: { c: `/${id}` } })
        space.addCompiledTemplate(wrap, { content: () => () => ({ C: (_, T, E) => { E('c', {}, () => {}, () => {}) }, B: {} }) })
        space.component(wrap).definition({}).register()
      }
      const box = document.createElement('div'); mount.append(box)
      const ph = document.createElement('i'); box.append(ph)
      const root = backend.createRoot('unit-root', space, wrap)
      const comp = root.getComponent().getShadowRoot().childNodes[0]
      const inst = comp.getMethodCaller()
      inst.setData(props)
      const events = []
      root.attach(box, ph)
      return { inst, dom: box, comp, events, on: (n) => comp.addListener(n, (e) => { events.push({ type: n, detail: e.detail }) }), release: () => { root.release(); box.remove() } }
    },
    setApp: (a) => { appInst = a },
  }
  return api
}
