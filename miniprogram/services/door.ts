// The one door to the office: every page asks here. Adds who asks, and signs in again once when a session has ended.
import { call, Method, send } from './http'
import { sendParts } from './parts'
import { Refusal, Unreachable } from './refusal'
import { forget, token } from './session'

export interface Asked {
  body?: object
  /** Idempotency-Key of a deed: the same key again is the same deed. Make it with `newId()` when the form opens. */
  key?: string
  headers?: Record<string, string>
}

const PREFIX = '/api/v1'
const ONE_PIECE = 1024 * 1024 // what a bad line of 50 kB/s carries in 20 seconds
const NOT_WORTH_PARTS = 128 * 1024
let isBadLine = false

export const get = <T>(path: string): Promise<T> => ask<T>('GET', path)
export const put = <T>(path: string, asked: Asked = {}): Promise<T> => ask<T>('PUT', path, asked)
export const post = <T>(path: string, asked: Asked = {}): Promise<T> => ask<T>('POST', path, asked)
export const remove = <T>(path: string): Promise<T> => ask<T>('DELETE', path)

/** Ask the API as the signed-in person; `path` is what follows /api/v1. Raises Refusal or Unreachable. */
export function ask<T>(method: Method, path: string, { body, key, headers: more }: Asked = {}): Promise<T> {
  return signedIn((bearer) => {
    const headers: Record<string, string> = { ...more, authorization: bearer }
    if (key) headers['idempotency-key'] = key
    return call<T>({ method, path: PREFIX + path, body, headers })
  })
}

/**
 * Send a photo to its address: in one piece while the line is good, in parts when it is large or a piece was cut.
 * WeChat cuts an upload after a minute, and a bad line much earlier.
 */
export async function sendPhoto(photo: { sha256: string; path: string; bytes: number }, onProgress: (percent: number) => void = () => undefined): Promise<void> {
  const { sha256, path: file, bytes } = photo
  if (bytes > ONE_PIECE || (isBadLine && bytes > NOT_WORTH_PARTS)) return signedIn((bearer) => sendParts(sha256, file, bytes, bearer, onProgress))
  try {
    await signedIn((bearer) => send({ path: `${PREFIX}/photos/${sha256}`, file, headers: { authorization: bearer }, onProgress }))
  } catch (error) {
    isBadLine ||= error instanceof Unreachable
    throw error
  }
}

/** Send a document to its address, in one piece. */
export const sendDocument = (file: { sha256: string; path: string }): Promise<void> =>
  signedIn((bearer) => send({ path: `${PREFIX}/files/${file.sha256}`, file: file.path, headers: { authorization: bearer }, onProgress: () => undefined }))

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
