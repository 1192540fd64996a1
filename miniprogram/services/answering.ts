// Answers to a checklist: put down on the phone first, sent when there is a network, each once and in its last wording.
import { DeedPhoto, leaveEvidence } from './deeds'
import { Place } from './drafts'
import { put } from './door'
import { Question } from './missions'
import { Refusal, wordsOf } from './refusal'
import { person } from './session'
import { shelf } from './store'

export interface Given {
  passed: boolean | null
  number: number | null
  text: string
  photos: { sha256: string; bytes: number }[]
  place: Place | null
}
export interface Pending {
  person: string
  mission: string
  question: string
  given: Given
  photos: DeedPhoto[]
  /** The office's no, with what to do; empty while it has not been asked or could not be reached. */
  trouble: string
}
interface Answered {
  answer: { missing: string[] }
}

export const MOST_PHOTOS = 3
const waiting = shelf<Pending[]>('answers', [])
const isOf = (one: Pending, other: Pending): boolean => one.person === other.person && one.question === other.question

/** What this person has put down for a mission and the office has not. */
export const answersWaiting = (mission: string): Pending[] => waiting.get().filter((one) => one.mission === mission && one.person === (person()?.id ?? ''))

/** Put an answer down; an earlier one to the same question that has not left yet is replaced. */
export function putDown(pending: Omit<Pending, 'person' | 'trouble'>): void {
  const mine = { ...pending, person: person()?.id ?? '', trouble: '' }
  waiting.set([...waiting.get().filter((one) => !isOf(one, mine)), mine])
}

let sending: Promise<void> | null = null

/** Send what waits, one after the other; a dead line leaves the rest for later. */
export function sendAnswers(): Promise<void> {
  sending ??= sendAll().finally(() => {
    sending = null
  })
  return sending
}

async function sendAll(): Promise<void> {
  const next = (): Pending | undefined => waiting.get().find((one) => one.person === person()?.id && !one.trouble)
  for (let one = next(); one; one = next()) {
    try {
      const { answer } = await put<Answered>(`/missions/${one.mission}/answers/${one.question}`, { body: one.given })
      leave(one)
      await leaveEvidence(one.photos, answer.missing)
    } catch (error) {
      if (!(error instanceof Refusal) || error.mayRepeat) return
      const { title, hint } = wordsOf(error)
      note(one, title + hint)
    }
  }
}

// A newer wording of the same answer may have been put down while this one was on its way: it stays.
const isSame = (one: Pending, sent: Pending): boolean => isOf(one, sent) && JSON.stringify(one.given) === JSON.stringify(sent.given)
const leave = (sent: Pending): void => waiting.set(waiting.get().filter((one) => !isSame(one, sent)))
const note = (sent: Pending, trouble: string): void => waiting.set(waiting.get().map((one) => (isSame(one, sent) ? { ...one, trouble } : one)))

/** What still has to be given before an answer can be put down, in words; empty if nothing. */
export function lackingIn(question: Question, given: Given): string {
  if (question.kind === 'pass_fail' && given.passed === null) return '请选择合格或不合格'
  if (question.kind === 'number' && given.number === null) return '请填写数值'
  if (question.kind === 'text' && !given.text.trim()) return '请填写文字'
  return question.needs_photo && !given.photos.length ? '请拍一张照片' : ''
}
