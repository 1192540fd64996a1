// SHA-256 (FIPS 180-4): WeChat digests files only by MD5 and SHA-1, the office addresses photos by this.
const PRIMES = firstPrimes(64)
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)))
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))

/** The digest of bytes, as 64 hex letters. */
export function sha256(bytes: Uint8Array): string {
  const state = Uint32Array.from(START)
  const words = new Uint32Array(64)
  const padded = pad(bytes)
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + i * 4)
    stir(state, words)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
}

/** The digest of a text in UTF-8. */
export function sha256OfText(text: string): string {
  const latin = unescape(encodeURIComponent(text)) // one letter for each byte; phones have no TextEncoder
  return sha256(Uint8Array.from(latin, (letter) => letter.charCodeAt(0)))
}

function stir(state: Uint32Array, words: Uint32Array): void {
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    const early = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
    const late = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
    words[i] = words[i - 16]! + early + words[i - 7]! + late
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + words[i]!) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  const mixed = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i += 1) state[i] = state[i]! + mixed[i]!
}

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(padded.length - 4, bytes.length << 3)
  return padded
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x100000000)
}

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let one = 2; found.length < count; one += 1) if (found.every((prime) => one % prime)) found.push(one)
  return found
}
