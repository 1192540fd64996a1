// The year's tasks and the city's categories: kept on the phone, so that they can be proposed without a network too.
import { get } from './door'
import { Place } from './drafts'
import { metresBetween } from './locating'
import { keptMissions, keptMission } from './missions'
import { shelf } from './store'

export interface Task {
  id: string
  code: string
  name: string
  lead_unit: string
}
export interface Category {
  code: string
  label: string
  hint: string
  words: string[]
  text_only: boolean
}
const sorts = shelf<Category[]>('categories', [])
const kept = shelf<Task[]>('tasks', [])
const LEAST_PAIRS = 2
const PROPOSED = 2
const NEAR_M = 500
/** What being on a mission, and standing at one of its stops, counts beside the words. */
const ON_MISSION = 4
const AT_STOP = 12
const WORKED_ON = ['dispatched', 'under_way']

export const tasks = (): Task[] => kept.get()

/** Ask the office for the current list; what is kept stays where it cannot be asked. */
export async function refreshTasks(): Promise<void> {
  const page = await get<{ items: Task[]; categories?: Category[] }>('/tasks')
  sorts.set(page.categories ?? [])
  kept.set(page.items.map(({ id, code, name, lead_unit }) => ({ id, code, name, lead_unit })))
}

export const categories = (): Category[] => sorts.get()

/** The category that a text speaks of: the one of whose words it holds most, null if it holds none. */
export function proposeCategory(text: string, all: Category[]): Category | null {
  const counted = all.map((one) => ({ one, held: one.words.filter((word) => text.includes(word)).length }))
  const most = Math.max(0, ...counted.map(({ held }) => held))
  return most ? counted.find(({ held }) => held === most)!.one : null
}

/** What my missions say of a place: each task of an open one counts, more so at one of its stops. */
export function weightsHere(place: Place | null): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of keptMissions().filter((one) => WORKED_ON.includes(one.state))) {
    const mission = keptMission(line.id)
    const isHere = mission?.stops.some(({ where }) => where && place && metresBetween(where, place) <= NEAR_M)
    for (const { id } of mission?.tasks ?? []) found.set(id, Math.max(found.get(id) ?? 0, isHere ? AT_STOP : ON_MISSION))
  }
  return found
}

/**
 * The tasks that a text speaks of or a place stands for, the likeliest first: by pairs of letters, rare pairs counting
 * more, and by what is known of the place.
 */
export function proposeTasks(text: string, all: Task[], known: Map<string, number> = new Map()): Task[] {
  const said = pairsOf(text)
  if (!said.size && !known.size) return []
  const pairs = all.map((task) => pairsOf(task.name + task.lead_unit))
  const spread = new Map<string, number>()
  for (const of of pairs) for (const pair of of) spread.set(pair, (spread.get(pair) ?? 0) + 1)
  const weight = (pair: string): number => Math.log2(1 + all.length / spread.get(pair)!)
  return all
    .map((task, i) => ({ task, shared: [...pairs[i]!].filter((pair) => said.has(pair)) }))
    .filter((one) => one.shared.length >= LEAST_PAIRS || known.has(one.task.id))
    .map(({ task, shared }) => ({ task, score: shared.reduce((sum, pair) => sum + weight(pair), known.get(task.id) ?? 0) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, PROPOSED)
    .map((one) => one.task)
}

/** The tasks whose name, code or unit holds these words. */
export function findTasks(words: string, all: Task[]): Task[] {
  const wanted = words.trim()
  return wanted ? all.filter((task) => `${task.code}${task.name}${task.lead_unit}`.includes(wanted)) : all
}

function pairsOf(text: string): Set<string> {
  const letters = text.replace(/[^\p{L}\p{N}]/gu, '')
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)))
}
