// Photos over a bad line: in parts, nothing confirmed twice, and tries that grow rarer while the program is open.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import test, { mock } from 'node:test'
import { Service, service, storage } from '../harness/services.mjs'

const PART = 64 * 1024
const hash = (bytes, as = 'hex') => createHash('sha256').update(bytes).digest(as)
const refusal = (code, retry = 'same', more = {}) => ({ code, retry, message_zh: `${code}。`, hint_zh: '', ...more })

/** An office that takes uploads in parts; what `cuts` names by its number never arrives or is never answered. */
class Office {
  uploads = new Map()
  received = []
  requests = 0
  oneShots = 0
  cuts = {}

  answer({ method, url, data, header }) {
    this.requests += 1
    const cut = this.cuts[this.requests]
    if (cut === 'lost') return null
    const told = this.act(method, url.split('/api/v1')[1], data, header)
    return cut === 'unanswered' ? null : told
  }

  act(method, path, data, header) {
    const tus = { 'Tus-Resumable': '1.0.0' }
    if (method === 'POST' && path === '/uploads') {
      const digest = Buffer.from(header['upload-metadata'].split(' ')[1], 'base64').toString()
      const name = `/uploads/${digest}-${header['upload-length']}`
      if (!this.uploads.has(name)) this.uploads.set(name, Buffer.alloc(0))
      return [201, '', { ...tus, 'Upload-Offset': String(this.uploads.get(name).length) }]
    }
    if (!this.uploads.has(path)) return method === 'HEAD' ? [404, '', tus] : [404, refusal('no_such_thing', 'never'), tus]
    const kept = this.uploads.get(path)
    if (method === 'HEAD') return [200, '', { ...tus, 'Upload-Offset': String(kept.length) }]
    assert.equal(header['x-http-method-override'], 'PATCH')
    if (Number(header['upload-offset']) !== kept.length) return [409, refusal('offset_differs'), tus]
    const part = Buffer.from(data)
    assert.equal(header['upload-checksum'], `sha256 ${hash(part, 'base64')}`)
    this.received.push([kept.length, part.length])
    this.uploads.set(path, Buffer.concat([kept, part]))
    return [204, '', { ...tus, 'upload-offset': String(kept.length + part.length) }]
  }
}

function phone(office, file) {
  const session = { token: 't', person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }
  const settle = (options, told) => setTimeout(() => (told ? options.success({ statusCode: told[0], data: told[1], header: told[2] }) : options.fail({ errMsg: 'fail' })))
  return Service({
    ...storage({ session }),
    getFileSystemManager: () => ({ readFileSync: (_, __, at, length) => Uint8Array.from(file.subarray(at, at + length)).buffer }),
    request: (options) => settle(options, office.answer(options)),
    uploadFile: (options) => { office.oneShots += 1; settle(options, null); return { onProgressUpdate() {} } },
  })('services/door')
}

const photoOf = (file) => ({ sha256: hash(file), path: 'wxfile://usr/p.jpg', bytes: file.length })

test('base64 is base64, at every length', () => {
  const { base64, base64OfHex, base64OfAscii } = service('services/base64')
  for (let length = 0; length < 70; length += 1) {
    const bytes = randomBytes(length)
    assert.equal(base64(new Uint8Array(bytes)), bytes.toString('base64'))
    assert.equal(base64OfHex(bytes.toString('hex')), bytes.toString('base64'))
  }
  assert.equal(base64OfAscii('sha256'), Buffer.from('sha256').toString('base64'))
})

test('a large photo goes in parts and arrives whole', async () => {
  const office = new Office()
  const file = randomBytes(1024 * 1024 + 1)
  const told = []
  await phone(office, file).sendPhoto(photoOf(file), (percent) => told.push(percent))
  assert.deepEqual([...office.uploads.values()][0], file)
  assert.equal(office.oneShots, 0)
  assert.equal(told[0], 0)
  assert.equal(told.at(-1), 100)
})

test('a photo of a megabyte goes in one piece; when that is cut, the rest of the day goes in parts', async () => {
  const office = new Office()
  const file = randomBytes(1024 * 1024)
  const door = phone(office, file)
  await assert.rejects(door.sendPhoto(photoOf(file)))
  assert.equal(office.oneShots, 1)
  await door.sendPhoto(photoOf(file))
  assert.equal(office.oneShots, 1)
  assert.deepEqual([...office.uploads.values()][0], file)
})

