// Tickets for sealed reports: everybody gets two a day when the program opens, used or not, so fetching them tells nothing.
import { shelf } from './store'

interface Kept {
  ticket: string
  got_on: string
}

const MOST = 14
const DAYS_GOOD = 7
const DAY_MS = 86_400_000
const kept = shelf<Kept[]>('tickets', [])
export const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** Lay new tickets beside the old ones. */
export function layTickets(tickets: string[]): void {
  const fresh = tickets.map((ticket) => ({ ticket, got_on: today() }))
  kept.set([...good(), ...fresh].slice(-MOST))
}

/** Whether a sealed report can be sent from this phone now. */
export const hasTicket = (): boolean => good().length > 0

/** The oldest ticket: furthest from the sign-in that brought it. Null if none is left. */
export function takeTicket(): string | null {
  const [oldest, ...others] = good()
  kept.set(others)
  return oldest?.ticket ?? null
}

function good(): Kept[] {
  return kept.get().filter((one) => Date.parse(today()) - Date.parse(one.got_on) <= DAYS_GOOD * DAY_MS)
}
