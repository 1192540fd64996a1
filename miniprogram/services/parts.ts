// Photos over a bad line: in parts, by tus 1.0. What the office has confirmed is never sent twice.
import { base64OfAscii, base64OfHex } from './base64'
import { exchange, Told } from './http'
import { Refusal, Unreachable } from './refusal'
import { itWorked } from './retrying'
import { sha256 } from './sha256'

// Small parts lose little at a break: at 50 kB/s with a cut every 8 s 4 MB need 98 s in parts of 64 KiB, 118 s in 256.
const SMALLEST_PART = 64 * 1024
const LARGEST_PART = 256 * 1024
const QUICK_MS = 500 // a line that carries a part so fast carries twice as much
const UPLOADS = '/api/v1/uploads'
const ENDED = [404, 410]

/** Send a file from where the office has it on; raises Unreachable when the line breaks, and goes on there next time. */
export async function sendParts(digest: string, file: string, bytes: number, bearer: string, onProgress: (percent: number) => void): Promise<void> {
  const headers = { authorization: bearer, 'tus-resumable': '1.0.0' }
  const path = `${UPLOADS}/${digest}-${bytes}`
  let at = await begin(digest, bytes, headers)
  let part = SMALLEST_PART
  let hasMoved = false
  while (at < bytes) {
    onProgress(Math.floor((at / bytes) * 100))
    const began = Date.now()
    try {
      at = await sendPart(path, file, at, Math.min(part, bytes - at), headers)
      itWorked()
      hasMoved = true
      part = Date.now() - began < QUICK_MS ? Math.min(part * 2, LARGEST_PART) : SMALLEST_PART
    } catch (error) {
      if (error instanceof Refusal && error.code === 'offset_differs') {
        at = await reached(path, digest, bytes, headers)
      } else if (error instanceof Unreachable && !error.status && hasMoved) {
        // A line that carried a part and broke is taken up again at once; one that carries nothing gets a rest.
        at = await begin(digest, bytes, headers)
        part = SMALLEST_PART
        hasMoved = false
      } else throw error
    }
  }
  onProgress(100)
}

async function begin(digest: string, bytes: number, headers: Record<string, string>): Promise<number> {
  const told = { 'upload-length': String(bytes), 'upload-metadata': `sha256 ${base64OfAscii(digest)}` }
  return offsetOf(await exchange({ method: 'POST', path: UPLOADS, headers: { ...headers, ...told } }))
}

async function sendPart(path: string, file: string, at: number, length: number, headers: Record<string, string>): Promise<number> {
  const part = wx.getFileSystemManager().readFileSync(file, undefined, at, length) as ArrayBuffer
  const told = {
    'content-type': 'application/offset+octet-stream',
    'x-http-method-override': 'PATCH',
    'upload-offset': String(at),
    'upload-checksum': `sha256 ${base64OfHex(sha256(new Uint8Array(part)))}`,
  }
  return offsetOf(await exchange({ method: 'POST', path, part, headers: { ...headers, ...told } }))
}

async function reached(path: string, digest: string, bytes: number, headers: Record<string, string>): Promise<number> {
  try {
    return offsetOf(await exchange({ method: 'HEAD', path, headers }))
  } catch (error) {
    // An answer to HEAD has no body, so the office's no comes as a bare number.
    if (error instanceof Unreachable && ENDED.includes(error.status)) return begin(digest, bytes, headers)
    throw error
  }
}

function offsetOf({ told }: Told): number {
  const at = Number(told('upload-offset'))
  if (!Number.isInteger(at)) throw new Unreachable('the answer tells no offset')
  return at
}
