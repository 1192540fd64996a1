// A problem of the bank, as its people read it on a phone.
import { get } from './door'

export interface Problem {
  line: { id: string; number: string; title: string; state_label: string; level_label: string; bank: string; place_name: string }
  summary: string
  ledger_item_id: string | null
  agenda: { request: string; state_label: string; decision: string; decided_on: string | null; ledger_number: string | null }[]
  timeline: { at: string; day_only: boolean; words: string }[]
}

export const problem = (id: string): Promise<Problem> => get<Problem>(`/problems/${id}`)
