// The official browser backend, made to behave as a mini-program's WebView.
import * as glassEasel from 'glass-easel'

const RPX = /(-?\d*\.?\d+)rpx\b/g
export const rpx = (s) => String(s).replace(RPX, (_, n) => `${+((n * 100) / 750).toFixed(5)}vw`)
const DOM_EVENTS = new Set(['touchstart', 'touchmove', 'touchend', 'touchcancel', 'transitionend', 'animationstart', 'animationend', 'animationiteration'])

const patchSetAttribute = (el) => {
  const raw = el.setAttribute
  el.setAttribute = function (name, value) {
    if (name === 'style') return raw.call(this, 'style', rpx(value))
    if (name.startsWith('aria-')) {
      // the core writes true, undefined and null all as an empty string; the node knows which it was
      const src = value === '' ? this.__wxElement?.getAttribute?.(name) : value
      if (src === undefined || src === null || src === '') return this.removeAttribute(name === 'aria-role' ? 'role' : name)
      const v = String(src)
      if (name === 'aria-role') return raw.call(this, 'role', v)
      return raw.call(this, name, v)
    }
    return raw.call(this, name, typeof value === 'string' ? value : value === true ? '' : String(value))
  }
  return el
}

const toTouch = (t) => ({ identifier: t.identifier ?? 0, pageX: t.clientX + scrollX, pageY: t.clientY + scrollY, clientX: t.clientX, clientY: t.clientY, force: 1 })

export class MpBackend extends glassEasel.CurrentWindowBackendContext {
  constructor() {
    super()
    this.sheets = new Map()
    this.registry = new Map()
    this.document = {
      createElement: (tag) => patchSetAttribute(document.createElement(tag.startsWith('html-') ? tag.slice(5) : `wx-${tag}`)),
      createTextNode: (s) => document.createTextNode(s),
      createDocumentFragment: () => document.createDocumentFragment(),
    }
    this.anchors = {}
    for (const k of ['builtin', 'component', 'app', 'page']) { const a = document.createElement('meta'); a.name = `mp-${k}`; document.head.appendChild(a); this.anchors[k] = a }
  }

  registerStyleSheetContent(path, content) { this.registry.set(path, String(content)) }

  // Upstream appends the sheets again for every root; here once each, in the order component < app < page.
  appendStyleSheetPath(path) {
    const s = this.sheets.get(path)
    if (s) return s.id
    const kind = path === 'app' ? 'app' : globalThis.__MP__.comps[path]?.kind === 'page' ? 'page' : 'component'
    const el = document.createElement('style')
    el.dataset.path = path
    el.textContent = this.registry.get(path) ?? ''
    this.anchors[kind].before(el)
    const id = this.sheets.size
    this.sheets.set(path, { id, el, kind })
    return id
  }

  disableStyleSheet() {}

  // On a phone every page is a web view of its own: a page's sheet counts only while it is shown.
  activatePage(path) { for (const [p, s] of this.sheets) if (s.kind === 'page') s.el.media = p === path ? 'all' : 'not all' }

  // Only touches and animations come from the DOM; built-ins raise input, change, scroll and the rest themselves.
  setListenerStats(el, type, capture, level) { if (DOM_EVENTS.has(type)) super.setListenerStats(el, type, capture, level) }

  onEvent(listener) {
    super.onEvent((target, type, detail, options) => {
      const ev = options.originalEvent
      let d = detail
      let touches = ev?.touches ? [...ev.touches].map(toTouch) : []
      let changed = ev?.changedTouches ? [...ev.changedTouches].map(toTouch) : []
      if (ev && !ev.changedTouches && typeof ev.clientX === 'number') changed = [toTouch(ev)]
      if (type === 'tap' || type === 'longpress') {
        if (!changed.length && d) changed = [toTouch({ clientX: d.x, clientY: d.y })]
      }
      if (/^touch|^animation|^transition/.test(type)) d = {}
      return listener(target, type, d, { ...options, extraFields: { touches, changedTouches: changed } })
    })
  }
}
