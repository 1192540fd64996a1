// HMAC-SHA-256 (RFC 2104) over the house's digest: phones have no WebCrypto.
import { sha256 } from './sha256'

const BLOCK = 64

/** The code of a message under a key, both plain ASCII, as 64 hex letters. */
export function hmacOfText(key: string, message: string): string {
  const padded = new Uint8Array(BLOCK)
  padded.set(key.length > BLOCK ? fromHex(sha256(bytesOf(key))) : bytesOf(key))
  const inner = sha256(joined(padded.map((byte) => byte ^ 0x36), bytesOf(message)))
  return sha256(joined(padded.map((byte) => byte ^ 0x5c), fromHex(inner)))
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const whole = new Uint8Array(one.length + other.length)
  whole.set(one)
  whole.set(other, one.length)
  return whole
}
