// What may be done on an item, in the words of its buttons; what is filled in stays on the phone until the office has it.
import { ActionCode, ACTIONS } from './actions'
import { post, sendPhoto } from './door'
import { EvidenceKind, Item } from './ledger'
import { Refusal, Unreachable } from './refusal'
import { itWorked, tryAgain } from './retrying'
import { shelf } from './store'

export type Need = 'how_much' | 'words' | 'next_step' | 'until' | 'photos' | 'evidence' | 'unit' | 'days' | 'answer' | 'cause'
export interface Deed {
  /** What the office calls it among an item's open deeds. */
  name: string
  /** The sub-noun of the item that it is sent to. */
  noun: string
  label: string
  done: string
  needs: Need[]
  /** What the words are for, and what they are called on the wire. */
  words?: { label: string; field: string; optional?: boolean }
  until?: { label: string; field: string }
}

// What a phone asks for on each; the order is that of the buttons: what is wanted most stands first.
const FORMS: [ActionCode, Pick<Deed, 'needs' | 'words' | 'until'>][] = [
  ['acknowledge', { needs: [] }],
  ['report_progress', { needs: ['how_much', 'words', 'next_step', 'photos'], words: { label: '做了什么', field: 'text' } }],
  ['request_close_out', { needs: ['words', 'evidence'], words: { label: '怎么解决的', field: 'text' } }],
  ['ask_extension', { needs: ['until', 'words'], words: { label: '为什么要延期', field: 'reason' }, until: { label: '延期到', field: 'until_on' } }],
  ['ask_retention', { needs: ['until', 'words'], words: { label: '为什么要长期办理', field: 'reason' }, until: { label: '到哪天复核', field: 'review_on' } }],
  ['return_back', { needs: ['cause', 'words'], words: { label: '为什么不归我们办', field: 'reason' } }],
  ['close_out', { needs: ['answer', 'cause', 'words'], words: { label: '给单位的话', field: 'reply', optional: true } }],
  ['decide_extension', { needs: ['answer', 'words'], words: { label: '给单位的话', field: 'reply', optional: true } }],
  ['decide_retention', { needs: ['answer', 'words'], words: { label: '给单位的话', field: 'reply', optional: true } }],
  ['dispatch', { needs: ['unit', 'days', 'words'], words: { label: '给单位的话', field: 'words', optional: true } }],
  ['retain', { needs: ['until', 'words'], words: { label: '为什么留号', field: 'note' }, until: { label: '到哪天复核', field: 'next_review_on' } }],
  ['resume', { needs: ['words'], words: { label: '为什么恢复', field: 'reason' } }],
]
export const DEEDS: Deed[] = FORMS.map(([name, form]) => ({ name, ...ACTIONS[name], ...form }))

export const deedNamed = (name: string): Deed | undefined => DEEDS.find((one) => one.name === name)

/** The deeds of an item that a phone offers, in the order of their buttons. */
export function deedsOf(item: Item): Deed[] {
  return DEEDS.filter((one) => item.open_deeds.includes(one.name))
}

export interface DeedPhoto {
  path: string
  sha256: string
  bytes: number
  kind: EvidenceKind
}
/** A form as it lies on the phone: its key was made with it, so sending it twice is doing it once. */
export interface Form {
  key: string
  /** Sent before, and nobody knows whether it arrived: only the same deed again finds out. */
  tried: boolean
  version: number
  percent: number
  words: string
  /** What comes next; forms kept by older versions have none. */
  next_step?: string
  until: string
  unit: { id: string; name: string } | null
  /** Working days; 0 keeps the deadline that the item has. */
  days: number
  approved: boolean | null
  /** The code of the reason that was chosen; empty where there is none to choose. */
  cause: string
  photos: DeedPhoto[]
}

export const formOf = (itemId: string, deed: string): ReturnType<typeof shelf<Form | null>> => shelf<Form | null>(`form:${itemId}:${deed}`, null)

