// Drafts and their way to the office, against an office in a few lines that answers as the real one does.
import assert from 'node:assert/strict'
import { createHash, webcrypto } from 'node:crypto'
import test from 'node:test'
import { Service, storage } from '../harness/services.mjs'

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex')
const refusal = (status, code, retry, more = {}) => [status, { code, status, retry, message_zh: `${code}。`, hint_zh: '请看说明。', request_id: 'r', ...more }]

/** An office that keeps what it is given; `faults` are answered first, one each. */
class Office {
  reports = new Map()
  photos = new Map()
  asked = []
  faults = []
  isAway = false

  answer(method, path, body) {
    this.asked.push(`${method} ${path.replace(/[0-9a-f]{64}/, 'SHA').replace(/[0-9a-f-]{36}/, 'ID')}`)
    if (this.isAway) return null
    const fault = this.faults.shift()
    if (fault) return fault
    const [, noun, id] = path.split('/api/v1')[1].split('/')
    if (noun === 'photos') return this.keep(id, body)
    if (method === 'PUT') return this.store(id, body)
    return this.reports.has(id) ? [200, this.receipt(id)] : refusal(404, 'no_such_thing', 'never')
  }

  store(id, body) {
    const known = this.reports.get(id)
    const version = known ? known.version + (JSON.stringify(known.body) === JSON.stringify(body) ? 0 : 1) : 1
    this.reports.set(id, { body, version })
    return [known ? 200 : 201, this.receipt(id)]
  }

  keep(sha256, bytes) {
    if (digest(bytes) !== sha256) return refusal(422, 'digest_differs', 'never')
    this.photos.set(sha256, bytes)
    return [201, { sha256, bytes: bytes.length, missing_in: [] }]
  }

  receipt(id) {
    const { body, version } = this.reports.get(id)
    const missing = body.photos.map((one) => one.sha256).filter((one) => !this.photos.has(one))
    const lines = ['7KQ4M-2XPRT', id, '1795312800', body.kind, body.text, ...body.photos.map((one) => one.sha256)]
    return { client_id: id, receipt_number: '7KQ4M-2XPRT', receipt_hash: digest(lines.join('\n')), state: missing.length ? 'waiting_media' : 'received', missing, version, promised_on: '2026-11-24', promise_words: '1个工作日', received_at: '2026-11-22T10:00:00.250+08:00', words: '已收到。' }
  }
}

/** A phone with files and a line to this office. */
function phone(office, shelves = {}, files = new Map()) {
  const settle = (options, told, data) => {
    if (!told) return setTimeout(() => options.fail({ errMsg: 'fail' }))
    return setTimeout(() => options.success({ statusCode: told[0], data: data(told[1]) }))
  }
  const session = { token: 't', person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }
  const kept = storage({ session, ...shelves })
  const wx = {
    ...kept,
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getStorageInfoSync: () => ({ keys: Object.keys(kept.shelves) }),
    getRandomValues: async ({ length }) => ({ randomValues: webcrypto.getRandomValues(new Uint8Array(length)).buffer }),
    getFileSystemManager: () => ({
      saveFileSync: (from, to) => { files.set(to, files.get(from)); files.delete(from) },
      readFileSync: (path) => Uint8Array.from(files.get(path)).buffer,
      accessSync: (path) => { if (!files.has(path)) throw new Error('no such file') },
      unlinkSync: (path) => files.delete(path),
      unlink: ({ filePath }) => files.delete(filePath),
    }),
    request: (options) => settle(options, office.answer(options.method, options.url.replace('https://duchatong.invalid', ''), options.data), (x) => x),
    uploadFile: (options) => {
      settle(options, office.answer('POST', options.url.replace('https://duchatong.invalid', ''), files.get(options.filePath)), JSON.stringify)
      return { onProgressUpdate() {} }
    },
  }
  const load = Service(wx)
  return { files, shelves: kept.shelves, drafts: load('services/drafts'), sending: load('services/sending'), photos: load('services/taking_photos') }
}

/** A draft with these photos, handed over. */
async function written(on, text, ...pictures) {
  const { id } = await on.drafts.newDraft()
  pictures.forEach((bytes, i) => on.files.set(`wxfile://tmp_${i}.jpg`, bytes))
  await on.photos.keepPhotos(id, pictures.map((_, i) => `wxfile://tmp_${i}.jpg`))
  on.drafts.change(id, { text })
  on.drafts.handOver(id)
  return id
}
const A = Buffer.from('first picture')
const B = Buffer.from('second picture')

test('a photo leaves the temporary folder at once and is named by its bytes', async () => {
  const on = phone(new Office())
  const id = await written(on, 'x', A, B, A)
  const { photos } = on.drafts.draft(id)
  assert.deepEqual(photos.map((one) => one.sha256), [digest(A), digest(B)]) // the same photo once
  assert.deepEqual(photos.map((one) => on.files.get(one.path)), [A, B])
  assert.equal([...on.files.keys()].filter((path) => path.includes('/usr')).length, 2)
})

test('text first, then the photos; received only when the office has everything', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, '  路灯不亮 ', A, B)
  await on.sending.flush()
  assert.deepEqual(office.asked, ['PUT /api/v1/observations/ID', 'POST /api/v1/photos/SHA', 'POST /api/v1/photos/SHA', 'GET /api/v1/observations/ID'])
  const done = on.drafts.draft(id)
  assert.equal(done.state, 'received')
  assert.equal(done.hash_agrees, true)
  assert.equal(office.reports.get(id).body.text, '路灯不亮')
  assert.equal(on.files.size, 0)
})

