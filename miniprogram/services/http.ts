// The wire itself: one request, one upload. Knows nothing about who is signed in.
import { addressOf } from './config'
import { Problem, Refusal, Unreachable } from './refusal'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
export interface Call {
  method: Method
  path: string
  body?: object
  headers?: Record<string, string>
}
export interface Upload {
  path: string
  file: string
  headers?: Record<string, string>
  onProgress?: (percent: number) => void
}

export interface Exchange {
  method: Method
  path: string
  part?: ArrayBuffer
  headers: Record<string, string>
}
export interface Told {
  status: number
  told(name: string): string
}

const PATIENCE_MS = 15_000
const PATIENCE_FOR_PARTS_MS = 30_000
const PATIENCE_FOR_PHOTOS_MS = 60_000 // WeChat cuts an upload then, whatever is asked for

/** Ask the server once. Raises Refusal with the office's words, Unreachable for everything else. */
export function call<T>({ method, path, body, headers }: Call): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: addressOf(path),
      method,
      data: body,
      timeout: PATIENCE_MS,
      header: { 'content-type': 'application/json', ...headers },
      success: (answer) => settle<T>({ status: answer.statusCode, data: answer.data, header: answer.header, resolve, reject }),
      fail: (error) => reject(new Unreachable(error.errMsg)),
    })
  })
}

/** Send one file as the multipart field `file`. Raises as `call` does. */
export function send<T>({ path, file, headers, onProgress }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const task = wx.uploadFile({
      url: addressOf(path),
      filePath: file,
      name: 'file',
      timeout: PATIENCE_FOR_PHOTOS_MS,
      header: headers,
      success: (answer) => settle<T>({ status: answer.statusCode, data: parsed(answer.data), resolve, reject }),
      fail: (error) => reject(new Unreachable(error.errMsg)),
    })
    if (onProgress) task.onProgressUpdate((told) => onProgress(told.progress))
  })
}

/** One request whose body and answer are bytes and headers, as uploads in parts need it; `told` reads a header. */
export function exchange({ method, path, part, headers }: Exchange): Promise<Told> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: addressOf(path),
      method,
      data: part,
      timeout: PATIENCE_FOR_PARTS_MS,
      header: headers,
      success: ({ statusCode: status, data, header }) => {
        const told = (name: string): string => headerOf(header, name)
        if (told('tus-resumable') && status < 300) return resolve({ status, told })
        settle({ status: status < 300 ? 502 : status, data, header, resolve: () => undefined, reject })
      },
      fail: (error) => reject(new Unreachable(error.errMsg)),
    })
  })
}

/** A header by its name in any case: phones differ. */
function headerOf(headers: object | undefined, name: string): string {
  const found = Object.entries(headers ?? {}).find(([one]) => one.toLowerCase() === name)
  return found ? String(found[1]) : ''
}

interface Settling<T> {
  status: number
  data: unknown
  header?: object
  resolve: (value: T) => void
  reject: (reason: Error) => void
}

function settle<T>({ status, data, header, resolve, reject }: Settling<T>): void {
  if (status === 204) return resolve(undefined as T)
  const seconds = Number(headerOf(header, 'retry-after')) || undefined
  // The sign-in page of a public network also answers 200, but not with our JSON.
  if (typeof data !== 'object' || data === null) return reject(strange(status, seconds))
  if (status >= 200 && status < 300) return resolve(data as T)
  const problem = data as Partial<Problem>
  if (!problem.code || !problem.message_zh) return reject(strange(status, seconds))
  reject(new Refusal({ retry_after: seconds, ...(problem as Problem) }))
}

/** An answer that the office did not write. Too large is too large, whoever says so: sending it again does not help. */
function strange(status: number, seconds?: number): Error {
  if (status !== 413) return new Unreachable(`answer ${status} is not ours`, status, seconds)
  return new Refusal({ code: 'too_large', status, retry: 'never', message_zh: '这次发送的内容太大，没有送达。', hint_zh: '请换一张小一些的照片，或减少文字后再提交。' })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
