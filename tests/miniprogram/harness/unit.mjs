// For unit tests of pages and components under `node --test`: the compiled mini-program on its engine, in jsdom.
import { JSDOM } from 'jsdom'
import './services.mjs' // compiled before there is a window: esbuild does not work in one

const BORROWED = ['document', 'Node', 'Element', 'HTMLElement', 'Event', 'CustomEvent', 'MutationObserver', 'localStorage', 'location', 'history', 'XMLHttpRequest', 'Image', 'Option', 'getComputedStyle', 'innerWidth', 'innerHeight', 'scrollX', 'scrollY', 'devicePixelRatio', 'requestAnimationFrame', 'cancelAnimationFrame', 'IntersectionObserver', 'ResizeObserver', 'addEventListener', 'removeEventListener']

const window = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true }).window
window.matchMedia ??= () => ({ matches: false, addEventListener() {} })
globalThis.window = window
for (const name of [...BORROWED, 'matchMedia']) if (window[name] !== undefined) Object.defineProperty(globalThis, name, { value: typeof window[name] === 'function' && !/^[A-Z]/.test(name) ? window[name].bind(window) : window[name], configurable: true, writable: true })
const { boot } = await import('./runtime/index.js')

/** A fresh phone; `hooks.wx` replaces single APIs. Returns the running mini-program. */
export function phone(hooks = {}) {
  document.body.innerHTML = ''
  document.head.innerHTML = ''
  localStorage.clear()
  return boot(globalThis.__MP__, { hash: false, ...hooks })
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
