// A phone's files: what is saved outlives a restart (IndexedDB), what is temporary does not.
import { api, fail } from './api.js'

export const USER = 'http://usr'
const noFile = (path) => fail(`no such file or directory, open "${path}"`)
const isKept = (path) => path.startsWith(USER) || path.includes('/store_')
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
  const put = (path, file) => { files.set(path, file); keep(path) }
  const drop = (path) => { files.delete(path); keep(path) }
  const take = (path) => { if (!files.has(path)) throw noFile(path); return files.get(path) }
  const temporary = (file, name) => {
    const path = `http://tmp/${Date.now().toString(36)}${(count++).toString(36)}.${endingOf(name)}`
    files.set(path, file)
    return path
  }

  /** The address under which a page can show a file, an asset or a web picture. */
  const resolve = (src) => {
    if (!src) return ''
    if (files.has(src)) {
      if (!pictures.has(src)) pictures.set(src, URL.createObjectURL(new Blob([files.get(src).bytes], { type: files.get(src).type })))
      return pictures.get(src)
    }
    if (/^http:\/\/(tmp|usr|store)\//.test(src)) return '' // the file is gone, as temporary ones are after a restart
    if (/^(https?:|data:|blob:|\/api\/)/.test(src)) return src
    return `${hooks.assetBase ?? '/mp'}${src.startsWith('/') ? '' : '/'}${src}`
  }

  const encoded = ({ bytes }, encoding) => {
    if (!encoding) return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    if (encoding === 'base64') return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    return new TextDecoder().decode(bytes)
  }
  const manager = {
    saveFileSync(from, to) {
      const path = to || `http://store/store_${Date.now().toString(36)}${count++}.${endingOf(from)}`
      if (hooks.storageFull) throw new Error('saveFileSync:fail the maximum size of the file storage limit is exceeded')
      put(path, take(from))
      if (from.startsWith('http://tmp')) files.delete(from)
      return path
    },
    readFileSync: (path, encoding) => encoded(take(path), encoding),
    writeFileSync: (path, data) => put(path, { bytes: typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data), type: '' }),
    accessSync: (path) => { take(path) },
    unlinkSync: (path) => { take(path); drop(path) },
    copyFileSync: (from, to) => put(to, take(from)),
    statSync: (path) => ({ size: take(path).bytes.length, isFile: () => true, isDirectory: () => false }),
    readdirSync: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    saveFile: api('saveFile', (o) => ({ savedFilePath: manager.saveFileSync(o.tempFilePath, o.filePath) })),
    readFile: api('readFile', (o) => ({ data: encoded(take(o.filePath), o.encoding) })),
    writeFile: api('writeFile', (o) => manager.writeFileSync(o.filePath, o.data)),
    access: api('access', (o) => manager.accessSync(o.path)),
    unlink: api('unlink', (o) => manager.unlinkSync(o.filePath)),
    copyFile: api('copyFile', (o) => manager.copyFileSync(o.srcPath, o.destPath)),
    getFileInfo: api('getFileInfo', (o) => ({ size: take(o.filePath).bytes.length })),
  }
  return { open, manager, resolve, temporary, take, put, has: (path) => files.has(path), settled: () => Promise.all([...writing]) }
}
