// Reports as the office tells them.
export interface Receipt {
  client_id: string
  receipt_number: string
  receipt_hash: string
  state: string
  missing: string[]
  promised_on: string
  promise_words: string
  received_at: string
  version: number
  words: string
}
export interface Step {
  label: string
  on: string | null
  done: boolean
}
export interface PhotoLink {
  size: string
  width: number
  height: number
  url: string
}
export interface PhotoCard {
  sha256: string
  state: string | null
  words: string
  links: PhotoLink[]
}
export interface Recheck {
  until_on: string
  answer: string | null
  is_open: boolean
  words: string
  unit: string
  before: PhotoLink[]
  after: PhotoLink[]
  text: string
  photos: PhotoCard[]
}
/** A report as the phone sent it last. */
export interface Sent {
  kind: string
  text: string
  anonymity: 'named' | 'hidden' | 'sealed'
  task_id?: string | null
  category?: string | null
  written_at?: string | null
  place?: {
    latitude: number
    longitude: number
    datum: 'gcj02' | 'wgs84'
    source: 'gps' | 'map' | 'exif'
    accuracy_m?: number | null
    name?: string | null
  } | null
  photos: { sha256: string; bytes: number }[]
}
export interface Observation extends Receipt {
  block: string | null
  block_words: string
  state_label: string
  kind: string
  text: string
  anonymity: string
  place_name: string
  task_id: string | null
  written_at: string | null
  reply: string
  ledger_number: string | null
  photos: PhotoCard[]
  steps: Step[]
  recheck: Recheck | null
  sent: Sent
  thread: { from_office: boolean; text: string; sent_at: string }[]
}
export interface ObservationLine {
  client_id: string
  receipt_number: string
  state: string
  state_label: string
  words: string
  kind: string
  text: string
  received_at: string
  ledger_number: string | null
}

const GOOD = ['received', 'registered']
const WAITING = ['waiting_media', 'more_asked']

/** The colour in which a state is told. */
export function toneOf(state: string): string {
  if (GOOD.includes(state)) return 'tag-good'
  return WAITING.includes(state) ? 'tag-warn' : ''
}
