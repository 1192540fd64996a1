// Asks WeChat's question "may the office send you a message?" within a useful tap, and tells the office the answer.
// The templates are fetched before the tap: WeChat opens its question only while the finger's tap is being handled.
import { get, post, query } from './door'
import { newId } from './ids'
import { shelf } from './store'

export type Moment = 'reported' | 'handled' | 'reviewed'
interface Outcome {
  template: string
  outcome: string
}
interface Noted {
  key: string
  outcomes: Outcome[]
}

const OUTCOMES = ['accept', 'reject', 'ban', 'filter']
const prepared: Partial<Record<Moment, string[]>> = {}
const untold = shelf<Noted[]>('subscriptions', [])

/** Learn what to ask for at a tap that will come; without a network nothing is asked. */
export async function prepare(moment: Moment): Promise<void> {
  prepared[moment] = await get<{ templates: string[] }>(`/subscription-templates${query({ moment })}`).then(
    (told) => told.templates,
    () => [],
  )
}

/** Ask within a tap. Never in the way: whatever is answered, the deed goes on. */
export async function askWithin(moment: Moment): Promise<void> {
  const templates = prepared[moment] ?? []
  prepared[moment] = []
  if (!templates.length) return
  const asked = wx.requestSubscribeMessage({ tmplIds: templates })
  const told = await asked.catch(() => ({}) as Record<string, string>)
  const outcomes = templates
    .map((template) => ({ template, outcome: String((told as Record<string, unknown>)[template] ?? '') }))
    .filter((one) => OUTCOMES.includes(one.outcome))
  if (!outcomes.length) return
  untold.set([...untold.get(), { key: await newId(), outcomes }])
  await tellOutcomes()
}

/** Tell the office what was answered while it could not be reached. */
export async function tellOutcomes(): Promise<void> {
  for (const noted of untold.get()) {
    const isTold = await post<void>('/subscription-outcomes', { key: noted.key, body: { outcomes: noted.outcomes } }).then(
      () => true,
      () => false,
    )
    if (!isTold) return
    untold.set(untold.get().filter((one) => one.key !== noted.key))
  }
}
