// The one door to the office: every page asks here. Adds who asks, and signs in again once when a session has ended.
import { call, Method, send } from './line'
import { Refusal } from './refusal'
import { forget, token } from './session'

export interface Asked {
  body?: object
  /** Idempotency-Key of a deed: the same key again is the same deed. Make it with `newId()` when the form opens. */
  key?: string
}

const PREFIX = '/api/v1'

export const get = <T>(path: string): Promise<T> => ask<T>('GET', path)
export const put = <T>(path: string, asked: Asked = {}): Promise<T> => ask<T>('PUT', path, asked)
export const post = <T>(path: string, asked: Asked = {}): Promise<T> => ask<T>('POST', path, asked)
export const remove = <T>(path: string): Promise<T> => ask<T>('DELETE', path)

/** Ask the API as the signed-in person; `path` is what follows /api/v1. Raises Refusal or Unreachable. */
export function ask<T>(method: Method, path: string, { body, key }: Asked = {}): Promise<T> {
  return signedIn((bearer) => {
    const headers: Record<string, string> = { authorization: bearer }
    if (key) headers['idempotency-key'] = key
    return call<T>({ method, path: PREFIX + path, body, headers })
  })
}

/** Send a photo to its address. */
export function sendPhoto<T>(sha256: string, file: string, onProgress?: (percent: number) => void): Promise<T> {
  return signedIn((bearer) =>
    send<T>({ path: `${PREFIX}/photos/${sha256}`, file, headers: { authorization: bearer }, onProgress }),
  )
}

/** A query string of what is not empty, with its question mark. */
export function query(words: Record<string, string | number | boolean | null | undefined>): string {
  const parts = Object.entries(words)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return parts.length ? `?${parts.join('&')}` : ''
}

async function signedIn<T>(act: (bearer: string) => Promise<T>): Promise<T> {
  try {
    return await act(`Bearer ${await token()}`)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
  }
  forget()
  return act(`Bearer ${await token()}`)
}
