// One's messages: what they say, and where a tap on one leads.
import { get, put, query } from './door'
import { holds, person } from './session'
import { shelf } from './store'
import { momentWords } from './words'

export interface Message {
  id: string
  title: string
  body: string
  subject_kind: string
  subject_id: string
  created_at: string
  read_at: string | null
}
export interface MessagePage {
  items: Message[]
  unread: number
  cursor: string | null
}
export interface MessageLine {
  id: string
  title: string
  body: string
  at: string
  madeAt: string
  isNew: boolean
  goes: string
  url: string
}

interface Place {
  goes: string
  url: (id: string) => string
  /** Who finds the thing itself on a phone; the others read the message and do the rest at their desk. */
  for?: string[]
}

const PLACES: Record<string, Place> = {
  observation: { goes: '查看上报', url: (id) => `/packages/history/pages/observation/observation?id=${id}` },
  case: { goes: '查看转办件', url: (id) => `/packages/ledger/pages/case/case?id=${id}`, for: ['commissioner', 'department_contact'] },
  ledger_item: { goes: '去办理', url: (id) => `/packages/ledger/pages/item/item?id=${id}` },
  letter: { goes: '查看函件', url: (id) => `/packages/letters/pages/letter/letter?id=${id}` },
  obligation: { goes: '去上交', url: (id) => `/packages/obligations/pages/obligation/obligation?id=${id}` },
  mission: { goes: '查看任务', url: (id) => `/packages/team/pages/mission/mission?id=${id}`, for: ['team_member'] },
  site_visit: { goes: '查看观摩', url: (id) => `/packages/visits/pages/visit/visit?id=${id}`, for: ['reform_observer', 'team_member', 'deputy'] },
  visit_result: { goes: '查看结果', url: (id) => `/packages/visits/pages/result/result?id=${id}` },
  review_queue: { goes: '去审核', url: () => '/packages/review/pages/queue/queue', for: ['office_staff', 'office_lead'] },
  problem: { goes: '查看问题', url: (id) => `/packages/ledger/pages/problem/problem?id=${id}` },
}
const NEXT: Record<string, string> = {
  case: '请到办公台“转办件”查看答复，并用改革办自己的话转告上报人。',
  mission: '请到办公台“督察任务”查看检查结果，处理问题建议。',
  site_visit: '请到办公台“观摩评议”查看。',
  person: '接手的事项已在您的待办里，期限不变。',
}

interface Kept {
  person: string
  page: MessagePage
}
const kept = shelf<Kept | null>('inbox', null)

/** The messages; the first page is kept, to be read without a network too. */
export async function messages(cursor: string | null): Promise<MessagePage> {
  const page = await get<MessagePage>(`/inbox${query({ cursor })}`)
  if (!cursor) kept.set({ person: person()?.id ?? '', page })
  return page
}

/** What was read last on this phone, by the same person. */
export function keptMessages(): MessagePage | null {
  const last = kept.get()
  return last && last.person === person()?.id ? last.page : null
}

/** One message whole, from the phone; null if it lies too far back. */
export const keptMessage = (id: string): Message | null => keptMessages()?.items.find((one) => one.id === id) ?? null

export const markRead = (id: string): Promise<Message> => put<Message>(`/inbox/${id}/reading`)
export const markAllRead = (until: string): Promise<MessagePage> => put<MessagePage>('/inbox/reading', { body: { until } })

/** What to do after a message that leads to no page of its own. */
export const nextOf = (message: Message): string => NEXT[message.subject_kind] ?? '这条消息不用您再办什么。'

function placeOf(message: Message): { goes: string; url: string } {
  const place = PLACES[message.subject_kind]
  if (!place || (place.for && !holds(...place.for))) return { goes: '看全文', url: `/packages/account/pages/message/message?id=${message.id}` }
  return { goes: place.goes, url: place.url(message.subject_id) }
}

/** A message as a page shows it. */
export function lineOf(message: Message): MessageLine {
  const { id, title, body } = message
  return {
    id,
    title,
    body,
    at: momentWords(message.created_at),
    madeAt: message.created_at,
    isNew: message.read_at === null,
    ...placeOf(message),
  }
}
