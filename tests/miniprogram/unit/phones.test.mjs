// The harness refuses what a phone refuses: else a page that works only in a browser would pass.
import assert from 'node:assert/strict'
import test, { mock } from 'node:test'
import { phone } from '../harness/unit.mjs'

const MB = 1 << 20
const turns = async (count = 20) => { for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve)) }
const outcome = (call) => new Promise((resolve) => call({ success: (told) => resolve(told), fail: (told) => resolve(told) }))
const fetched = (answer) => { const real = globalThis.fetch; globalThis.fetch = answer; return () => { globalThis.fetch = real } }
const never = (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
const ask = (wx, more = {}) => outcome((ears) => wx.request({ url: 'https://office.example/api', ...more, ...ears }))

/** A phone on which a picture of these bytes was just taken. */
function withPicture(bytes = Uint8Array.of(1, 2, 3, 4, 5)) {
  const mp = phone({ privacyAgreed: true })
  return { mp, wx: mp.wx, files: mp.wx.getFileSystemManager(), taken: mp.temporary({ bytes, type: 'image/jpeg' }, 'a.jpg') }
}

test('what is taken is temporary until it is saved among the person’s own files', () => {
  const { wx, files, taken } = withPicture()
  assert.match(taken, /^wxfile:\/\/tmp_/)
  const kept = files.saveFileSync(taken, `${wx.env.USER_DATA_PATH}/p.jpg`)
  assert.equal(kept, 'wxfile://usr/p.jpg')
  assert.throws(() => files.readFileSync(taken), /no such file/)
  assert.deepEqual([...new Uint8Array(files.readFileSync(kept, undefined, 1, 3))], [2, 3, 4])
  assert.throws(() => files.readFileSync(kept, undefined, 4, 2), /length.*out of range/)
  assert.throws(() => files.saveFileSync(kept, `${wx.env.USER_DATA_PATH}/q.jpg`), /not exist/)
  assert.throws(() => files.writeFileSync('wxfile://store_1.txt', 'x'), /permission denied/)
})

test('a program keeps 200 MB of files and not a byte more', () => {
  const { wx, files } = withPicture()
  const half = new ArrayBuffer(100 * MB)
  for (const name of ['a', 'b']) files.writeFileSync(`${wx.env.USER_DATA_PATH}/${name}`, half)
  assert.throws(() => files.writeFileSync(`${wx.env.USER_DATA_PATH}/c`, new ArrayBuffer(1)), /storage limit is exceeded/)
  files.writeFileSync(`${wx.env.USER_DATA_PATH}/a`, new ArrayBuffer(1))
  files.writeFileSync(`${wx.env.USER_DATA_PATH}/c`, new ArrayBuffer(1))
})

test('storage holds a megabyte for a key, counted in bytes', () => {
  const { wx } = phone()
  wx.setStorageSync('k', 'a'.repeat(MB - 11)) // with {"data":""}
  assert.throws(() => wx.setStorageSync('k', 'a'.repeat(MB - 10)), /single key/)
  assert.throws(() => wx.setStorageSync('k', '字'.repeat(MB / 2)), /single key/)
})

test('a picture opens under wxfile:// while the file is there, or under its whole address', async () => {
  const { wx, taken } = withPicture()
  await wx.previewImage({ urls: [taken] })
  await wx.previewImage({ urls: ['https://office.example/1.jpg', taken], current: taken })
  await wx.previewMedia({ sources: [{ url: taken, type: 'image' }] })
  const refused = [{ urls: ['/api/v1/renditions/1'] }, { urls: ['wxfile://usr/gone.jpg'] }, { urls: [taken], current: `https://office.example${taken}` }, { urls: [] }]
  for (const asked of refused) await assert.rejects(wx.previewImage(asked), { errMsg: /^previewImage:fail/ })
  await assert.rejects(wx.openDocument({ filePath: 'https://office.example/a.xlsx' }), { errMsg: /exist/ })
  await assert.rejects(wx.getImageInfo({ src: 'wxfile://usr/gone.jpg' }), { errMsg: /not found/ })
})

test('the clipboard is private: without consent it is neither written nor read', async () => {
  const mp = phone()
  mp.wx.onNeedPrivacyAuthorization((resolve) => resolve({ event: 'disagree' }))
  await assert.rejects(mp.wx.setClipboardData({ data: 'x' }), { errno: 104 })
  assert.equal((await mp.wx.getPrivacySetting()).needAuthorization, true)
  await assert.rejects(mp.wx.requirePrivacyAuthorize(), { errno: 104 })
  mp.wx.onNeedPrivacyAuthorization((resolve) => resolve({ event: 'agree' }))
  await mp.wx.setClipboardData({ data: 'x' })
  assert.equal((await mp.wx.getClipboardData()).data, 'x')
  assert.equal(document.querySelector('.mp-toast').textContent, '内容已复制')
})

test('a phone asks by its eight methods and by whole addresses', async () => {
  const { wx } = phone()
  assert.match((await ask(wx, { method: 'PATCH' })).errMsg, /^request:fail method PATCH/)
  assert.match((await ask(wx, { url: '/api/v1/me' })).errMsg, /invalid url/)
  const sent = await outcome((ears) => wx.uploadFile({ url: 'https://office.example', name: 'file', filePath: 'http://tmp/1.jpg', ...ears }))
  assert.match(sent.errMsg, /file not found/)
})

test('of many requests ten are on the line at once, and the others get their turn', async () => {
  const begun = []
  const back = fetched(() => new Promise((resolve) => begun.push(() => resolve(new Response('{}')))))
  try {
    const { wx } = phone()
    const all = Array.from({ length: 12 }, () => ask(wx))
    const onTheLine = async (count) => {
      while (begun.length < count) await turns() // a busy machine takes more turns; a line that is shut never gets there
      await turns()
      assert.equal(begun.length, count)
    }
    await onTheLine(10)
    begun[0]()
    await onTheLine(11)
    begun[1]()
    await onTheLine(12)
    begun.forEach((answer) => answer())
    assert.deepEqual((await Promise.all(all)).map((told) => told.statusCode), Array(12).fill(200))
  } finally {
    back()
  }
})

test('five seconds after the program is put aside its requests are cut, and none begins until it is back', async () => {
  const back = fetched(never)
  const mp = await phone({ wx: {} }).start('/packages/history/pages/verify/verify')
  await turns()
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const long = ask(mp.wx)
    mock.timers.tick(1)
    mp.hide()
    mock.timers.tick(4999)
    const late = ask(mp.wx)
    mock.timers.tick(1)
    assert.deepEqual(await long, { errMsg: 'request:fail interrupted', errno: 600003 })
    assert.equal((await late).errno, 600003)
    mp.show()
    const again = ask(mp.wx, { timeout: 70_000 })
    mock.timers.tick(1)
    mock.timers.tick(60_000)
    assert.deepEqual(await again, { errMsg: 'request:fail timeout', errno: 5 })
  } finally {
    mock.timers.reset()
    back()
  }
})
