/** Bytes as base64, and text of plain ASCII: the words of uploads in parts. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(bytes: Uint8Array): string {
  let told = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const letters = [18, 12, 6, 0].map((shift) => LETTERS[(three >> shift) & 63])
    told += letters.slice(0, Math.min(4, bytes.length - at + 1)).join('').padEnd(4, '=')
  }
  return told
}

export const base64OfHex = (hex: string): string => base64(Uint8Array.from(hex.match(/../g) ?? [], (one) => parseInt(one, 16)))
export const base64OfAscii = (text: string): string => base64(Uint8Array.from(text, (one) => one.charCodeAt(0)))
