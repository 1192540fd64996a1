// The year's tasks: kept on the phone, so that one can be proposed without a network too.
import { get } from './door'
import { shelf } from './store'

export interface Task {
  id: string
  code: string
  name: string
  lead_unit: string
}
const kept = shelf<Task[]>('tasks', [])
const LEAST_PAIRS = 2
const PROPOSED = 2

export const tasks = (): Task[] => kept.get()

/** Ask the office for the current list; what is kept stays where it cannot be asked. */
export async function refreshTasks(): Promise<void> {
  const page = await get<{ items: Task[] }>('/tasks')
  kept.set(page.items.map(({ id, code, name, lead_unit }) => ({ id, code, name, lead_unit })))
}

/** The tasks that a text speaks of, the likeliest first: by pairs of letters, rare pairs counting more. */
export function proposeTasks(text: string, all: Task[]): Task[] {
  const said = pairsOf(text)
  if (!said.size) return []
  const pairs = all.map((task) => pairsOf(task.name + task.lead_unit))
  const spread = new Map<string, number>()
  for (const of of pairs) for (const pair of of) spread.set(pair, (spread.get(pair) ?? 0) + 1)
  const weight = (pair: string): number => Math.log2(1 + all.length / spread.get(pair)!)
  return all
    .map((task, i) => ({ task, shared: [...pairs[i]!].filter((pair) => said.has(pair)) }))
    .filter((one) => one.shared.length >= LEAST_PAIRS)
    .map(({ task, shared }) => ({ task, score: shared.reduce((sum, pair) => sum + weight(pair), 0) }))
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
