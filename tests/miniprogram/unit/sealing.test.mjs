// What makes a sealed report: codes, names of photos, pictures without their file's traces, tickets of a week.
import assert from 'node:assert/strict'
import { createHash, createHmac, webcrypto } from 'node:crypto'
import test from 'node:test'
import { service, storage } from '../harness/services.mjs'

const getRandomValues = async ({ length }) => ({ randomValues: webcrypto.getRandomValues(new Uint8Array(length)).buffer })

function phone(more = {}) {
  return { ...storage({}), getRandomValues, ...more }
}

async function sealing(wx = phone()) {
  return service('services/sealing', wx)
}

test('a code has 24 digits, and a wrong digit is never taken', async () => {
  const { newCode, isCode, groupsOf } = await sealing()
  for (let n = 0; n < 200; n += 1) {
    const code = await newCode()
    assert.match(code, /^\d{24}$/)
    assert.ok(isCode(code))
    assert.equal(BigInt(code) % 97n, 1n)
    const place = n % 24
    const wrong = code.slice(0, place) + ((Number(code[place]) + 1 + (n % 9)) % 10) + code.slice(place + 1)
    assert.equal(isCode(wrong), wrong === code)
    assert.equal(groupsOf(code).join(''), code)
  }
})

test('a code is read however it was typed', async () => {
  const { digitsIn } = await sealing()
  assert.equal(digitsIn('７９２９ 5737-6620　5856—0575.9418'), '792957376620585605759418')
})

test('a photo has another name in every report, the one that the office computes', async () => {
  const { photoName, newCapability } = await sealing()
  const digest = createHash('sha256').update('picture').digest('hex')
  const names = new Set()
  for (let n = 0; n < 15; n += 1) {
    const capability = await newCapability()
    const key = createHash('sha256').update(`photos${capability}`).digest()
    assert.equal(photoName(capability, digest), createHmac('sha256', key).update(digest).digest('hex'))
    names.add(photoName(capability, digest))
  }
  assert.equal(names.size, 15)
})

const segment = (marker, text) => [0xff, marker, 0, text.length + 2, ...Buffer.from(text)]
const PICTURE = [...segment(0xdb, 'table'), ...segment(0xc2, 'frame'), 0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 0xff, 0xda, 0, 2, 3, 0xff, 0xd9]

test('camera, place and program leave no trace in a picture, and nothing of the picture is lost', async () => {
  const { withoutTraces } = await sealing()
  const traces = [...segment(0xe1, 'Exif serial 4711'), ...segment(0xe2, 'second'), ...segment(0xed, 'IPTC owner'), ...segment(0xfe, 'comment')]
  const kept = [...segment(0xe0, 'JFIF'), ...segment(0xee, 'Adobe')]
  const whole = Uint8Array.from([0xff, 0xd8, ...kept, ...traces, ...PICTURE, ...Buffer.from('film behind the picture')])
  assert.deepEqual([...withoutTraces(whole)], [0xff, 0xd8, ...kept, ...PICTURE])
  assert.equal(withoutTraces(Uint8Array.from(Buffer.from('\x89PNG'))), null)
})

test('the oldest ticket goes first, and none is used after its week', async () => {
  const wx = phone()
  const day = (n) => new Date(Date.now() + 8 * 3_600_000 - n * 86_400_000).toISOString().slice(0, 10)
  wx.setStorageSync('tickets', [{ ticket: 'over', got_on: day(8) }, { ticket: 'last day', got_on: day(7) }])
  const { layTickets, takeTicket, hasTicket } = service('services/tickets', wx)
  layTickets(['new'])
  assert.deepEqual([takeTicket(), takeTicket(), takeTicket()], ['last day', 'new', null])
  assert.equal(hasTicket(), false)
  layTickets(Array.from({ length: 20 }, (_, n) => `t${n}`))
  assert.equal(takeTicket(), 't6')
})
