// Photos on their way into a draft: out of the temporary folder at once, named by their own bytes.
import { change, draft, DraftPhoto, MOST_PHOTOS } from './drafts'
import { NO_CAMERA, NO_ROOM, PhoneWillNot } from './refusal'
import { sha256 } from './sha256'

const MOST_BYTES = 10 * 1024 * 1024
const SMALLER_QUALITY = 70

export interface Taken {
  added: number
  over: number
  again: number
  tooBig: number
}

/** Let the person take or choose photos; an empty list if nothing was taken. Call it within a tap. */
export async function takePhotos(count = MOST_PHOTOS, source?: 'camera' | 'album'): Promise<string[]> {
  const sourceType: ('camera' | 'album')[] = source ? [source] : ['camera', 'album']
  try {
    const chosen = await wx.chooseMedia({ count, mediaType: ['image'], sourceType, sizeType: ['compressed'] })
    return chosen.tempFiles.map((one) => one.tempFilePath)
  } catch (error) {
    const { errMsg } = error as { errMsg: string }
    if (/cancel/.test(errMsg)) return []
    if (/privacy/.test(errMsg)) return [] // the question itself told what not agreeing means
    if (/auth|deny|denied|permission|authorize/.test(errMsg)) throw new PhoneWillNot(...NO_CAMERA)
    throw error
  }
}

/** Move photos into a draft, one after the other; each is safe before the next is looked at. */
export async function keepPhotos(id: string, temporary: string[]): Promise<Taken> {
  const taken: Taken = { added: 0, over: 0, again: 0, tooBig: 0 }
  for (const path of temporary) {
    const outcome = await keepPhoto(id, path)
    if (outcome) taken[outcome] += 1
  }
  return taken
}

/** Take a photo out of a draft. */
export function dropPhoto(id: string, digest: string): void {
  const one = draft(id)
  const photo = one?.photos.find((kept) => kept.sha256 === digest)
  if (!one || !photo) return
  change(id, { photos: one.photos.filter((kept) => kept !== photo) })
  if (photo.path) wx.getFileSystemManager().unlink({ filePath: photo.path, fail: () => undefined })
}

async function keepPhoto(id: string, temporary: string): Promise<keyof Taken | null> {
  const files = wx.getFileSystemManager()
  let path = place(id, files.saveFileSync.bind(files), temporary)
  let bytes = read(path)
  if (bytes.length > MOST_BYTES) {
    const smaller = await wx.compressImage({ src: path, quality: SMALLER_QUALITY })
    files.unlinkSync(path)
    path = place(id, files.saveFileSync.bind(files), smaller.tempFilePath)
    bytes = read(path)
  }
  const photo: DraftPhoto = { path, sha256: sha256(bytes), bytes: bytes.length, sent: false }
  const one = draft(id)
  const again = one?.photos.some((kept) => kept.sha256 === photo.sha256)
  if (!one || again || photo.bytes > MOST_BYTES || one.photos.length >= MOST_PHOTOS) {
    files.unlinkSync(path)
    return again ? 'again' : photo.bytes > MOST_BYTES ? 'tooBig' : one ? 'over' : null
  }
  change(id, { photos: [...one.photos, photo] })
  return 'added'
}

/** How WeChat says that a program's 200 MB are full. */
export function isNoRoom(error: unknown): boolean {
  const words = (error as { errMsg?: string; message?: string }).errMsg ?? (error as Error).message ?? ''
  return /storage limit|exceeded|no space|ENOSPC/i.test(words)
}

let count = 0

function place(id: string, move: (from: string, to: string) => string | number, temporary: string): string {
  count += 1
  const ending = /\.(\w+)$/.exec(temporary)?.[1] ?? 'jpg'
  const path = `${wx.env.USER_DATA_PATH}/${id}-${Date.now().toString(36)}${count}.${ending}`
  try {
    move(temporary, path)
  } catch (error) {
    if (isNoRoom(error)) throw new PhoneWillNot(...NO_ROOM)
    throw error
  }
  return path
}

function read(path: string): Uint8Array {
  return new Uint8Array(wx.getFileSystemManager().readFileSync(path) as ArrayBuffer)
}
