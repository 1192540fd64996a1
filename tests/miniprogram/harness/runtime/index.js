// A mini-program in a browser: WeChat's own component engine, with the router, lifetimes and `wx` of a phone around it.
import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import { MpBackend } from './backend.js'
import { defineBuiltins } from './builtins/index.js'
import { createLayers } from './layers.js'
import { createLoader } from './loading.js'
import { createPages } from './pages.js'
import { createWx } from './wx/index.js'

export const errors = [] // what went wrong on any page; a test that ends with one has failed
export const warnings = []
const TAP_LASTS_MS = 2000

// The globals of WXS, and the type names that its `.constructor` tells.
Object.defineProperty(Object.prototype, '__wxsType', { configurable: true, get() { return Object.prototype.toString.call(this).slice(8, -1) } })
globalThis.getRegExp = (pattern, flags) => new RegExp(pattern, flags)
globalThis.getDate = (...when) => new Date(...when)
glassEasel.globalOptions.throwGlobalError = false
glassEasel.addGlobalErrorListener((error) => {
  errors.push(error?.stack || String(error))
  console.error(error)
  return false
})
glassEasel.addGlobalWarningListener?.((warning) => {
  warnings.push(String(warning?.message || warning))
  return false
})

/** Make a phone of the compiled mini-program `MP`; `hooks` says what WeChat says on it. */
export function boot(MP, hooks = {}, { mount = document.body } = {}) {
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  const context = new MpBackend()
  const backend = env.associateBackend(context)
  for (const [path, css] of Object.entries(MP.styles)) context.registerStyleSheetContent(path, css)
  if ('app' in MP.styles) space.addStyleSheet('app', 'app')
  listen(context)
  hooks.inTap ??= noteTaps()
  tellReady(space)

  const ui = createLayers({ errors })
  const late = {} // pages, wx and the loader know each other
  const nav = createPages({ MP, hooks, mount, space, backend, errors, activateSheets: (path) => context.activatePage(path), define: (id) => late.define(id) })
  const phone = createWx({ app: MP.app, hooks, ui, nav })
  const loader = createLoader({ MP, space, wx: phone.wx, pagesOf: () => nav.stack.map((page) => page.inst) })
  late.define = loader.define
  defineBuiltins(space.getComponentSpace(), MP.tmpl, { wx: phone.wx, resolveFile: phone.resolveFile, errors, pick: ui.pick, openType: openTypes({ phone, nav }) })

  const mp = {
    errors,
    warnings,
    wx: phone.wx,
    emit: phone.emit,
    settled: phone.settled,
    temporary: phone.temporary,
    stack: nav.stack,
    current: nav.current,
    async start(url) {
      await phone.openDb()
      const app = loader.startApp()
      hearFaults(app)
      const launch = { path: MP.app.pages[0], query: {}, scene: 1001 }
      app.onLaunch?.(launch)
      app.onShow?.(launch)
      Object.assign(mp, aside({ app, phone, nav, launch }))
      document.addEventListener('visibilitychange', () => (document.hidden ? mp.hide() : mp.show()))
      const target = url || (location.hash.startsWith('#/') ? location.hash.slice(1) : `/${MP.app.pages[0]}`)
      nav.to(target, nav.isTab(target) ? 'switchTab' : 'reLaunch')
      return mp
    },
    render: (id, props) => renderAlone({ id, props, space, backend, mount, define: loader.define }),
  }
  return mp
}

/** The person goes to another program, and comes back: what the app and the page that is seen are told. */
function aside({ app, phone, nav, launch }) {
  return {
    hide() {
      if (phone.background.isHidden()) return
      nav.call('onHide')
      app.onHide?.()
      phone.emit('apphide')
      phone.background.hide()
    },
    show() {
      if (!phone.background.isHidden()) return
      phone.background.show()
      app.onShow?.(launch)
      phone.emit('appshow', launch)
      nav.call('onShow')
    },
  }
}

// The core does not listen to its backend by itself; without this pages show and nothing reacts.
function listen(context) {
  context.onEvent((target, type, detail, options) => {
    const event = new glassEasel.Event(type, detail, options)
    glassEasel.Event.dispatchEvent(target, event)
    return event.getEventBubbleStatus()
  })
}

/** Whether we are within a tap: some APIs work only there. */
function noteTaps() {
  let last = 0
  for (const kind of ['click', 'touchend', 'change']) document.body.addEventListener(kind, () => { last = Date.now() }, true)
  return () => Date.now() - last < TAP_LASTS_MS
}

// The host has to tell `ready` after the first drawing, children first.
function tellReady(space) {
  let waiting = []
  const flush = () => {
    const all = waiting
    waiting = []
    for (const component of all.reverse()) component.triggerLifetime('ready', [])
  }
  const attached = function () {
    if (!waiting.length) requestAnimationFrame(flush)
    waiting.push(this._$ ?? this)
  }
  space.setOverallBehavior(space.getComponentSpace().defineBehavior({ lifetimes: { attached } }))
}

function hearFaults(app) {
  addEventListener('error', (event) => {
    errors.push(event.error?.stack || event.message)
    app.onError?.(event.message)
  })
  addEventListener('unhandledrejection', (event) => errors.push(`unhandled: ${event.reason?.stack || JSON.stringify(event.reason)}`))
}

/** What <button open-type> does, by its type. */
function openTypes({ phone, nav }) {
  const kinds = {
    agreePrivacyAuthorization(fire) {
      phone.agree()
      fire('agreeprivacyauthorization', {})
    },
    chooseAvatar: (fire) => phone.chooseAvatar().then((avatarUrl) => fire('chooseavatar', { avatarUrl }), () => undefined),
    getPhoneNumber: (fire) => fire('getphonenumber', { code: 'phone-code', errMsg: 'getPhoneNumber:ok' }),
    share: (fire, component) => nav.call('onShareAppMessage', { from: 'button', target: component }),
  }
  return (component, type, fire) => kinds[type]?.(fire, component)
}

/** One component by itself; one with virtualHost has no node of its own and cannot be a root, so all get a wrapper. */
function renderAlone({ id, props = {}, space, backend, mount, define }) {
  define(id)
  const wrapper = `unit-wrapper/${id}`
  space.addComponentStaticConfig(wrapper, { component: true, styleIsolation: 'shared', usingComponents: { c: `/${id}` } })
  space.addCompiledTemplate(wrapper, { content: () => () => ({ C: (_, T, E) => { E('c', {}, () => {}, () => {}) }, B: {} }) })
  space.component(wrapper).definition({}).register()
  const dom = document.createElement('div')
  const place = document.createElement('i')
  mount.append(dom)
  dom.append(place)
  const root = backend.createRoot('unit-root', space, wrapper)
  const component = root.getComponent().getShadowRoot().childNodes[0]
  const inst = component.getMethodCaller()
  inst.setData(props)
  const events = []
  root.attach(dom, place)
  const on = (name) => component.addListener(name, (event) => { events.push({ type: name, detail: event.detail }) })
  return { inst, dom, events, on, release: () => { root.release(); dom.remove() } }
}
