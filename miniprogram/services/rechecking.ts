// Re-checks: what somebody saw on the spot lies on the phone until the office has it, each once and with its photos.
import { DeedPhoto, leaveEvidence } from './deeds'
import { put } from './door'
import { Refusal, Unreachable, wordsOf } from './refusal'
import { itWorked, tryAgain } from './retrying'
import { person } from './session'
import { shelf } from './store'

export interface Seen {
  person: string
  report: string
  answer: '' | 'solved' | 'unsolved'
  words: string
  photos: DeedPhoto[]
  /** Handed over: from now on it goes to the office by itself. */
  isQueued: boolean
  /** The office's no, with what to do; empty while it has not been asked or could not be reached. */
  trouble: string
}

export const MOST_PHOTOS = 3
const kept = shelf<Seen[]>('rechecks', [])
const isOf = (one: Seen, report: string): boolean => one.report === report && one.person === (person()?.id ?? '')

/** What this person has put down about a report and the office does not have; else an empty sheet. */
export function seenOf(report: string): Seen {
  const nothing: Seen = { person: person()?.id ?? '', report, answer: '', words: '', photos: [], isQueued: false, trouble: '' }
  return kept.get().find((one) => isOf(one, report)) ?? nothing
}

/** Keep what was put down so far. */
export function keepSeen(seen: Seen): void {
  kept.set([...kept.get().filter((one) => !isOf(one, seen.report)), seen])
}

/** What still has to be given, in words; empty if nothing. */
export function lackingIn({ answer, words }: Pick<Seen, 'answer' | 'words'>): string {
  if (!answer) return '请选解决了或没解决'
  return answer === 'unsolved' && !words.trim() ? '请用一句话写明哪里没解决' : ''
}

let sending: Promise<void> | null = null

/** Send what was handed over, one after the other; a dead line leaves the rest for later. */
export function sendRechecks(): Promise<void> {
  sending ??= sendAll().finally(() => {
    sending = null
  })
  return sending
}

async function sendAll(): Promise<void> {
  const next = (): Seen | undefined => kept.get().find((one) => one.isQueued && !one.trouble && one.person === person()?.id)
  for (let one = next(); one; one = next()) {
    const { report, answer, words, photos } = one
    const body = { answer, text: words.trim(), photos: photos.map(({ sha256, bytes }) => ({ sha256, bytes, taken_at: null })) }
    try {
      const { missing } = await put<{ missing: string[] }>(`/observations/${report}/recheck`, { body })
      itWorked()
      kept.set(kept.get().filter((other) => !isOf(other, report)))
      await leaveEvidence(photos, missing)
    } catch (error) {
      if (error instanceof Unreachable) return tryAgain(error.seconds)
      if (!(error instanceof Refusal)) throw error
      if (error.mayRepeat) return tryAgain(error.problem.retry_after)
      const { title, hint } = wordsOf(error)
      keepSeen({ ...one, isQueued: false, trouble: title + hint })
    }
  }
}
