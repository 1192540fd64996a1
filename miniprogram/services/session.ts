// Who is signed in on this phone. Signing in is silent: wx.login gives a code, the office gives a token.
import { call } from './http'
import { Unreachable } from './refusal'
import { shelf } from './store'
import { layTickets } from './tickets'
import { instantMs } from './words'

export interface Duty {
  role: string
  label: string
  title: string
}
export interface Person {
  id: string
  designation: string
  duties: Duty[]
}
export interface SignedIn {
  token: string
  person: Person
  duties: Duty[]
  server_time: string
  tickets?: string[]
}

const SKEW_WORTH_TELLING_MS = 60_000
const skew = shelf<number>('clock_skew', 0)
const kept = shelf<SignedIn | null>('session', null)
let opening: Promise<SignedIn> | null = null
const watchers = new Set<(person: Person | null) => void>()

/** The person of the last sign-in, also without a network; null before the first. */
export const person = (): Person | null => kept.get()?.person ?? null

/** Whether the person holds one of these duties; decides what is shown, the server decides what is done. */
export function holds(...roles: string[]): boolean {
  return (person()?.duties ?? []).some((duty) => roles.includes(duty.role))
}

/** The token, after signing in if there is none. One sign-in at a time. Raises Refusal or Unreachable. */
export async function token(): Promise<string> {
  const session = kept.get() ?? (await signIn())
  return session.token
}

/** Open a fresh session with WeChat's word for who this is. */
export function signIn(): Promise<SignedIn> {
  opening ??= open().finally(() => {
    opening = null
  })
  return opening
}

/** How far this phone's clock is ahead of the office's, as measured at sign-in; stays on the phone. */
export const clockAheadMs = (): number => skew.get()

/** Keep a session that came another way, e.g. by accepting an invitation. */
export function keep(session: SignedIn): SignedIn {
  const { tickets, ...own } = session
  kept.set(own)
  const ahead = Date.now() - instantMs(session.server_time)
  skew.set(Math.abs(ahead) > SKEW_WORTH_TELLING_MS ? ahead : 0)
  layTickets(tickets ?? [])
  watchers.forEach((tell) => tell(session.person))
  return own
}

/** What the office says today of who this is: a duty that was given or taken at the desk shows at once. */
export function learn(told: Person): void {
  const session = kept.get()
  if (!session || JSON.stringify(session.person) === JSON.stringify(told)) return
  kept.set({ ...session, person: told, duties: told.duties })
  watchers.forEach((tell) => tell(told))
}

/** Forget the session; the next request signs in anew. */
export function forget(): void {
  kept.clear()
  watchers.forEach((tell) => tell(null))
}

/** Hear when somebody else is signed in; returns how to stop hearing. */
export function onPerson(tell: (person: Person | null) => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

async function open(): Promise<SignedIn> {
  const told = await wx.login().catch((error: { errMsg: string }) => {
    throw new Unreachable(error.errMsg)
  })
  return keep(await call<SignedIn>({ method: 'POST', path: '/api/v1/sessions', body: { code: told.code } }))
}