test('the draft says unknown before the first byte leaves, and a phone that died then asks before it sends', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A)
  let seen
  const answer = office.answer.bind(office)
  office.answer = (...asked) => { seen ??= on.drafts.draft(id).state; answer(...asked); return null } // it arrives, its answer does not
  await on.sending.flush()
  assert.equal(seen, 'unknown')
  assert.equal(on.drafts.draft(id).state, 'unknown')

  office.answer = answer
  office.asked = []
  const again = phone(office, on.shelves, on.files)
  await again.sending.flush()
  assert.equal(again.drafts.draft(id).state, 'received')
  assert.deepEqual(office.asked.slice(0, 2), ['GET /api/v1/observations/ID', 'POST /api/v1/photos/SHA'])
  assert.equal(office.reports.get(id).version, 1)
})

test('a photo that got lost is the only one sent again', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A, B)
  const keep = office.keep.bind(office)
  office.keep = (sha256, bytes) => (sha256 === digest(B) ? null : keep(sha256, bytes))
  await on.sending.flush()
  assert.deepEqual(on.drafts.draft(id).photos.map((one) => one.sent), [true, false])
  office.keep = keep
  office.asked = []
  await on.sending.flush()
  assert.deepEqual(office.asked, ['GET /api/v1/observations/ID', 'POST /api/v1/photos/SHA', 'GET /api/v1/observations/ID'])
})

test('a dead line stops everything; a refusal stops only its own draft', async () => {
  const office = new Office()
  const on = phone(office)
  const first = await written(on, 'first', A)
  const second = await written(on, 'second', B)
  office.isAway = true
  await on.sending.flush()
  assert.equal(office.asked.length, 1)
  assert.equal(on.sending.isOffline(), true)

  office.isAway = false
  office.faults = [refusal(404, 'no_such_thing', 'never'), refusal(422, 'no_such_task', 'never')]
  await on.sending.flush()
  assert.deepEqual([first, second].map((id) => on.drafts.draft(id).state), ['refused', 'received'])
  assert.equal(on.drafts.draft(first).refusal.title, 'no_such_task。')
})

test('a refusal for now is kept and not repeated before its time', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A)
  office.faults = [refusal(429, 'too_many_today', 'later', { retry_after: 600 })]
  await on.sending.flush()
  await on.sending.flush()
  assert.equal(office.asked.length, 1)
  assert.notEqual(on.drafts.draft(id).state, 'refused')
  on.drafts.change(id, { wait_until: 0 })
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).state, 'received')
})

test('what was refused after its text had arrived goes on as a revision', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A, B)
  const keep = office.keep.bind(office)
  office.keep = (sha256, bytes) => (sha256 === digest(B) ? refusal(422, 'not_a_photo', 'never') : keep(sha256, bytes))
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).state, 'refused')
  on.photos.dropPhoto(id, digest(B))
  on.drafts.handOver(id)
  office.asked = []
  await on.sending.flush()
  assert.equal(office.asked[0], 'PUT /api/v1/observations/ID/revisions/1')
  assert.equal(on.drafts.draft(id).state, 'received')
})

test('two flushes at once are one, and what was handed over meanwhile goes too', async () => {
  const office = new Office()
  const on = phone(office)
  await written(on, 'first', A)
  const running = on.sending.flush()
  const second = await written(on, 'second', B)
  assert.equal(on.sending.flush(), running)
  await running
  assert.equal(on.drafts.draft(second).state, 'received')
  assert.equal(office.asked.filter((one) => one.startsWith('PUT')).length, 2)
})

test('a receipt for other words than were written here is noticed', async () => {
  const office = new Office()
  const on = phone(office)
  const store = office.store.bind(office)
  office.store = (id, body) => store(id, { ...body, text: '别的话' })
  const id = await written(on, '路灯不亮', A)
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).hash_agrees, false)
})

test('a photo that the phone has lost is told; nobody waits for it for ever', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A, B)
  on.files.delete(on.drafts.draft(id).photos[1].path)
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).state, 'refused')
  assert.equal(on.drafts.draft(id).refusal.code, 'photo_lost')
})

test('a report that is taken up again while it is being sent belongs to the person', async () => {
  const office = new Office()
  const on = phone(office)
  const id = await written(on, 'x', A, B)
  const keep = office.keep.bind(office)
  office.keep = (sha256, bytes) => {
    const at = office.receipt(id)
    if (on.drafts.draft(id).state === 'accepted') on.drafts.takeUp({ ...at, sent: office.reports.get(id).body }, '')
    return keep(sha256, bytes)
  }
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).state, 'writing')
  on.drafts.change(id, { text: 'y' })
  on.drafts.handOver(id)
  on.drafts.handOver(id)
  office.keep = keep
  await on.sending.flush()
  assert.equal(on.drafts.draft(id).state, 'received')
  assert.deepEqual([office.reports.get(id).version, office.reports.get(id).body.text], [2, 'y'])
})

test('sub-02: a phone whose clock is fast writes the office’s time into its reports', async () => {
  const on = phone(new Office(), { clock_skew: 12 * 60_000 })
  const id = await written(on, 'x', A)
  const late = Date.now() - Date.parse(on.drafts.draft(id).written_at)
  assert.ok(Math.abs(late - 12 * 60_000) < 5_000)
})

test('sub-02: a report refused for its time counts as written when it is handed over again', async () => {
  const office = new Office()
  office.faults = [refusal(422, 'written_long_ago', 'never')]
  const on = phone(office)
  const id = await written(on, 'x', A)
  on.drafts.change(id, { written_at: '2026-01-01T00:00:00Z' })
  await on.sending.flush()
  assert.deepEqual([on.drafts.draft(id).state, on.drafts.draft(id).written_at], ['refused', null])
  on.drafts.handOver(id)
  assert.ok(Date.now() - Date.parse(on.drafts.draft(id).written_at) < 5_000)
})
