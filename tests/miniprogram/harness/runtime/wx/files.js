// A phone's files: what is saved outlives a restart (IndexedDB), what is temporary does not.
import { api, fail } from './api.js'

export const USER = 'wxfile://usr'
const STORED = 'wxfile://store_'
const TEMPORARY = 'wxfile://tmp_'
const MOST_KEPT = 200 << 20
const noFile = (path) => fail(`no such file or directory, open "${path}"`)
const mayNot = (path) => fail(`permission denied, open "${path}"`)
const isOwn = (path) => path.startsWith(`${USER}/`)
const isKept = (path) => isOwn(path) || path.startsWith(STORED)
export const isOnWeb = (path) => /^https?:\/\//.test(path)
export const isLocal = (path) => path.startsWith('wxfile://')
const endingOf = (name, otherwise = 'jpg') => /\.([a-z0-9]+)$/i.exec(name || '')?.[1] ?? otherwise

export function createFiles(hooks) {
  const files = new Map() // path -> { bytes: Uint8Array, type }
  const pictures = new Map() // path -> object URL
  let database
  let count = 0
  const writing = new Set()

  const open = () => new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve()
    const asked = indexedDB.open(`mp-files-${hooks.owner ?? ''}`, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore('files')
    asked.onerror = () => resolve()
    asked.onsuccess = () => {
      database = asked.result
      database.onversionchange = () => database.close()
      const all = database.transaction('files').objectStore('files').openCursor()
      all.onerror = () => resolve()
      all.onsuccess = () => {
        if (!all.result) return resolve()
        files.set(all.result.key, all.result.value)
        all.result.continue()
      }
    }
  })
  // On a phone saving is done when the call returns; a test that kills the page waits for `settled`.
  const keep = (path) => {
    if (!database || !isKept(path)) return
    const store = database.transaction('files', 'readwrite').objectStore('files')
    const asked = files.has(path) ? store.put(files.get(path), path) : store.delete(path)
    const done = new Promise((resolve) => { asked.onsuccess = asked.onerror = resolve })
    writing.add(done)
    done.then(() => writing.delete(done))
  }
  const used = () => [...files].reduce((sum, [path, { bytes }]) => sum + (isKept(path) ? bytes.length : 0), 0)
  const put = (path, file) => {
    const more = file.bytes.length - (files.get(path)?.bytes.length ?? 0)
    if (hooks.storageFull || used() + more > MOST_KEPT) throw fail('the maximum size of the file storage limit is exceeded')
    files.set(path, file)
    pictures.delete(path)
    keep(path)
  }
  const write = (path, file) => {
    if (!isOwn(path)) throw mayNot(path)
    put(path, file)
  }
  const drop = (path) => { files.delete(path); keep(path) }
  const take = (path) => { if (!files.has(path)) throw noFile(path); return files.get(path) }
  const temporary = (file, name) => {
    const path = `${TEMPORARY}${Date.now().toString(36)}${(count++).toString(36)}.${endingOf(name)}`
    files.set(path, file)
    return path
  }

  /** The address under which a page can show a file, a picture of the web, or one of the program's own package. */
  const resolve = (src) => {
    if (!src) return ''
    if (files.has(src)) {
      if (!pictures.has(src)) pictures.set(src, URL.createObjectURL(new Blob([files.get(src).bytes], { type: files.get(src).type })))
      return pictures.get(src)
    }
    if (isLocal(src)) return '' // the file is gone, as temporary ones are after a restart
    if (isOnWeb(src) || src.startsWith('data:')) return src
    return `${hooks.assetBase ?? '/mp'}${src.startsWith('/') ? '' : '/'}${src}`
  }

  const encoded = ({ bytes }, encoding) => {
    if (!encoding) return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    if (encoding === 'base64') return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    return new TextDecoder().decode(bytes)
  }
  const part = ({ bytes, type }, position, length = bytes.length - position) => {
    if (position < 0 || position > bytes.length) throw fail('the value of "position" is out of range')
    if (length < 0 || position + length > bytes.length) throw fail('the value of "length" is out of range')
    return { type, bytes: bytes.subarray(position, position + length) }
  }
  const manager = {
    saveFileSync(from, to) {
      const path = to || `${STORED}${Date.now().toString(36)}${count++}.${endingOf(from)}`
      if (!from.startsWith(TEMPORARY)) throw fail(`tempFilePath file not exist: ${from}`)
      if (to && !isOwn(to)) throw mayNot(to)
      put(path, take(from))
      files.delete(from) // what is saved is moved
      return path
    },
    readFileSync: (path, encoding, position = 0, length) => encoded(part(take(path), position, length), encoding),
    writeFileSync: (path, data) => write(path, { bytes: typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data), type: '' }),
    accessSync: (path) => { take(path) },
    unlinkSync: (path) => { take(path); drop(path) },
    copyFileSync: (from, to) => write(to, take(from)),
    statSync: (path) => ({ size: take(path).bytes.length, isFile: () => true, isDirectory: () => false }),
    readdirSync: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    saveFile: api('saveFile', (o) => ({ savedFilePath: manager.saveFileSync(o.tempFilePath, o.filePath) })),
    readFile: api('readFile', (o) => ({ data: manager.readFileSync(o.filePath, o.encoding, o.position, o.length) })),
    writeFile: api('writeFile', (o) => manager.writeFileSync(o.filePath, o.data)),
    access: api('access', (o) => manager.accessSync(o.path)),
    unlink: api('unlink', (o) => manager.unlinkSync(o.filePath)),
    copyFile: api('copyFile', (o) => manager.copyFileSync(o.srcPath, o.destPath)),
    getFileInfo: api('getFileInfo', (o) => ({ size: take(o.filePath).bytes.length })),
  }
  return { open, manager, resolve, temporary, take, write, has: (path) => files.has(path), settled: () => Promise.all([...writing]) }
}
