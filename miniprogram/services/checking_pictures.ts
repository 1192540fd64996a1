// Checking a picture against the code in its mark: its file first, and the picture itself only if the file is another one.
import { query } from './door'
import { call, send } from './http'
import { sha256 } from './sha256'

/** Where a picture differs, as shares of its width and height. */
export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}
export interface Checked {
  code: string
  verdict: 'genuine' | 'resaved' | 'altered' | 'undecided' | 'unknown'
  why: string
  next: string
  made_at: string | null
  differs: Box[]
}

export const CODES_AT_MOST = 40
const LARGEST = 10 * 1024 * 1024 // no file of ours is larger
const SMALL_ENOUGH = 1024 * 1024 // what a bad line of 50 kB/s carries in 20 seconds; WeChat cuts after a minute
const LONGEST = 1600 // pixels of the office's largest picture: more is only slower on the way
const QUALITY = 80

/** What the office finds of a code and, if there is one, of the picture in a file. Raises as `call` does. */
export async function check(code: string, file: string): Promise<Checked> {
  const address = `/verify/${encodeURIComponent(code)}`
  const headers = { accept: 'application/json' }
  const bytes = file ? await sizeOf(file) : 0
  const digest = file && bytes <= LARGEST ? sha256(new Uint8Array(wx.getFileSystemManager().readFileSync(file) as ArrayBuffer)) : ''
  const told = await call<Checked>({ method: 'GET', path: address + query({ sha256: digest }), headers })
  const isDecided = digest ? told.verdict !== 'undecided' : !file || told.verdict === 'unknown'
  return isDecided ? told : send<Checked>({ path: address, file: await smaller(file, bytes), headers })
}

/** A large picture as large as the office's are; how it is compared asks for no more. What the phone can't read goes as it is. */
async function smaller(file: string, bytes: number): Promise<string> {
  if (bytes <= SMALL_ENOUGH) return file
  try {
    const { width, height } = await wx.getImageInfo({ src: file })
    const side = width >= height ? 'compressedWidth' : 'compressedHeight'
    const size = Math.max(width, height) > LONGEST ? { [side]: LONGEST } : {}
    return (await wx.compressImage({ src: file, quality: QUALITY, ...size })).tempFilePath
  } catch {
    return file
  }
}

function sizeOf(file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().getFileInfo({ filePath: file, success: ({ size }) => resolve(size), fail: reject })
  })
}
