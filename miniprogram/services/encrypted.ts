// What the phone keeps in WeChat's encrypted storage: readable by this person in this program alone.
// It is asked asynchronously only, and must never be mixed with the plain shelves of the same key.

/** What lies under a key; `empty` if nothing was put there, or if another person uses the phone now. */
export async function readSecret<T>(key: string, empty: T): Promise<T> {
  try {
    return (await wx.getStorage({ key, encrypt: true })).data as T
  } catch {
    return empty
  }
}

export async function keepSecret(key: string, data: unknown): Promise<void> {
  await wx.setStorage({ key, data, encrypt: true })
}

export async function dropSecret(key: string): Promise<void> {
  await wx.removeStorage({ key }).catch(() => undefined)
}
