// The visits one observes: fetched whole in one call, and kept to be read where there is no network.
import { get, query } from './door'
import { person } from './session'
import { shelf } from './store'

export interface VisitLine {
  id: string
  title: string
  held_on: string
  organisation: string
  state: string
  state_label: string
  done: number
  of: number
  words: string
}
export interface Criterion {
  id: string
  name: string
  weight: string
  anchors: { low: string; high: string; words: string }[]
}
export interface Rubric {
  criteria: Criterion[]
  low: string
  high: string
  step: string
  comment_below: string | null
  is_named: boolean
}
export interface BallotCard {
  state: 'draft' | 'submitted'
  version: number
  scores: Record<string, string>
  comment: string
  salt: string | null
  digest: string | null
  words: string
}
export interface VisitStop {
  id: string
  position: number
  name: string
  place_name: string
  scene: string
  where: { latitude: number; longitude: number; datum: 'gcj02' } | null
  is_mandatory: boolean
  opens_at: string
  closes_at: string
  is_open: boolean
  is_recused: boolean
  check_in: { presence: string; label: string; grade_words: string } | null
  ballot: BallotCard | null
}
export interface Visit {
  line: VisitLine
  observer_id: string
  group: string
  needs_check_in: boolean
  rule_digest: string
  locks_at: string
  rubric: Rubric
  stops: VisitStop[]
  counted: number | null
  not_counted: number | null
}
export interface VisitResult {
  title: string
  rule_digest: string
  fingerprint: string
  entries: { entry: string; name: string; score: string | null; rank: number | null; steps: { group: string; name: string; weight: string; n: number; method: string; mark: string; score: string }[]; sheet: string[] }[]
  digests: string[]
  counted: number | null
  not_counted: number | null
  words: string
}
interface Kept {
  person: string
  lines: VisitLine[]
  whole: Visit[]
}

const MOST_KEPT = 3
const kept = shelf<Kept | null>('visits', null)

/** Duties with which one may be invited. */
export const OBSERVERS = ['team_member', 'deputy', 'reform_observer']

function own(): Kept {
  const all = kept.get()
  const who = person()?.id ?? ''
  return all && all.person === who ? all : { person: who, lines: [], whole: [] }
}

export const keptVisits = (): VisitLine[] => own().lines
export const observes = (): boolean => (person()?.duties ?? []).some((duty) => OBSERVERS.includes(duty.role))
/** The visits that still take scores, the next day first. */
export const visitsToScore = (): VisitLine[] => keptVisits().filter((one) => one.state === 'open').reverse()
export const keptVisit = (id: string): Visit | null => own().whole.find((one) => one.line.id === id) ?? null

export async function visits(): Promise<VisitLine[]> {
  const { items } = await get<{ items: VisitLine[] }>('/site-visits')
  kept.set({ ...own(), lines: items })
  return items
}

/** The visit to which a printed code leads; null if one is not invited to it. */
export async function visitOfScene(scene: string): Promise<string | null> {
  const { items } = await get<{ items: VisitLine[] }>(`/site-visits${query({ scene })}`)
  return items[0]?.id ?? null
}

export async function visit(id: string): Promise<Visit> {
  const told = await get<Visit>(`/site-visits/${id}`)
  const { whole, ...rest } = own()
  kept.set({ ...rest, whole: [told, ...whole.filter((one) => one.line.id !== id)].slice(0, MOST_KEPT) })
  return told
}

export const result = (id: string): Promise<VisitResult> => get<VisitResult>(`/site-visits/${id}/result`)
