// One's messages: what they say, and where a tap on one leads.
import { get, put, query } from './door'
import { momentWords } from './words'

interface Message {
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

const PLACES: Record<string, { goes: string; url: (id: string) => string }> = {
  observation: { goes: '查看上报', url: (id) => `/packages/history/pages/observation/observation?id=${id}` },
  case: { goes: '查看转办件', url: (id) => `/packages/ledger/pages/case/case?id=${id}` },
  ledger_item: { goes: '去办理', url: (id) => `/packages/ledger/pages/item/item?id=${id}` },
}

export const messages = (cursor: string | null): Promise<MessagePage> => get<MessagePage>(`/inbox${query({ cursor })}`)
export const markRead = (id: string): Promise<unknown> => put(`/inbox/${id}/reading`)
export const markAllRead = (until: string): Promise<MessagePage> => put<MessagePage>('/inbox/reading', { body: { until } })

/** A message as a page shows it. */
export function lineOf(message: Message): MessageLine {
  const place = PLACES[message.subject_kind]
  const { id, title, body } = message
  return {
    id,
    title,
    body,
    at: momentWords(message.created_at),
    madeAt: message.created_at,
    isNew: message.read_at === null,
    goes: place?.goes ?? '',
    url: place?.url(message.subject_id) ?? '',
  }
}
