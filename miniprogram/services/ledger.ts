// The ledger as the office tells it, and what one may do with an item of it.
import { get, post, query } from './door'

export type Light = 'red' | 'yellow' | 'blue' | 'green' | 'grey'
export interface ItemRow {
  id: string
  number: string
  title: string
  state: string
  state_label: string
  place_name: string
  lead_unit: string | null
  due_on: string | null
  light: Light
  light_words: string
  percent: number
}
export interface Page {
  items: ItemRow[]
  cursor: string | null
  total: number
}
export interface PhotoLink {
  size: string
  width: number
  height: number
  url: string
}
export interface Asked {
  words: string
  asked_at: string
  until_on: string | null
}
export interface Cause {
  code: string
  label: string
  text: string
}
export interface Evidence {
  at: string
  words: string
  photos: { kind: string | null; links: PhotoLink[] }[]
}
export interface Item extends ItemRow {
  summary: string
  kind: string
  commissioner: string | null
  task_code: string | null
  task_name: string | null
  due_words: string
  extensions: number
  evidence_needed: EvidenceKind[]
  evidence_words: string
  /** Why whoever works on it can't ask for a later deadline now; empty where there is nothing to say. */
  extension_words: string
  evidence: Evidence[]
  retention_note: string
  next_review_on: string | null
  round: number
  version: number
  open_deeds: string[]
  close_out_asked: Asked | null
  extension_asked: Asked | null
  retention_asked: Asked | null
  /** The reasons to choose from where one may give the item or its close-out back. */
  causes: Cause[]
  before: PhotoLink[][]
  timeline: { at: string; day_only: boolean; words: string }[]
}
export interface Waiting {
  key: string
  label: string
  count: number
}
export interface ToDo {
  words: string
  items: ItemRow[]
  cursor: string | null
  total: number
  waiting: Waiting[]
  with_office: number
}
export interface Filter {
  q?: string
  light?: string
  state?: string
  todo?: string
  cursor?: string | null
}
export interface Case {
  id: string
  ledger_item_id: string
  ledger_number: string
  title: string
  is_answered: boolean
  answers: { text: string; answered_on: string }[]
  reported_by: string[]
  summary: string
  place_name: string
  seen: string
  pictures: PhotoLink[][]
}
export type EvidenceKind = 'before' | 'after' | 'document'

export const EVIDENCE: { value: EvidenceKind; label: string }[] = [
  { value: 'after', label: '整改后照片' },
  { value: 'before', label: '整改前照片' },
  { value: 'document', label: '书面材料照片' },
]
export const evidenceLabel = (kind: string | null): string => EVIDENCE.find((one) => one.value === kind)?.label ?? '现场照片'

export const STATES = [
  { value: '', label: '全部状态' },
  { value: 'registered', label: '已挂号' },
  { value: 'dispatched', label: '已分办' },
  { value: 'in_progress', label: '办理中' },
  { value: 'closing', label: '销号审核中' },
  { value: 'retained', label: '留号' },
  { value: 'closed', label: '已销号' },
  { value: 'merged', label: '已并号' },
  { value: 'voided', label: '已作废' },
]
export const LIGHTS: { value: Light; label: string }[] = [
  { value: 'red', label: '逾期' },
  { value: 'blue', label: '临期' },
  { value: 'yellow', label: '进度落后' },
  { value: 'green', label: '正常' },
]

const TONES: Record<Light, string> = { red: 'tag-bad', yellow: 'tag-warn', blue: '', green: 'tag-good', grey: 'tag-grey' }

/** The class of a tag in the colour of a light. */
export const toneOf = (light: Light): string => TONES[light]

export const toDo = (cursor: string | null = null): Promise<ToDo> => get<ToDo>(`/to-do${query({ cursor })}`)
export const item = (id: string): Promise<Item> => get<Item>(`/ledger-items/${id}`)
export const items = (filter: Filter): Promise<Page> => get<Page>(`/ledger-items${query({ ...filter, limit: 20 })}`)

/** The office's case on an item, as units are told it; null while there is none. */
export async function caseOf(itemId: string): Promise<Case | null> {
  const page = await get<{ items: { id: string }[] }>(`/cases${query({ item_id: itemId, limit: 1 })}`)
  const first = page.items[0]
  return first ? get<Case>(`/cases/${first.id}`) : null
}

export const seeCase = (id: string): Promise<Case> => get<Case>(`/cases/${id}`)

/** Answer the office; the reporter reads it in the office's words. */
export const answerCase = (id: string, key: string, text: string): Promise<Case> => post<Case>(`/cases/${id}/answers`, { key, body: { text } })

/** The best picture of a photo: large enough for a screen, else what there is. */
export function largest(links: PhotoLink[]): string {
  return links[0]?.url ?? ''
}
