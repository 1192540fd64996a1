// For unit tests under `node --test`: the same compiled mini-program on the same engine, in jsdom.
import fs from 'node:fs'
import path from 'node:path'
import { JSDOM } from 'jsdom'
import { compileApp } from './compile.mjs'

const ROOT = path.resolve(import.meta.dirname, '../../../miniprogram')
const BORROWED = ['document', 'Node', 'Element', 'HTMLElement', 'Event', 'CustomEvent', 'MutationObserver', 'localStorage', 'location', 'history', 'Blob', 'Image', 'Option', 'getComputedStyle', 'innerWidth', 'innerHeight', 'scrollX', 'scrollY', 'devicePixelRatio', 'requestAnimationFrame', 'cancelAnimationFrame', 'IntersectionObserver', 'ResizeObserver', 'addEventListener', 'removeEventListener']

const services = fs.readdirSync(path.join(ROOT, 'services')).map((one) => `services/${one}`)
const compiled = await compileApp(ROOT, { extraScripts: services }) // before there is a window: esbuild does not work in one
export const problems = compiled.problems

const window = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true }).window
window.matchMedia ??= () => ({ matches: false, addEventListener() {} })
globalThis.window = window
for (const name of [...BORROWED, 'matchMedia']) if (window[name] !== undefined) Object.defineProperty(globalThis, name, { value: typeof window[name] === 'function' && !/^[A-Z]/.test(name) ? window[name].bind(window) : window[name], configurable: true, writable: true })
;(0, eval)(compiled.code)
const { boot } = await import('./runtime/index.js')

/** A fresh phone; `hooks.wx` replaces single APIs. Returns the running mini-program. */
export function phone(hooks = {}) {
  document.body.innerHTML = ''
  document.head.innerHTML = ''
  localStorage.clear()
  return boot(globalThis.__MP__, { hash: false, ...hooks })
}

/** A module of the mini-program, loaded alone with this `wx`; an API that is not given throws. */
export function service(id, wx = {}) {
  const strict = new Proxy(wx, {
    get(given, name) {
      if (name in given || typeof name === 'symbol') return given[name]
      throw new Error(`wx.${String(name)} is not given by this test`)
    },
  })
  const loaded = {}
  const load = (one) => {
    if (loaded[one]) return loaded[one].exports
    const module = (loaded[one] = { exports: {} })
    const { deps, fn } = globalThis.__MP__.modules[one]
    fn(module, module.exports, (spec) => load(deps[spec]), strict, undefined, undefined, undefined, (x) => x, () => ({}), () => [])
    return module.exports
  }
  return load(id)
}

/** A phone's storage, as the parts of `wx` that services use. */
export function storage(shelves = {}) {
  return {
    shelves,
    getStorageSync: (key) => (key in shelves ? structuredClone(shelves[key]) : ''),
    setStorageSync: (key, value) => { shelves[key] = structuredClone(value) },
    removeStorageSync: (key) => { delete shelves[key] },
  }
}

export const drawn = () => new Promise((resolve) => setTimeout(resolve, 30))
export const byText = (words, scope = document) => [...scope.querySelectorAll('*')].filter((one) => one.children.length === 0 && one.textContent.trim() === words)

export function tap(element) {
  const touch = [{ identifier: 0, clientX: 1, clientY: 1 }]
  for (const type of ['touchstart', 'touchend']) {
    const event = new Event(type, { bubbles: true, composed: true, cancelable: true })
    Object.assign(event, { changedTouches: touch, touches: type === 'touchend' ? [] : touch })
    element.dispatchEvent(event)
  }
}
