// The network of a phone: requests, uploads with their progress, downloads, and whether there is a line at all.
import { api, fail, tellFail, tellOk } from './api.js'

const NO_LINE = { errno: 600001 }
const MOST_MS = 60_000 // WeChat cuts what takes longer, whatever was asked for

export function createNetwork({ files, ears }) {
  const taskOf = (stop) => ({ abort: stop, onHeadersReceived() {}, offHeadersReceived() {}, onProgressUpdate() {}, offProgressUpdate() {}, onChunkReceived() {}, offChunkReceived() {} })
  const lost = (name, options, error, timedOut) => tellFail(name, options, fail(timedOut ? 'timeout' : error?.message ?? 'net::ERR_INTERNET_DISCONNECTED', NO_LINE))

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

  const request = (options) => {
    const control = new AbortController()
    let timedOut = false
    const timer = setTimeout(() => { timedOut = true; control.abort() }, Math.min(options.timeout ?? MOST_MS, MOST_MS))
    const method = (options.method ?? 'GET').toUpperCase()
    const headers = new Headers(options.header ?? {})
    const { url, body } = bodyOf(options, headers, method)
    fetch(url, { method, headers, body, signal: control.signal, credentials: 'omit', cache: 'no-store' })
      .then(async (answer) => tellOk('request', options, { data: await contentOf(answer, options), statusCode: answer.status, header: Object.fromEntries(answer.headers), cookies: [] }))
      .catch((error) => lost('request', options, error, timedOut))
      .finally(() => clearTimeout(timer))
    return taskOf(() => control.abort())
  }

  // XMLHttpRequest, because it alone tells how far an upload is.
  const uploadFile = (options) => {
    const line = new XMLHttpRequest()
    const task = taskOf(() => line.abort())
    if (!files.has(options.filePath)) {
      setTimeout(() => tellFail('uploadFile', options, fail(`file not found ${options.filePath}`)))
      return task
    }
    const { bytes, type } = files.take(options.filePath)
    const form = new FormData()
    for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, String(value))
    form.append(options.name, new Blob([bytes], { type }), options.filePath.split('/').pop())
    line.open('POST', options.url)
    line.timeout = Math.min(options.timeout ?? MOST_MS, MOST_MS)
    for (const [name, value] of Object.entries(options.header ?? {})) line.setRequestHeader(name, value)
    task.onProgressUpdate = (hear) => line.upload.addEventListener('progress', (told) => hear({ progress: Math.round((told.loaded / told.total) * 100), totalBytesSent: told.loaded, totalBytesExpectedToSend: told.total }))
    line.onload = () => tellOk('uploadFile', options, { data: line.responseText, statusCode: line.status, header: {} })
    line.onerror = line.onabort = () => lost('uploadFile', options)
    line.ontimeout = () => lost('uploadFile', options, null, true)
    setTimeout(() => line.send(form)) // listeners are added after the call returns
    return task
  }

  const downloadFile = (options) => {
    const control = new AbortController()
    fetch(options.url, { headers: options.header, signal: control.signal })
      .then(async (answer) => {
        const file = { bytes: new Uint8Array(await answer.arrayBuffer()), type: answer.headers.get('content-type') ?? '' }
        if (options.filePath) files.put(options.filePath, file)
        const tempFilePath = options.filePath ? undefined : files.temporary(file, options.url.split('?')[0])
        tellOk('downloadFile', options, { tempFilePath, filePath: options.filePath, statusCode: answer.status, header: Object.fromEntries(answer.headers) })
      })
      .catch((error) => lost('downloadFile', options, error))
    return taskOf(() => control.abort())
  }

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
