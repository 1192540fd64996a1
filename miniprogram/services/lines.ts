// A line to the office under one's own report: it lies on the phone until the office has it.
import { Shelf, shelf } from './store'

/** The key was made with the line, so sending it twice is sending it once. */
export interface Line {
  key: string
  words: string
}

/** The line that was begun under a report and not sent, or perhaps sent without an answer. */
export const unsentLine = (clientId: string): Shelf<Line | null> => shelf<Line | null>(`line:${clientId}`, null)
