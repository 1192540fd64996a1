// For unit tests of services under `node --test`: single modules of the compiled mini-program, with a `wx` of the test's.
import fs from 'node:fs'
import path from 'node:path'
import { compileApp } from './compile.mjs'

const ROOT = path.resolve(import.meta.dirname, '../../../miniprogram')
const all = fs.readdirSync(path.join(ROOT, 'services')).map((one) => `services/${one}`)
const compiled = await compileApp(ROOT, { extraScripts: all })
;(0, eval)(compiled.code) // sets globalThis.__MP__
export const problems = compiled.problems

/** Loads modules of the mini-program alone, all with this `wx`; an API that is not given throws. */
export function Service(wx = {}) {
  const strict = new Proxy(wx, {
    get(given, name) {
      if (name in given || typeof name === 'symbol') return given[name]
      throw new Error(`wx.${String(name)} is not given by this test`)
    },
  })
  const loaded = {}
  return function load(id) {
    if (loaded[id]) return loaded[id].exports
    const module = (loaded[id] = { exports: {} })
    const { deps, fn } = globalThis.__MP__.modules[id]
    fn(module, module.exports, (spec) => load(deps[spec]), strict, undefined, undefined, undefined, (x) => x, () => ({}), () => [])
    return module.exports
  }
}

/** One module alone. */
export const service = (id, wx) => Service(wx)(id)

/** A phone's storage, as the parts of `wx` that services use. */
export function storage(shelves = {}) {
  return {
    shelves,
    getStorageSync: (key) => (key in shelves ? structuredClone(shelves[key]) : ''),
    setStorageSync: (key, value) => { shelves[key] = structuredClone(value) },
    removeStorageSync: (key) => { delete shelves[key] },
  }
}
