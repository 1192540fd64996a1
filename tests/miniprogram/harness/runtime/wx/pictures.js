// Pictures on a phone: which paths may be looked at, and what WeChat makes of them when it compresses.
import { api, fail } from './api.js'
import { isLocal, isOnWeb } from './files.js'

const SHORTER_SIDE = 1280 // of what WeChat calls compressed
const QUALITY = 0.8

/** A picture made new as a JPEG, no larger than `most` on its shorter side; what can't be read stays as it is. */
export async function compressed(file, { quality = QUALITY, most = SHORTER_SIDE } = {}) {
  if (typeof createImageBitmap === 'undefined') return file
  const picture = await createImageBitmap(new Blob([file.bytes], { type: file.type })).catch(() => null)
  if (!picture) return file
  const scale = Math.min(1, most / Math.min(picture.width, picture.height))
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
  const made = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return { bytes: new Uint8Array(await made.arrayBuffer()), type: 'image/jpeg' }
}

export function createPictures({ files, ui }) {
  // A draft's photo lies under wxfile://, the office's under its whole address: nothing else opens on a phone.
  const mayOpen = (path) => isOnWeb(path) || (isLocal(path) && files.has(path))
  const openable = (paths) => {
    const bad = paths.find((path) => typeof path !== 'string' || !mayOpen(path))
    if (!paths.length || bad !== undefined) throw fail(`can not open ${bad ?? 'nothing'}`)
    return paths
  }
  const show = (paths, at) => ui.preview(files.resolve(openable(paths)[at]))

  return {
    compressImage: api('compressImage', async (o) => {
      const most = Math.min(o.compressedWidth ?? Infinity, o.compressedHeight ?? Infinity)
      return { tempFilePath: files.temporary(await compressed(files.take(o.src), { quality: (o.quality ?? 80) / 100, most }), 'a.jpg') }
    }),
    getImageInfo: api('getImageInfo', async (o) => {
      const address = files.resolve(o.src)
      if (!address) throw fail(`file not found ${o.src}`)
      const image = Object.assign(new Image(), { src: address })
      await image.decode()
      return { width: image.naturalWidth, height: image.naturalHeight, path: o.src, orientation: 'up', type: 'jpeg' }
    }),
    previewImage: api('previewImage', (o) => {
      const at = o.current === undefined ? 0 : o.urls.indexOf(o.current)
      if (at < 0) throw fail(`current ${o.current} is none of urls`)
      return show(o.urls, at)
    }),
    previewMedia: api('previewMedia', (o) => show(o.sources.map((one) => one.url), o.current ?? 0)),
    openDocument: api('openDocument', (o) => {
      if (!o.filePath || !files.has(o.filePath)) throw fail('file doesn\'t exist')
      // A phone shows the file; a browser lets the person keep it.
      Object.assign(document.createElement('a'), { href: files.resolve(o.filePath), download: o.filePath.split('/').pop() }).click()
    }),
  }
}
