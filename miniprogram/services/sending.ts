// Carries drafts to the office: one at a time, the text first, then the photos it says are missing.
// A dead line stops everything until the phone hears of a network; a refusal stops only its own draft.
import { get, put, sendPhoto } from './door'
import { change, close, Draft, draft, drafts, DraftPhoto } from './drafts'
import { Observation, Receipt } from './observations'
import { Refusal, Unreachable, wordsOf } from './refusal'
import { itWorked, tryAgain, tryAt } from './retrying'
import { sha256OfText } from './sha256'
import { cleaned } from './text'
import { instantMs } from './words'

export interface Progress {
  /** The draft that is being sent, and which of its photos, in percent. */
  id: string
  sha256: string
  percent: number
}

class PhotoLost extends Error {}
const PHOTO_LOST = {
  code: 'photo_lost',
  title: '手机上找不到其中一张照片。',
  hint: '它可能被清理掉了。请去掉这张，或重新拍一张，再提交。',
}
/** Refusals after which the report counts as written when it is handed over again. */
const WRITE_ANEW = ['clock_wrong', 'written_long_ago']
const LATER_SECONDS = 60
const LEAST_PAUSE_MS = 3_000
const watchers = new Set<() => void>()
let running: Promise<void> | null = null
let again = false
let offline = false
let progress: Progress | null = null

export const isOffline = (): boolean => offline
export const progressNow = (): Progress | null => progress
export const isSending = (): boolean => running !== null

export function onSending(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

/** Send what waits. Called at the start, on return, when a network appears and after each handing over. */
export function flush(): Promise<void> {
  if (running) {
    again = true
    return running
  }
  running = sendAll().finally(() => {
    running = null
    tellAll()
  })
  tellAll()
  return running
}

/** What the office is asked to store: built from the draft alone, so that every attempt is the same. */
export function bodyOf(one: Draft): object {
  return {
    kind: one.kind,
    text: cleaned(one.text),
    task_id: one.task?.id ?? null,
    category: one.category ?? null,
    anonymity: one.anonymity,
    written_at: one.written_at,
    place: one.place,
    photos: one.photos.map((photo) => ({ sha256: photo.sha256, bytes: photo.bytes, taken_at: null })),
  }
}

/** Whether the receipt is for exactly what this phone wrote; the rule stands in the office's API. */
export function agrees(one: Draft, receipt: Receipt): boolean {
  const seconds = Math.floor(instantMs(receipt.received_at) / 1000)
  const lines = [receipt.receipt_number, one.id, String(seconds), one.kind, cleaned(one.text)]
  return sha256OfText([...lines, ...one.photos.map((photo) => photo.sha256)].join('\n')) === receipt.receipt_hash
}

async function sendAll(): Promise<void> {
  do {
    again = false
    // The oldest first: what was written first gets its number first.
    for (const one of drafts('queued', 'unknown', 'accepted').reverse()) {
      if (one.wait_until > Date.now()) continue
      try {
        await sendOne(one.id)
        offline = false
        itWorked()
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        offline = true
        tryAgain(error.seconds)
        return
      }
    }
  } while (again)
  const waiting = drafts('queued', 'unknown', 'accepted').map((one) => one.wait_until)
  if (waiting.length) tryAt(Math.max(Math.min(...waiting), Date.now() + LEAST_PAUSE_MS))
}

async function sendOne(id: string): Promise<void> {
  try {
    await carry(id)
  } catch (error) {
    if (error instanceof PhotoLost) {
      change(id, { state: 'refused', refusal: PHOTO_LOST })
      return
    }
    if (!(error instanceof Refusal)) throw error
    const refusal = { ...wordsOf(error), code: error.code }
    const wait = (error.problem.retry_after ?? LATER_SECONDS) * 1000
    if (!isOurs(id)) return
    if (error.mayRepeat) change(id, { refusal, wait_until: Date.now() + wait })
    else change(id, { refusal, state: 'refused', ...(WRITE_ANEW.includes(error.code) ? { written_at: null } : {}) })
  } finally {
    progress = null
    tellAll()
  }
}

/** Whether a draft is still on its way: meanwhile the person may have taken it up again, and then it is his. */
function isOurs(id: string): boolean {
  return ['queued', 'unknown', 'accepted'].includes(draft(id)?.state ?? '')
}

async function carry(id: string): Promise<void> {
  let receipt = await textOf(id)
  const one = draft(id)
  if (!one) return
  for (const photo of one.photos) {
    if (!isOurs(id)) return
    if (receipt.missing.includes(photo.sha256)) await photoOf(id, photo)
    else markSent(id, photo)
  }
  if (receipt.missing.length) receipt = await get<Observation>(`/observations/${id}`)
  if (!isOurs(id)) return
  if (receipt.missing.length) change(id, { receipt })
  else close(id, receipt)
}

/** The office's receipt for the text: asked for where the text may be there, else after sending it. */
async function textOf(id: string): Promise<Receipt> {
  const one = draft(id)
  const mayBeThere = one?.state === 'accepted' || (one?.state === 'unknown' && one.base_version === null)
  const receipt = (mayBeThere && (await seen(id))) || (await sendText(id))
  const kept = draft(id)
  if (!isOurs(id) || !kept) return receipt
  change(id, { state: 'accepted', receipt, base_version: null, refusal: null, hash_agrees: agrees(kept, receipt) })
  tellAll()
  return receipt
}

async function sendText(id: string): Promise<Receipt> {
  const one = change(id, { state: 'unknown', refusal: null })!
  const revision = one.base_version === null ? '' : `/revisions/${one.base_version}`
  const receipt = await put<Receipt>(`/observations/${id}${revision}`, { body: bodyOf(one) })
  if (receipt.client_id !== id) throw new Unreachable('the answer is not for this report')
  return receipt
}

async function seen(id: string): Promise<Receipt | null> {
  try {
    return await get<Observation>(`/observations/${id}`)
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null
    throw error
  }
}

async function photoOf(id: string, photo: DraftPhoto): Promise<void> {
  if (!isHere(photo)) throw new PhotoLost()
  progress = { id, sha256: photo.sha256, percent: 0 }
  tellAll()
  await sendPhoto(photo, (percent) => {
    progress = { id, sha256: photo.sha256, percent }
    tellAll()
  })
  markSent(id, photo)
}

function isHere(photo: DraftPhoto): boolean {
  try {
    wx.getFileSystemManager().accessSync(photo.path)
    return true
  } catch {
    return false
  }
}

function markSent(id: string, photo: DraftPhoto): void {
  const one = draft(id)
  if (!one) return
  const photos = one.photos.map((kept) => (kept.sha256 === photo.sha256 ? { ...kept, sent: true } : kept))
  change(id, { photos })
}

function tellAll(): void {
  watchers.forEach((tell) => tell())
}
