// A phone's storage with its limits: 1 MB for a key, 10 MB for all.
import { api, fail } from './api.js'

const MOST_FOR_KEY = 1 << 20
const MOST_FOR_ALL = 10 << 20
const full = () => fail('setStorage:fail exceed storage max size 10Mb')

export function createStorage(hooks) {
  const shelf = `mp:${hooks.owner ?? ''}:` // one phone for each demo person
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(shelf))
  const sizeOf = (text) => new TextEncoder().encode(text ?? '').length
  const used = () => names().reduce((sum, name) => sum + sizeOf(localStorage.getItem(name)), 0)
  const set = (key, data) => {
    const text = JSON.stringify({ data })
    const size = sizeOf(text)
    if (size > MOST_FOR_KEY) throw fail('setStorage:fail exceed max size of single key')
    if (used() - sizeOf(localStorage.getItem(shelf + key)) + size > MOST_FOR_ALL) throw full()
    try {
      localStorage.setItem(shelf + key, text)
    } catch {
      throw full() // a browser's own limit is lower than a phone's
    }
  }
  const get = (key) => {
    const text = localStorage.getItem(shelf + key)
    return text === null ? '' : JSON.parse(text).data ?? ''
  }
  const remove = (key) => localStorage.removeItem(shelf + key)
  const info = () => ({ keys: names().map((name) => name.slice(shelf.length)), currentSize: Math.ceil(used() / 1024), limitSize: 10240 })
  return {
    setStorageSync: set,
    getStorageSync: get,
    removeStorageSync: remove,
    clearStorageSync: () => names().forEach((name) => localStorage.removeItem(name)),
    getStorageInfoSync: info,
    setStorage: api('setStorage', (o) => set(o.key, o.encrypt ? { sealed: btoa(encodeURIComponent(JSON.stringify(o.data))) } : o.data)),
    getStorage: api('getStorage', (o) => {
      if (localStorage.getItem(shelf + o.key) === null) throw fail('data not found')
      const data = get(o.key)
      if (!!o.encrypt !== !!data?.sealed) throw fail('decrypt fail') // as on a phone: the two ways are not mixed
      return { data: o.encrypt ? JSON.parse(decodeURIComponent(atob(data.sealed))) : data }
    }),
    removeStorage: api('removeStorage', (o) => remove(o.key)),
    getStorageInfo: api('getStorageInfo', info),
  }
}
