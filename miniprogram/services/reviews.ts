// The office's line of reports, and the decisions on them.
import { get, post, put, query, remove } from './door'
import { PhotoLink } from './ledger'

export type Show = 'waiting' | 'overdue' | 'more_asked' | 'decided'
export interface ReviewLine {
  id: string
  receipt_number: string
  state: string
  state_label: string
  kind: string
  text: string
  place_name: string
  role_label: string
  photos: number
  photos_here: number
  left_words: string
  is_late: boolean
  ledger_number: string | null
}
export interface Reason {
  code: string
  label: string
  text: string
}
export interface Review {
  line: ReviewLine
  received_at: string
  anonymity_label: string
  place_grade: string
  place_words: string
  track_record: string
  version: number
  is_open: boolean
  photos: { sha256: string; words: string; links: PhotoLink[] }[]
  thread: { from_office: boolean; text: string; sent_at: string }[]
  alike: { text: string; reasons: string[]; received_at: string; item_id: string | null; ledger_number: string | null }[]
  title: string
  task: { id: string; code: string; name: string; unit_id: string; unit_name: string } | null
  ask_reasons: Reason[]
  decline_reasons: Reason[]
  decline_asked_by: string
  claimed_by: string
  reply: string
  choices: { id: string; sha256: string; is_free: boolean; words: string }[]
  audience_words: string
  is_narrow: boolean
}
export interface Accepted {
  item_id: string
  number: string
  words: string
}
export interface Unit {
  id: string
  name: string
  short_name: string
}
export interface Acceptance {
  version: number
  title: string
  kind: string
  place_name: string
  summary: string
  task_id: string | null
  unit_id: string | null
  days: number | null
  released: string[]
  narrow_because: string
}

export const SHOWS: { value: Show; label: string }[] = [
  { value: 'waiting', label: '待审核' },
  { value: 'overdue', label: '超期' },
  { value: 'more_asked', label: '待补充' },
  { value: 'decided', label: '已处理' },
]

export const reviews = (show: Show, cursor: string | null = null): Promise<{ items: ReviewLine[]; total: number; cursor: string | null }> => get(`/reviews${query({ show, cursor })}`)
export const units = (): Promise<Unit[]> => get<{ items: Unit[] }>('/units').then((told) => told.items)

/** One report, in one's own hand for ten minutes if nobody else has it. */
export const claim = (id: string): Promise<Review> => put<Review>(`/reviews/${id}/claim`)
export const see = (id: string): Promise<Review> => get<Review>(`/reviews/${id}`)

/** Put a report back into the line; nobody minds if that fails, the claim ends by itself. */
export const letGo = (id: string): Promise<void> => remove<void>(`/reviews/${id}/claim`).catch(() => undefined)

export const accept = (id: string, key: string, body: Acceptance): Promise<Accepted> => post<Accepted>(`/reviews/${id}/acceptances`, { key, body })
export const join = (id: string, key: string, body: { version: number; item_id: string }): Promise<Accepted> => post<Accepted>(`/reviews/${id}/joinings`, { key, body })
export const undo = (id: string, key: string): Promise<Review> => post<Review>(`/reviews/${id}/undoings`, { key })

/** Ask the reporter for more, or decline, with a reason of the catalogue and one's own words. */
export function reply(id: string, how: 'questions' | 'refusals', told: { key: string; version: number; reason: string; words: string }): Promise<Review> {
  const { key, ...body } = told
  return post<Review>(`/reviews/${id}/${how}`, { key, body })
}
