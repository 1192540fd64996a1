// The network of a phone: requests, uploads with their progress, downloads, and whether there is a line at all.
import { api, fail, tellFail, tellOk } from './api.js'

const NO_LINE = { errno: 600001 }
const TIMED_OUT = { errno: 5 }
const INTERRUPTED = { errno: 600003 }
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'] // no PATCH on a phone
const MOST_MS = 60_000 // WeChat cuts what takes longer, whatever was asked for
const MOST_AT_ONCE = 10 // what is more waits for its turn

export function createNetwork({ files, ears, background }) {
  const running = new Set() // each: { stop }, told what for
  const waiting = []

  /** Run `act` when it is its turn; `act` gets what it has to call at its end, and gives what stops it. */
  const inTurn = (name, options, act) => {
    const one = { cause: null, isOver: false }
    const end = (answer) => {
      if (one.isOver) return
      one.isOver = true
      clearTimeout(one.timer)
      running.delete(one)
      if (answer) tellOk(name, options, answer)
      else tellFail(name, options, one.cause ?? fail('net::ERR_INTERNET_DISCONNECTED', NO_LINE))
      waiting.shift()?.()
    }
    one.stop = (cause) => {
      one.cause ??= cause
      one.halt?.()
      end()
    }
    const begin = () => {
      if (one.isOver) return waiting.shift()?.()
      running.add(one)
      one.timer = setTimeout(() => one.stop(fail('timeout', TIMED_OUT)), Math.min(options.timeout ?? MOST_MS, MOST_MS))
      try {
        one.halt = act(end)
      } catch (error) {
        one.stop(error)
      }
    }
    setTimeout(() => { // listeners are added after the call returns
      if (background.isCut()) one.stop(fail('interrupted', INTERRUPTED))
      else if (!/^https?:\/\//.test(options.url)) one.stop(fail(`invalid url "${options.url}"`))
      else if (running.size < MOST_AT_ONCE) begin()
      else waiting.push(begin)
    })
    return taskOf(() => one.stop(fail('abort')))
  }
  background.onCut(() => [...running].forEach((one) => one.stop(fail('interrupted', INTERRUPTED))))

  const taskOf = (stop) => ({ abort: stop, onHeadersReceived() {}, offHeadersReceived() {}, onProgressUpdate() {}, offProgressUpdate() {}, onChunkReceived() {}, offChunkReceived() {} })

  const bodyOf = (options, headers, method) => {
    const { data } = options
    if (data === undefined || data === null) return { url: options.url }
    if (method === 'GET') {
      const words = new URLSearchParams(data).toString()
      return { url: words ? `${options.url}${options.url.includes('?') ? '&' : '?'}${words}` : options.url }
    }
    if (typeof data === 'string' || data instanceof ArrayBuffer) return { url: options.url, body: data }
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    const isForm = headers.get('content-type').includes('x-www-form-urlencoded')
    return { url: options.url, body: isForm ? new URLSearchParams(data).toString() : JSON.stringify(data) }
  }
  const contentOf = async (answer, { responseType, dataType = 'json' }) => {
    if (responseType === 'arraybuffer') return answer.arrayBuffer()
    const text = await answer.text()
    if (dataType !== 'json') return text
    try { return JSON.parse(text) } catch { return text }
  }

  const request = (options) => inTurn('request', options, (end) => {
    const control = new AbortController()
    const method = (options.method ?? 'GET').toUpperCase()
    const headers = new Headers(options.header ?? {})
    const { url, body } = bodyOf(options, headers, method)
    if (!METHODS.includes(method)) throw fail(`method ${method} is not supported`)
    fetch(url, { method, headers, body, signal: control.signal, credentials: 'omit', cache: 'no-store' })
      .then(async (answer) => end({ data: await contentOf(answer, options), statusCode: answer.status, header: Object.fromEntries(answer.headers), cookies: [] }))
      .catch(() => end())
    return () => control.abort()
  })

  // XMLHttpRequest, because it alone tells how far an upload is.
  const uploadFile = (options) => {
    const line = new XMLHttpRequest()
    const task = inTurn('uploadFile', options, (end) => {
      if (!files.has(options.filePath)) throw fail(`file not found ${options.filePath}`)
      const { bytes, type } = files.take(options.filePath)
      const form = new FormData()
      for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, String(value))
      form.append(options.name, new Blob([bytes], { type }), options.filePath.split('/').pop())
      line.open('POST', options.url)
      for (const [name, value] of Object.entries(options.header ?? {})) line.setRequestHeader(name, value)
      line.onload = () => end({ data: line.responseText, statusCode: line.status })
      line.onerror = () => end()
      line.send(form)
      return () => line.abort()
    })
    task.onProgressUpdate = (hear) => line.upload.addEventListener('progress', (told) => hear({ progress: Math.round((told.loaded / told.total) * 100), totalBytesSent: told.loaded, totalBytesExpectedToSend: told.total }))
    return task
  }

  const downloadFile = (options) => inTurn('downloadFile', options, (end) => {
    const control = new AbortController()
    fetch(options.url, { headers: options.header, signal: control.signal })
      .then(async (answer) => {
        const file = { bytes: new Uint8Array(await answer.arrayBuffer()), type: answer.headers.get('content-type') ?? '' }
        if (options.filePath) files.write(options.filePath, file)
        const tempFilePath = options.filePath ? undefined : files.temporary(file, options.url.split('?')[0])
        end({ tempFilePath, filePath: options.filePath, statusCode: answer.status, header: Object.fromEntries(answer.headers) })
      })
      .catch(() => end())
    return () => control.abort()
  })

  addEventListener('online', () => ears.emit('network', { isConnected: true, networkType: 'wifi' }))
  addEventListener('offline', () => ears.emit('network', { isConnected: false, networkType: 'none' }))
  return {
    request,
    uploadFile,
    downloadFile,
    getNetworkType: api('getNetworkType', () => ({ networkType: navigator.onLine ? 'wifi' : 'none' })),
    onNetworkStatusChange: ears.on('network'),
    offNetworkStatusChange: ears.off('network'),
  }
}
