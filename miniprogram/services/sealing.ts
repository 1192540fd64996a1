// What makes a sealed report: a capability, a code for paper, names for photos, and pictures without their file's traces.
import { sha256 } from './sha256'

const CODE_DIGITS = 22 // 73 bits; two check digits follow
const CHECK = 97
const BLOCK = 64

/** 32 random bytes as hex letters: from now on they are the reporter. */
export async function newCapability(): Promise<string> {
  return hexOf(await random(32))
}

/** 24 digits that restore a report on another phone; the last two tell a wrong one. */
export async function newCode(): Promise<string> {
  let digits = ''
  while (digits.length < CODE_DIGITS) {
    const even = (await random(40)).filter((byte) => byte < 250) // each digit as likely as any other
    digits = (digits + Array.from(even, (byte) => byte % 10).join('')).slice(0, CODE_DIGITS)
  }
  const check = 98 - remainder(`${digits}00`)
  return digits + String(check).padStart(2, '0')
}

/** The digits of what was typed, full-width ones too, without blanks and dashes. */
export function digitsIn(typed: string): string {
  const plain = typed.replace(/[０-９]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
  return plain.replace(/\D/g, '')
}

/** Whether 24 digits are a code that was copied without a mistake. */
export const isCode = (digits: string): boolean => /^\d{24}$/.test(digits) && remainder(digits) === 1

/** Six groups of four, as on a bank card. */
export const groupsOf = (code: string): string[] => code.match(/\d{4}/g) ?? []

/** The name of a photo in one report: the same picture in another report has another. */
export function photoName(capability: string, digest: string): string {
  return hexOf(hmac(bytesOfHex(sha256(ascii(`photos${capability}`))), ascii(digest)))
}

/** A JPEG without what cameras and programs wrote beside the picture; null if it is no JPEG. */
export function withoutTraces(jpeg: Uint8Array): Uint8Array | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null
  const parts: Uint8Array[] = [jpeg.subarray(0, 2)]
  let at = 2
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xda) break
    const end = at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!
    const isTrace = (marker >= 0xe0 && marker <= 0xef && marker !== 0xe0 && marker !== 0xee) || marker === 0xfe
    if (!isTrace) parts.push(jpeg.subarray(at, end))
    at = end
  }
  parts.push(jpeg.subarray(at, endOfPicture(jpeg)))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((to, part) => {
    whole.set(part, to)
    return to + part.length
  }, 0)
  return whole
}

// What some phones hang behind the picture (films, second pictures) goes too.
function endOfPicture(jpeg: Uint8Array): number {
  for (let at = jpeg.length - 2; at > 0; at -= 1) if (jpeg[at] === 0xff && jpeg[at + 1] === 0xd9) return at + 2
  return jpeg.length
}

// Digit by digit: phones' numbers end at 16 digits.
function remainder(digits: string): number {
  return Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % CHECK, 0)
}

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK)
  block.set(key)
  const inner = bytesOfHex(sha256(joined(block.map((byte) => byte ^ 0x36), message)))
  return bytesOfHex(sha256(joined(block.map((byte) => byte ^ 0x5c), inner)))
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length)
  whole.set(one)
  whole.set(other, one.length)
  return whole
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOfHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))

async function random(length: number): Promise<Uint8Array> {
  return new Uint8Array((await wx.getRandomValues({ length })).randomValues)
}
