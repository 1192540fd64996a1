// Sealed reports on this phone. Nothing here signs in: a capability in encrypted storage is the reporter, and it is shown
// to the office at a tap only, beside no other request. After the receipt words, photos and draft are gone from the phone.
import { discard, Draft, Place } from './drafts'
import { dropSecret, keepSecret, readSecret } from './encrypted'
import { call, Method, send } from './http'
import { Refusal } from './refusal'
import { newCapability, newCode, photoName, withoutTraces } from './sealing'
import { sha256, sha256OfText } from './sha256'
import { takeTicket } from './tickets'
import { instantMs } from './words'

export interface SealedReceipt {
  receipt_number: string
  receipt_hash: string
  missing: string[]
  promise_words: string
  received_at: string
  words: string
}
export interface SealedCard {
  receipt_number: string
  block: string | null
  block_words: string
  state: string
  state_label: string
  words: string
  text: string
  place_name: string
  received_at: string
  reply: string
  ledger_number: string | null
  missing: string[]
  is_entered: boolean
  steps: { label: string; on: string | null; done: boolean }[]
  recheck: { until_on: string; answer: string | null; is_open: boolean; words: string } | null
  thread: { from_office: boolean; text: string; sent_at: string }[]
  openings: { opened_on: string; words: string }[]
}
/** What stays on the phone of a report that was sent; the code only until it was copied. */
export interface Kept {
  capability: string
  number: string
  received_at: string
  code: string
}
interface NewPhoto {
  path: string
  digest: string
  name: string
  bytes: number
}
interface Pending {
  capability: string
  code: string
  ticket: string
  photos: NewPhoto[]
}
export interface Sent {
  number: string
  code: string
  promise: string
  agrees: boolean
}

const KEPT = 'sealed'
const PENDING = 'sealed-pending:'
const DECIMALS = 1000 // of a degree: about a hundred metres

export class NoTicket extends Error {}
export class NotAJpeg extends Error {}

export const keptReports = (): Promise<Kept[]> => readSecret<Kept[]>(KEPT, [])

/** Send a draft under seal; called again after a broken line it goes on where it was, and is the same report. */
export async function sendSealed(one: Draft): Promise<Sent> {
  let pending = await readSecret<Pending | null>(PENDING + one.id, null)
  pending ??= await begin(one)
  const receipt = await submit(one, pending)
  for (const photo of pending.photos.filter((each) => receipt.missing.includes(each.name))) await upload(pending, photo)
  const { capability, code } = pending
  const kept = { capability, code, number: receipt.receipt_number, received_at: receipt.received_at }
  await keepSecret(KEPT, [kept, ...(await keptReports()).filter((each) => each.capability !== capability)])
  await clean(one.id, pending)
  return { number: receipt.receipt_number, code, promise: receipt.promise_words, agrees: agrees(one, pending, receipt) }
}

/** The code was copied: it leaves the phone. */
export async function codeIsCopied(number: string): Promise<void> {
  await keepSecret(KEPT, (await keptReports()).map((one) => (one.number === number ? { ...one, code: '' } : one)))
}

/** Take all traces of sealed reports off this phone; the paper still finds them. */
export const clearTraces = (): Promise<void> => dropSecret(KEPT)

export const look = (capability: string): Promise<SealedCard> => ask('GET', '/report', capability)
export const sayTo = (capability: string, text: string): Promise<SealedCard> => ask('POST', '/report/messages', capability, { text })
export const takeBack = (capability: string): Promise<SealedCard> => ask('DELETE', '/report', capability)
export const recheck = (capability: string, answer: string, text: string): Promise<SealedCard> => ask('PUT', '/report/recheck', capability, { answer, text })

/** Bring a report to this phone by the code on paper; the earlier phone is out. */
export async function restore(code: string): Promise<Kept> {
  const capability = await newCapability()
  const card = await ask<SealedCard>('POST', '/restoration', capability, { code })
  const kept = { capability, code: '', number: card.receipt_number, received_at: card.received_at }
  await keepSecret(KEPT, [kept, ...(await keptReports()).filter((one) => one.number !== kept.number)])
  return kept
}

function ask<T>(method: Method, path: string, capability: string, body?: object): Promise<T> {
  return call<T>({ method, path: `/api/v1/sealed${path}`, body, headers: { capability } })
}

async function begin(one: Draft): Promise<Pending> {
  const capability = await newCapability()
  const photos: NewPhoto[] = []
  for (const [number, photo] of one.photos.entries()) photos.push(await made(photo.path, capability, `${one.id}-s${number}`))
  const ticket = takeTicket()
  if (!ticket) throw new NoTicket()
  const pending = { capability, code: await newCode(), ticket, photos }
  await keepSecret(PENDING + one.id, pending)
  return pending
}

// The picture is made new and freed of what its file tells; the original never leaves the phone.
async function made(path: string, capability: string, name: string): Promise<NewPhoto> {
  const files = wx.getFileSystemManager()
  const { tempFilePath } = await wx.compressImage({ src: path, quality: 80 })
  const bytes = withoutTraces(new Uint8Array(files.readFileSync(tempFilePath) as ArrayBuffer))
  if (!bytes) throw new NotAJpeg()
  const fresh = `${wx.env.USER_DATA_PATH}/${name}.jpg`
  files.writeFileSync(fresh, bytes.buffer as ArrayBuffer)
  const digest = sha256(bytes)
  return { path: fresh, digest, name: photoName(capability, digest), bytes: bytes.length }
}

async function submit(one: Draft, pending: Pending): Promise<SealedReceipt> {
  const { capability, code, photos } = pending
  const body = {
    ticket: pending.ticket,
    code,
    kind: one.kind,
    text: one.text.trim(),
    task_id: one.task?.id ?? null,
    place: around(one.place),
    photos: photos.map(({ name, bytes }) => ({ name, bytes })),
  }
  try {
    return await ask<SealedReceipt>('PUT', '/report', capability, body)
  } catch (error) {
    const next = error instanceof Refusal && error.code === 'ticket_refused' ? takeTicket() : null
    if (!next) throw error
    pending.ticket = next
    await keepSecret(PENDING + one.id, pending)
    return submit(one, pending)
  }
}

async function upload(pending: Pending, photo: NewPhoto): Promise<void> {
  const path = `/api/v1/sealed/photos/${photo.name}?sha256=${photo.digest}`
  await send({ path, file: photo.path, headers: { capability: pending.capability } })
}

async function clean(id: string, pending: Pending): Promise<void> {
  const files = wx.getFileSystemManager()
  for (const { path } of pending.photos) files.unlink({ filePath: path, fail: () => undefined })
  await dropSecret(PENDING + id)
  discard(id)
}

// The office keeps a place to a hundred metres; it need not be sent more of it.
function around(place: Place | null): Place | null {
  const coarse = (degrees: number): number => Math.round(degrees * DECIMALS) / DECIMALS
  return place && { ...place, latitude: coarse(place.latitude), longitude: coarse(place.longitude), accuracy_m: 100, source: 'map' }
}

function agrees(one: Draft, pending: Pending, receipt: SealedReceipt): boolean {
  const hour = String(Math.floor(instantMs(receipt.received_at) / 1000))
  const lines = [receipt.receipt_number, hour, one.kind, one.text.trim(), ...pending.photos.map((photo) => photo.name)]
  return sha256OfText(lines.join('\n')) === receipt.receipt_hash
}
