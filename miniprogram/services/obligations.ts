// What one's unit owes through the year, and handing in what proves it; files follow, now or when there is a network.
import { get, post, query, sendDocument } from './door'
import { dropFile, DeedPhoto } from './deeds'
import { Refusal } from './refusal'
import { shelf, Shelf } from './store'

export interface Owed {
  id: string
  name: string
  period: string
  organisation_id: string
  organisation: string
  starts_on: string
  due_on: string
  state: string
  state_label: string
  times: string
  proofs: number
  measure: number | null
}
export interface OwedList {
  items: Owed[]
  counts: { state: string; label: string; count: number }[]
}
export interface ProofFile {
  id: string
  name: string
  bytes: number
  kind: string | null
  is_here: boolean
}
export interface Proof {
  id: string
  kind: string
  kind_label: string
  title: string
  done_on: string
  handed_in_at: string
  by: string
  is_late: boolean
  withdrawn_because: string
  files: ProofFile[]
}
export interface Obligation {
  line: Owed
  kinds: { kind: string; label: string }[]
  proofs: Proof[]
  may_hand_in: boolean
  missing: string[]
}
/** What is handed in, as it lies on the phone until the office has it. */
export interface HandIn {
  key: string
  kind: string
  title: string
  doneOn: string
  files: (DeedPhoto & { name: string })[]
}

const TONES: Record<string, string> = { open: 'tag-grey', due_soon: 'tag-warn', met: 'tag-good', met_late: '', unmet: 'tag-bad', above_range: 'tag-good' }
export const toneOf = (state: string): string => TONES[state] ?? ''
const MARKS: Record<string, string> = { open: '·', due_soon: '临', met: '✓', met_late: '晚', unmet: '缺', above_range: '✓' }

/** Twelve months of one duty: what stands in each cell, and which obligation it opens. */
export interface Cell {
  month: number
  mark: string
  tone: string
  id: string
  told: string
}
export interface Row {
  key: string
  name: string
  unit: string
  cells: Cell[]
}

export const obligations = (filter: { year?: number; mine?: boolean; todo?: boolean }): Promise<OwedList> => get<OwedList>(`/obligations${query(filter)}`)
export const obligation = (id: string): Promise<Obligation> => get<Obligation>(`/obligations/${id}`)
export const formOf = (id: string): Shelf<HandIn | null> => shelf<HandIn | null>(`proof:${id}`, null)

/** The year on a wall: one row for each unit and duty. */
export function wallOf(items: Owed[]): Row[] {
  const rows = new Map<string, Row>()
  for (const one of items) {
    const key = `${one.organisation_id} ${one.name}`
    const row = rows.get(key) ?? { key, name: one.name, unit: one.organisation, cells: months() }
    rows.set(key, row)
    const from = monthOf(one.starts_on)
    for (let month = from; month <= monthOf(one.due_on); month += 1) {
      row.cells[month - 1] = { month, mark: MARKS[one.state] ?? '', tone: toneOf(one.state), id: one.id, told: `${one.period}，${one.state_label}` }
    }
  }
  return [...rows.values()]
}

const months = (): Cell[] => Array.from({ length: 12 }, (_, at) => ({ month: at + 1, mark: '', tone: '', id: '', told: '没有任务' }))
const monthOf = (day: string): number => Number(day.slice(5, 7))

interface Waiting {
  sha256: string
  path: string
  bytes: number
}
const waiting = shelf<Waiting[]>('files-waiting', [])
export const filesWaiting = (): number => waiting.get().length

/** Hand in; the files that the office misses follow. Raises Refusal or Unreachable. */
export async function handIn(id: string, { key, kind, title, doneOn, files }: HandIn): Promise<Obligation> {
  const announced = files.map(({ sha256, bytes, name }) => ({ sha256, bytes, name }))
  const body = { kind, title: title.trim(), done_on: doneOn, files: announced }
  const done = await post<Obligation>(`/obligations/${id}/proofs`, { key, body })
  waiting.set([...waiting.get(), ...files.filter((one) => done.missing.includes(one.sha256))])
  formOf(id).clear()
  await carryFiles()
  return done
}

/** Send the files that wait, one after another; a dead line leaves them for later, a refused file is given up. */
export async function carryFiles(): Promise<void> {
  for (const file of waiting.get()) {
    try {
      await sendDocument(file)
    } catch (error) {
      if (!(error instanceof Refusal) || error.mayRepeat) return
      forget(file)
      throw error
    }
    forget(file)
  }
}

function forget(file: Waiting): void {
  waiting.set(waiting.get().filter((one) => one.sha256 !== file.sha256))
  dropFile(file)
}

/** What still has to be filled in, in words; empty if nothing. */
export function lackingIn({ kind, title, doneOn }: HandIn): string {
  if (!kind) return '请选择材料种类'
  if (title.trim().length < 2) return '请写标题'
  return doneOn ? '' : '请选择完成日期'
}
