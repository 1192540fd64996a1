// What an observer's phone computes by itself: codes, receipts, and what becomes of two phones' figures.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import test from 'node:test'
import { Service, service, storage } from '../harness/services.mjs'

const load = () => Service({ ...storage({ session: { person: { id: 'p' } } }) })
const ballot = (changes = {}) => ({
  person: 'p', visit: 'v', stop: 's', scores: { c1: '90.0' }, comment: '', state: 'draft', claimed_at: '2026-11-22T10:00:00.000+08:00', nonce: '', isSent: true,
  base: { version: 1, scores: { c1: '90.0' }, comment: '', state: 'draft' }, receipt: null, theirs: null, trouble: '', ...changes,
})

test('a code is that of HMAC-SHA-256, also under keys of a block and longer', () => {
  const { hmacOfText } = service('services/hmac')
  for (const key of ['', 'ABCDEFGHJK', 'k'.repeat(63), 'k'.repeat(64), 'k'.repeat(65), 'k'.repeat(200)]) {
    for (const message of ['', 'observer|client', 'm'.repeat(300)]) {
      assert.equal(hmacOfText(key, message), createHmac('sha256', key).update(message).digest('hex'))
    }
  }
})

test('a receipt is the hash of the canonical JSON, with criteria in their order', () => {
  const { digestOf } = load()('services/ballots')
  const told = '{"entry":"s","salt":"ab","scores":{"c1":"90.0","c2":"80.5"},"visit":"v"}'
  assert.equal(digestOf('v', 's', { scores: { c2: '80.5', c1: '90.0' }, salt: 'ab' }), createHash('sha256').update(told).digest('hex'))
})

test('a draft carries no nonce, a submission carries one, and an empty comment is not sent', () => {
  const { bodyOf } = load()('services/ballots')
  assert.deepEqual(Object.keys(bodyOf(ballot({ nonce: 'ab' }))), ['scores', 'state', 'base_version', 'claimed_at'])
  assert.equal(bodyOf(ballot({ nonce: 'ab', state: 'submitted' })).nonce, 'ab')
  assert.equal(bodyOf(ballot({ comment: '好' })).comment, '好')
})

test('what is missing is named, and a figure at the limit needs no comment while one below does', () => {
  const { lackingOf } = load()('services/ballots')
  const rubric = { criteria: [{ id: 'c1', name: '成效' }, { id: 'c2', name: '创新' }], comment_below: '60' }
  assert.equal(lackingOf(ballot(), rubric), '还没有打分：创新')
  assert.equal(lackingOf(ballot({ scores: { c1: '60.0', c2: '90.0' } }), rubric), '')
  assert.match(lackingOf(ballot({ scores: { c1: '59.5', c2: '90.0' } }), rubric), /低于 60 分/)
  assert.equal(lackingOf(ballot({ scores: { c1: '59.5', c2: '90.0' }, comment: '窗口少' }), rubric), '')
})

test('the words of a ballot say where it is', () => {
  const { fateOf } = load()('services/ballots')
  assert.equal(fateOf(ballot({ isSent: false })), '已存在本机')
  assert.match(fateOf(ballot({ isSent: false, state: 'submitted' })), /等网络/)
  assert.equal(fateOf(ballot()), '已保存')
  assert.match(fateOf(ballot({ theirs: { c1: '80.0' } })), /另一台手机/)
  assert.equal(fateOf(ballot({ trouble: '已封盘' })), '已封盘')
})