test('over a line that breaks at every third request no confirmed byte is sent twice', async () => {
  const office = new Office()
  for (let n = 2; n < 500; n += 3) office.cuts[n] = n % 2 ? 'lost' : 'unanswered'
  const file = randomBytes(4_000_000)
  const door = phone(office, file)
  for (let tries = 0; ; tries += 1) {
    assert.ok(tries < 200)
    try { await door.sendPhoto(photoOf(file)); break } catch { /* the line broke; the phone comes again */ }
  }
  assert.deepEqual([...office.uploads.values()][0], file)
  let reached = 0
  for (const [at, length] of office.received) { assert.equal(at, reached); reached += length }
  assert.ok(office.received.every(([, length]) => length <= 4 * PART))
})

test('parts grow while the line is quick, and are small again after a break', async () => {
  const office = new Office()
  office.cuts = { 7: 'lost' }
  const file = randomBytes(30 * PART)
  await phone(office, file).sendPhoto(photoOf(file))
  assert.deepEqual(office.received.map(([, length]) => length / PART), [1, 2, 4, 4, 4, 1, 2, 4, 4, 4])
})

test('a slow line keeps small parts', async () => {
  const office = new Office()
  const file = randomBytes(18 * PART)
  const door = phone(office, file)
  const real = Date.now
  let told = 0
  Date.now = () => (told += 500)
  try { await door.sendPhoto(photoOf(file)) } finally { Date.now = real }
  assert.deepEqual(new Set(office.received.map(([, length]) => length)), new Set([PART]))
})

test('a line that carried something and broke is taken up again at once; one that carries nothing rests', async () => {
  const office = new Office()
  office.cuts = { 4: 'lost', 9: 'lost', 10: 'lost' }
  const file = randomBytes(40 * PART)
  const door = phone(office, file)
  await assert.rejects(door.sendPhoto(photoOf(file)), { name: 'Unreachable' })
  assert.equal(office.requests, 10)
  await door.sendPhoto(photoOf(file))
  assert.deepEqual([...office.uploads.values()][0], file)
})

test('an upload that the office has forgotten is begun anew', async () => {
  const office = new Office()
  const file = randomBytes(2 * 1024 * 1024)
  const door = phone(office, file)
  const act = office.act.bind(office)
  let parts = 0
  office.act = (method, path, ...rest) => {
    if (path !== '/uploads' && method === 'POST' && (parts += 1) === 5) {
      office.uploads.clear()
      office.received = []
      return [409, refusal('offset_differs'), { 'Tus-Resumable': '1.0.0' }]
    }
    return act(method, path, ...rest)
  }
  await door.sendPhoto(photoOf(file))
  assert.deepEqual([...office.uploads.values()][0], file)
})

test('a captive portal that answers 200 confirms nothing', async () => {
  const office = new Office()
  office.act = () => [200, '<html>Welcome</html>', {}]
  const file = randomBytes(2 * 1024 * 1024)
  await assert.rejects(phone(office, file).sendPhoto(photoOf(file)), { name: 'Unreachable' })
})

test('tries grow rarer, begin anew after a success, keep to what the office asks, and rest in the background', () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  try {
    const { carryBy, tryAgain, tryAt, itWorked, setOpen } = service('services/retrying')
    const tried = []
    let fails = true
    carryBy(() => { tried.push(Date.now() / 1000); if (fails) tryAgain() })
    tryAgain()
    for (let second = 0; second < 600; second += 1) mock.timers.tick(1000)
    assert.deepEqual(tried, [3, 9, 21, 45, 93, 189, 369, 549])
    fails = false
    mock.timers.tick(180_000)
    tried.length = 0
    itWorked()
    const now = Date.now() / 1000
    tryAgain(40) // the office named forty seconds
    mock.timers.tick(39_000)
    assert.deepEqual(tried, [])
    mock.timers.tick(1000)
    assert.deepEqual(tried, [now + 40])
    setOpen(false)
    tryAgain()
    tryAt(Date.now())
    mock.timers.tick(3_600_000)
    assert.equal(tried.length, 1)
    setOpen(true)
    tryAt(Date.now() + 5000)
    tryAt(Date.now() + 9000) // a try comes before it anyway
    mock.timers.tick(5000)
    assert.equal(tried.length, 2)
    mock.timers.tick(10_000)
    assert.equal(tried.length, 2)
  } finally {
    mock.timers.reset()
  }
})
