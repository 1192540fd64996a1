// Photos that prove a deed: out of the temporary folder at once, named by their own bytes.
import { DeedPhoto } from './deeds'
import { EvidenceKind } from './ledger'
import { sha256 } from './sha256'

export const MOST_EVIDENCE = 9
let count = 0

/** Move what was taken among the person's own files; a picture that is there already is left out. */
export function keepEvidence(temporary: string[], kind: EvidenceKind, there: DeedPhoto[]): DeedPhoto[] {
  const files = wx.getFileSystemManager()
  const all = [...there]
  for (const from of temporary.slice(0, MOST_EVIDENCE - there.length)) {
    count += 1
    const ending = /\.(\w+)$/.exec(from)?.[1] ?? 'jpg'
    const path = `${wx.env.USER_DATA_PATH}/evidence-${Date.now().toString(36)}${count}.${ending}`
    files.saveFileSync(from, path)
    const bytes = new Uint8Array(files.readFileSync(path) as ArrayBuffer)
    const digest = sha256(bytes)
    if (all.some((one) => one.sha256 === digest)) files.unlinkSync(path)
    else all.push({ path, sha256: digest, bytes: bytes.length, kind })
  }
  return all
}
