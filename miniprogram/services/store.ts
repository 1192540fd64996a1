// What the phone remembers. Every key is named here once, with its shape.
export interface Shelf<T> {
  get(): T
  set(value: T): void
  clear(): void
}

/** A place in the phone's storage; `empty` is what lies there before anything was put. */
export function shelf<T>(key: string, empty: T): Shelf<T> {
  return {
    get() {
      const kept = wx.getStorageSync(key) as T | ''
      return kept === '' ? empty : kept
    },
    set: (value) => wx.setStorageSync(key, value),
    clear: () => wx.removeStorageSync(key),
  }
}
