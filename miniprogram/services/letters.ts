// Letters as the office tells them, and what one may do with a letter.
import { leaveEvidence, DeedPhoto } from './deeds'
import { get, post, query } from './door'
import { PhotoLink } from './ledger'
import { shelf, Shelf } from './store'

export interface LetterRow {
  id: string
  kind: string
  kind_label: string
  document_number: string | null
  title: string
  state: string
  state_label: string
  addressee: string
  ledger_number: string
  issued_on: string | null
  reply_due_on: string | null
  deadline: string
  is_late: boolean
}
export interface LetterList {
  items: LetterRow[]
  cursor: string | null
}
export interface LetterReply {
  text: string
  replied_at: string
  by: string
  is_late: boolean
  is_accepted: boolean | null
  words: string
  pictures: PhotoLink[][]
}
export interface Letter {
  id: string
  version: number
  line: LetterRow
  ledger_item_id: string | null
  issuer: string
  copy_to: string
  drafted_by: string
  signed_by: string
  received_by: string
  received_at: string | null
  with_whom: string
  void_reason: string
  warning: string
  paper: { pages: string[]; pdf: string }
  replies: LetterReply[]
  open_steps: string[]
  missing: string[]
}

export const LETTER_LISTS: Record<string, string> = {
  letters_to_receive: '待签收的函件',
  letters_to_reply: '待反馈的函件',
  letters_to_sign: '待签发的函件',
  letters_to_decide: '待审核的函件反馈',
}
const TONES: Record<string, string> = { draft: 'tag-grey', submitted: 'tag-warn', delivered: 'tag-warn', acknowledged: '', replied: '', accepted: 'tag-good', voided: 'tag-grey' }
export const toneOf = (line: LetterRow): string => (line.is_late ? 'tag-bad' : TONES[line.state] ?? '')

export const letters = (filter: { todo?: string; item_id?: string; cursor?: string | null }): Promise<LetterList> => get<LetterList>(`/letters${query({ ...filter, limit: 20 })}`)
export const letter = (id: string): Promise<Letter> => get<Letter>(`/letters/${id}`)

/** A step on a letter that may be sent twice: its key was made before it was sent first. */
export const doStep = (id: string, noun: string, key: string, body: object): Promise<Letter> => post<Letter>(`/letters/${id}/${noun}`, { key, body })

/** What somebody writes on a letter, as it lies on the phone until the office has it. */
export interface Answer {
  key: string
  version: number
  words: string
  accepted: boolean | null
  photos: DeedPhoto[]
}
export type AnswerStep = 'reply' | 'decide' | 'send_back'
export const answerOf = (id: string, step: AnswerStep): Shelf<Answer | null> => shelf<Answer | null>(`letter:${id}:${step}`, null)

/** Send what was written; its photos follow, now or when there is a network again. Raises Refusal or Unreachable. */
export async function sendAnswer(id: string, step: AnswerStep, { key, version, words, accepted, photos }: Answer): Promise<void> {
  const text = words.trim()
  if (step === 'send_back') await doStep(id, 'returns', key, { version, reason: text })
  if (step === 'decide') await doStep(id, 'reply-decisions', key, { version, accepted, words: text })
  if (step === 'reply') {
    const announced = photos.map(({ sha256, bytes }) => ({ sha256, bytes }))
    const done = await doStep(id, 'replies', key, { version, text, photos: announced })
    await leaveEvidence(photos, done.missing)
  }
  answerOf(id, step).clear()
}

/** What still has to be filled in, in words; empty if nothing. */
export function lackingIn(step: AnswerStep, { words, accepted }: Answer): string {
  if (step === 'decide' && accepted === null) return '请先选认可或退回'
  if (step === 'decide' && accepted) return ''
  if (words.trim()) return ''
  return step === 'reply' ? '请写办理情况' : '请写明哪里要修改'
}
