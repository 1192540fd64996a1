// Fetches the tickets of the day, at the first opening of the program: for everybody alike.
import { post } from './door'
import { shelf } from './store'
import { layTickets, today } from './tickets'

const asked = shelf<string>('tickets-asked', '')

/** Once a day; without a network at the next opening. */
export async function fetchTickets(): Promise<void> {
  if (asked.get() === today()) return
  const told = await post<{ tickets: string[] }>('/tickets').catch(() => null)
  if (!told) return
  asked.set(today())
  layTickets(told.tickets)
}
