// Photos that prove a deed: out of the temporary folder at once, named by their own bytes.
import { DeedPhoto } from './deeds'
import { EvidenceKind } from './ledger'
import { NO_ROOM, PhoneWillNot } from './refusal'
import { sha256 } from './sha256'
import { isNoRoom } from './taking_photos'

export const MOST_EVIDENCE = 9

/** What is said of those that were one too many; empty where all have room. */
export function overWords(taken: number, there: number): string {
  const over = taken - (MOST_EVIDENCE - there)
  return over > 0 ? `最多${MOST_EVIDENCE}张，有${over}张没有加上` : ''
}

let count = 0

/** Move what was taken among the person's own files, nine at most; a picture that is there already is left out. */
export function keepEvidence(temporary: string[], kind: EvidenceKind, there: DeedPhoto[]): DeedPhoto[] {
  const files = wx.getFileSystemManager()
  const all = [...there]
  for (const from of temporary.slice(0, MOST_EVIDENCE - there.length)) {
    count += 1
    const ending = /\.(\w+)$/.exec(from)?.[1] ?? 'jpg'
    const path = `${wx.env.USER_DATA_PATH}/evidence-${Date.now().toString(36)}${count}.${ending}`
    try {
      files.saveFileSync(from, path)
    } catch (error) {
      throw isNoRoom(error) ? new PhoneWillNot(...NO_ROOM) : error
    }
    const bytes = new Uint8Array(files.readFileSync(path) as ArrayBuffer)
    const digest = sha256(bytes)
    if (all.some((one) => one.sha256 === digest)) files.unlinkSync(path)
    else all.push({ path, sha256: digest, bytes: bytes.length, kind })
  }
  return all
}
