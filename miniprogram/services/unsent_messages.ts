// Words that somebody sends to the office: they lie on the phone until the office has them.
import { newId } from './ids'
import { Shelf, shelf } from './store'

/** The key was made with the words, so sending them twice is sending them once. */
export interface UnsentMessage {
  key: string
  words: string
}

/** A line under one's report, or an answer to a case: begun and not sent, or perhaps sent without an answer. */
export const unsent = (what: 'line' | 'answer', id: string): Shelf<UnsentMessage | null> => shelf<UnsentMessage | null>(`${what}:${id}`, null)

/** What was written before, with the key under which it was perhaps sent already; else an empty line with a new one. */
export const begun = async (what: 'line' | 'answer', id: string): Promise<UnsentMessage> => unsent(what, id).get() ?? { key: await newId(), words: '' }
