/** Text as the office keeps it (server/kernel/text.py): NFC, one kind of line end, no control characters. */

const LINE_ENDS = /\r\n?|[\v\f\x85\u2028\u2029]/g
const UNKEPT = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]/g
const PAIRS_AND_HALVES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g
const LAST_OF_A_PLANE = 0xfffe

/** What the office will keep of a text: a receipt is computed over this, so the phone must send no other. */
export function cleaned(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(UNKEPT, '').replace(PAIRS_AND_HALVES, whole).normalize('NFC').trim()
}

function whole(one: string): string {
  const point = one.codePointAt(0) as number
  return one.length === 2 && (point & LAST_OF_A_PLANE) !== LAST_OF_A_PLANE ? one : ''
}