/** What still has to be filled in before a deed can be sent, in words; empty if nothing. */
export function lacking(deed: Deed, form: Form, { evidence_needed: needed, causes, light }: Pick<Item, 'evidence_needed' | 'causes'> & { light?: string }): string {
  if (deed.needs.includes('answer') && form.approved === null) return '请先选同意或退回'
  if (deed.needs.includes('unit') && !form.unit) return '请选择承办单位'
  if (deed.needs.includes('until') && !form.until) return '请选择日期'
  const mustChoose = givesBack(deed, form) && causes.length > 0
  if (mustChoose && !causes.some((one) => one.code === form.cause)) return '请选一条退回理由'
  if (mustChoose) return ''
  const mustTell = deed.words && (!deed.words.optional || form.approved === false)
  if (mustTell && !form.words.trim()) return form.approved === false ? '退回要写明原因' : `请写${deed.words?.label}`
  if (deed.needs.includes('next_step') && light === 'red' && !form.next_step?.trim()) return '已逾期，请写下一步怎么办'
  if (!deed.needs.includes('evidence')) return ''
  const missing = needed.filter((kind) => !form.photos.some((photo) => photo.kind === kind))
  return missing.length ? `还缺：${missing.map((kind) => NAMES[kind]).join('、')}` : ''
}
/** Whether a form, as it is filled in, gives the item or its close-out back. */
export const givesBack = (deed: Deed, form: Form): boolean => deed.needs.includes('cause') && (!deed.needs.includes('answer') || form.approved === false)

const NAMES: Record<EvidenceKind, string> = { before: '整改前照片', after: '整改后照片', document: '书面材料照片' }

/** The body of a deed: only what it asks for. */
export function bodyOf(deed: Deed, form: Form): Record<string, unknown> {
  const body: Record<string, unknown> = { version: form.version }
  if (deed.words && form.words.trim()) body[deed.words.field] = form.words.trim()
  if (givesBack(deed, form) && form.cause) body.cause = form.cause
  if (deed.until) body[deed.until.field] = form.until
  if (deed.needs.includes('next_step') && form.next_step?.trim()) body.next_step = form.next_step.trim()
  if (deed.needs.includes('how_much')) body.percent = form.percent
  if (deed.needs.includes('answer')) body.approved = form.approved
  if (deed.needs.includes('unit')) body.unit_id = form.unit?.id
  if (deed.needs.includes('days') && form.days) body.days = form.days
  if (deed.needs.includes('photos')) body.photos = form.photos.map(({ sha256, bytes }) => ({ sha256, bytes }))
  if (deed.needs.includes('evidence')) body.evidence = form.photos.map(({ sha256, bytes, kind }) => ({ sha256, bytes, kind }))
  return body
}

interface Done {
  item: Item
  missing: string[]
}

// Photos of deeds that the office has noted and whose pictures it still waits for.
const waiting = shelf<DeedPhoto[]>('evidence', [])

/** Do a deed; its photos follow, now or when there is a network again. Raises Refusal or Unreachable. */
export async function doDeed(itemId: string, deed: Deed, form: Form): Promise<Item> {
  const done = await post<Done>(`/ledger-items/${itemId}/${deed.noun}`, { key: form.key, body: bodyOf(deed, form) })
  formOf(itemId, deed.name).clear()
  await leaveEvidence(form.photos, done.missing)
  return done.item
}

/** The office knows of these photos and lacks some of them: those follow, the others leave the phone. */
export async function leaveEvidence(photos: DeedPhoto[], missing: string[]): Promise<void> {
  const wanted = photos.filter((photo) => missing.includes(photo.sha256))
  waiting.set([...waiting.get(), ...wanted])
  photos.filter((photo) => !wanted.includes(photo)).forEach(dropFile)
  await carryEvidence()
}

/** How many photos of deeds are still on this phone. */
export const evidenceWaiting = (): number => waiting.get().length

let carrying: Promise<void> | null = null

/** Send the photos that wait, one after the other; a dead line leaves the rest for later. */
export function carryEvidence(): Promise<void> {
  carrying ??= carryAll().finally(() => {
    carrying = null
  })
  return carrying
}

async function carryAll(): Promise<void> {
  for (let photo = waiting.get()[0]; photo; photo = waiting.get()[0]) {
    try {
      await sendPhoto(photo)
      itWorked()
    } catch (error) {
      if (error instanceof Unreachable) return tryAgain(error.seconds)
      if (error instanceof Refusal && error.mayRepeat) return tryAgain(error.problem.retry_after)
      // the office will not have it as it is; it stays named in the deed, and the unit is told in its inbox
    }
    const sent = photo
    waiting.set(waiting.get().filter((one) => one.path !== sent.path))
    dropFile(sent)
  }
}

export function dropFile(photo: { path: string }): void {
  wx.getFileSystemManager().unlink({ filePath: photo.path, fail: () => undefined }) // gone already is as good
}
