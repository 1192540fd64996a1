// The missions of the supervision team: fetched whole in one call, and kept to be read where there is no network.
import { get, put, query } from './door'
import { person } from './session'
import { Shelf, shelf } from './store'

export interface MissionLine {
  id: string
  title: string
  planned_on: string
  organisation: string
  partner: string | null
  state: string
  state_label: string
  is_accepted: boolean
  words: string
}
export interface Found {
  passed: boolean | null
  number: number | null
  text: string
}
export interface Question {
  id: string
  text: string
  kind: string
  needs_photo: boolean
  answer: Found | null
}
export interface Stop {
  id: string
  place_name: string
  where: { latitude: number; longitude: number } | null
  questions: Question[]
}
export interface Mission {
  line: MissionLine
  brief: string
  tasks: { id: string; code: string; name: string; lead_unit: string }[]
  stops: Stop[]
  members: string[]
  summary: string
}
interface Kept {
  person: string
  lines: MissionLine[]
  whole: Mission[]
}

const MOST_KEPT = 5
const kept = shelf<Kept | null>('missions', null)

/** What lies on this phone, of the person who is signed in. */
function own(): Kept {
  const all = kept.get()
  const who = person()?.id ?? ''
  return all && all.person === who ? all : { person: who, lines: [], whole: [] }
}

/** Keep as much as there is room for: WeChat takes a megabyte under one key, and a mission may have 300 KB. */
function fit(all: Kept): void {
  for (let { whole } = all; ; whole = whole.slice(0, -1)) {
    try {
      return kept.set({ ...all, whole })
    } catch {
      if (!whole.length) return // it is shown all the same, and fetched again next time
    }
  }
}

export const keptMissions = (): MissionLine[] => own().lines
export const keptMission = (id: string): Mission | null => own().whole.find((one) => one.line.id === id) ?? null

/** A page of missions behind those that are there; all of them are kept. */
export async function missions(there: MissionLine[] = [], cursor: string | null = null): Promise<{ items: MissionLine[]; cursor: string | null }> {
  const page = await get<{ items: MissionLine[]; cursor: string | null }>(`/missions${query({ cursor })}`)
  const items = [...there, ...page.items]
  fit({ ...own(), lines: items })
  return { items, cursor: page.cursor }
}

export const mission = async (id: string): Promise<Mission> => keep(await get<Mission>(`/missions/${id}`))
export const acceptMission = async (id: string): Promise<Mission> => keep(await put<Mission>(`/missions/${id}/acceptance`))

export const finishMission = async (id: string, summary: string): Promise<Mission> => keep(await put<Mission>(`/missions/${id}/summary`, { body: { summary } }))

/** What was seen in all, while it is being written. */
export const summaryOf = (id: string): Shelf<string> => shelf<string>(`summary:${id}`, '')

/** The newest few lie whole on the phone: route, checklist and tasks. */
function keep(told: Mission): Mission {
  const { lines, whole, ...rest } = own()
  const isKnown = lines.some((one) => one.id === told.line.id)
  fit({
    ...rest,
    lines: isKnown ? lines.map((one) => (one.id === told.line.id ? told.line : one)) : [told.line, ...lines],
    whole: [told, ...whole.filter((one) => one.line.id !== told.line.id)].slice(0, MOST_KEPT),
  })
  return told
}

/** What was found at a point of the checklist, in words; empty while nobody has looked. */
export function foundWords(answer: Found | null): string {
  if (!answer) return ''
  const parts = [answer.passed === null ? '' : answer.passed ? '合格' : '不合格', answer.number === null ? '' : String(answer.number), answer.text]
  return parts.filter(Boolean).join('，') || '已填写'
}
