// Checking in at a stop: the code of its screen, bound to this observer and this one check-in; kept until it is sent.
import { newId } from './ids'
import { hmacOfText } from './hmac'
import { locate } from './locating'
import { post } from './door'
import { Refusal, wordsOf } from './refusal'
import { person } from './session'
import { shelf } from './store'
import { nowText } from './words'

export interface CheckedIn {
  presence: string
  grade_words: string
  welcome: string
  position: string
}
interface Pending {
  person: string
  visit: string
  stop: string
  body: object
  /** The office's no, with what to do. */
  trouble: string
}
interface Shown {
  stop: string
  step: string
  letters: string
}

const waiting = shelf<Pending[]>('check-ins', [])
const named = shelf<string>('device', '')
const isAt = (one: Pending, stop: string): boolean => one.stop === stop && one.person === (person()?.id ?? '')

/** A screen shows `stop.step.LETTERS`; anything else is not its code. */
export function shownIn(text: string): Shown | null {
  const [, stop = '', step = '', letters = ''] = /^([0-9a-f-]{36})\.(\d{1,12})\.([0-9A-Z]{10})$/.exec(text.trim()) ?? []
  return letters ? { stop, step, letters } : null
}

/** What is sent of a code that was seen: no other observer and no other check-in can use it. */
export const sentCode = ({ step, letters }: Shown, observer: string, client: string): string => `${step}.${hmacOfText(letters, `${observer}|${client}`).slice(0, 32)}`

/** The random name of this phone, which tells two observers on one phone apart from two phones. */
export async function device(): Promise<string> {
  if (!named.get()) named.set((await newId()).replace(/-/g, ''))
  return named.get()
}

/** Put a check-in down, with a code that was scanned or without one, and send it at once if there is a network. */
export async function checkIn(of: { visit: string; stop: string; observer: string; shown: Shown | null; scene: string }): Promise<CheckedIn | null> {
  const client = await newId()
  const claimed = nowText() // the code is of this moment, however long the position takes
  const found = await locate()
  const place = 'place' in found ? { latitude: found.place.latitude, longitude: found.place.longitude, datum: found.place.datum, accuracy_m: found.place.accuracy_m } : undefined
  const body = { client_id: client, claimed_at: claimed, code: of.shown ? sentCode(of.shown, of.observer, client) : undefined, scene: of.scene || undefined, place }
  const one = { person: person()?.id ?? '', visit: of.visit, stop: of.stop, body, trouble: '' }
  waiting.set([...waiting.get().filter((other) => !isAt(other, of.stop)), one])
  return send(one)
}

/** What waits at a stop, or the office's no to it. */
export const waitingAt = (stop: string): { trouble: string } | null => waiting.get().find((one) => isAt(one, stop)) ?? null

/** Send what waits; a dead line leaves the rest for later. */
export async function sendCheckIns(): Promise<void> {
  for (const one of waiting.get().filter((each) => each.person === person()?.id && !each.trouble)) if (!(await send(one)) && waitingAt(one.stop)?.trouble === '') return
}

async function send(one: Pending): Promise<CheckedIn | null> {
  const rest = (): Pending[] => waiting.get().filter((other) => !isAt(other, one.stop))
  try {
    const told = await post<CheckedIn>(`/site-visits/${one.visit}/stops/${one.stop}/check-ins`, { body: one.body, headers: { device: await device() } })
    waiting.set(rest())
    return told
  } catch (error) {
    if (!(error instanceof Refusal) || error.mayRepeat) return null
    if (error.code === 'already_checked_in') waiting.set(rest())
    else waiting.set([...rest(), { ...one, trouble: wordsOf(error).title + wordsOf(error).hint }])
    return null
  }
}
