// What a phone itself refuses or gives late: permissions, room, consent, duties that changed at the desk.
import assert from 'node:assert/strict'
import test, { mock } from 'node:test'
import { Service, service, storage } from '../harness/services.mjs'

const got = { latitude: 38.4872, longitude: 106.2309, accuracy: 12, horizontalAccuracy: 12 }
const tick = async () => { for (let n = 0; n < 5; n += 1) await Promise.resolve() }

test('consent that is given slowly loses no place: it comes after all', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    let agree
    const { locate } = service('services/locating', { ...storage(), getLocation: () => new Promise((resolve) => { agree = () => resolve(got) }) })
    const late = []
    const asked = locate((found) => late.push(found))
    mock.timers.tick(6000)
    assert.deepEqual(await asked, { trouble: 'nowhere' })
    agree()
    await tick()
    assert.deepEqual([late.length, late[0].place.accuracy_m, late[0].place.datum], [1, 12, 'gcj02'])
  } finally {
    mock.timers.reset()
  }
})

test('a place that comes in time is told once', async () => {
  const { locate } = service('services/locating', { ...storage(), getLocation: async () => got })
  const late = []
  assert.equal((await locate((found) => late.push(found))).place.latitude, 38.4872)
  await tick()
  assert.deepEqual(late, [])
})

const taking = (errMsg) => service('services/taking_photos', { ...storage(), chooseMedia: () => Promise.reject({ errMsg }) }).takePhotos()

test('a camera that may not be used says where to allow it; a closed dialog says nothing', async () => {
  await assert.rejects(taking('chooseMedia:fail auth deny'), { name: 'PhoneWillNot', title: /没有使用相机和相册的权限/ })
  await assert.rejects(taking('chooseMedia:fail system permission denied'), { name: 'PhoneWillNot' })
  assert.deepEqual(await taking('chooseMedia:fail cancel'), [])
  assert.deepEqual(await taking('chooseMedia:fail privacy permission is not authorized'), [])
})

test('a full phone says so, and what to do, for reports and for evidence', async () => {
  const full = () => { throw { errMsg: 'saveFileSync:fail the maximum size of the file storage limit is exceeded' } }
  const shelves = {}
  const load = Service({ ...storage(shelves), env: { USER_DATA_PATH: 'wxfile://usr' }, getFileSystemManager: () => ({ saveFileSync: full }) })
  shelves['draft:d'] = { id: 'd', state: 'writing', photos: [], made_at: '' }
  await assert.rejects(load('services/taking_photos').keepPhotos('d', ['wxfile://tmp_1.jpg']), { name: 'PhoneWillNot', title: /空间满了/ })
  assert.throws(() => load('services/keeping_evidence').keepEvidence(['wxfile://tmp_1.jpg'], 'after', []), { name: 'PhoneWillNot' })
  const { wordsOf } = load('services/refusal')
  const { PhoneWillNot, NO_ROOM } = load('services/refusal')
  assert.deepEqual(wordsOf(new PhoneWillNot(...NO_ROOM)), { title: NO_ROOM[0], hint: NO_ROOM[1] })
})

test('the tenth photo of evidence is told, the ninth is not', () => {
  const { overWords } = service('services/keeping_evidence', storage())
  assert.equal(overWords(9, 0), '')
  assert.equal(overWords(2, 8), '最多9张，有1张没有加上')
  assert.equal(overWords(1, 8), '')
})

test('a duty that was given at the desk shows without a new sign-in', () => {
  const duty = (role) => ({ role, label: role, title: '' })
  const person = { id: 'p', designation: '王科长', duties: [duty('citizen')] }
  const load = Service(storage({ session: { token: 't', person, duties: [], server_time: '' } }))
  const session = load('services/session')
  const { tabs } = load('services/tabs')
  const heard = []
  session.onPerson((one) => heard.push(one.duties.length))
  assert.deepEqual(tabs().map((one) => one.label), ['首页', '我的上报', '消息', '我的'])
  session.learn({ ...person, duties: [duty('commissioner')] })
  session.learn({ ...person, duties: [duty('commissioner')] }) // the same again changes nothing
  assert.deepEqual(tabs().map((one) => one.label), ['首页', '我的上报', '待办', '消息', '我的'])
  assert.deepEqual(heard, [1])
})

test('missions that are too large for a phone’s storage are shown, and as many are kept as have room', async () => {
  const session = { token: 't', person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }
  const shelves = { session }
  const { setStorageSync, ...rest } = storage(shelves)
  const most = (key, value) => {
    if (JSON.stringify(value).length > 1 << 20) throw { errMsg: 'setStorage:fail exceed max size of single key' }
    setStorageSync(key, value)
  }
  const request = ({ url, success }) => {
    const id = url.split('/').at(-1)
    setTimeout(() => success({ statusCode: 200, header: {}, data: { line: { id, title: id }, brief: 'x'.repeat(300_000), tasks: [], stops: [], members: [], summary: '' } }))
  }
  const load = Service({ ...rest, setStorageSync: most, request })
  const { mission, keptMission, keptMissions } = load('services/missions')
  for (const id of ['a', 'b', 'c', 'd', 'e']) assert.equal((await mission(id)).line.id, id)
  assert.deepEqual(['a', 'b', 'c', 'd', 'e'].filter((id) => keptMission(id)), ['c', 'd', 'e'])
  assert.equal(keptMissions().length, 5)
})

test('a list of missions is read on behind what is there, and all of it is kept for where there is no line', async () => {
  const session = { token: 't', person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }
  const asked = []
  const pages = { '': { items: [{ id: 'a' }, { id: 'b' }], cursor: 'b' }, '?cursor=b': { items: [{ id: 'c' }], cursor: null } }
  const request = ({ url, success }) => {
    asked.push(url.split('/missions')[1])
    setTimeout(() => success({ statusCode: 200, header: {}, data: pages[asked.at(-1)] }))
  }
  const { missions, keptMissions } = Service({ ...storage({ session }), request })('services/missions')
  const first = await missions()
  const all = await missions(first.items, first.cursor)
  assert.deepEqual([all.items.map((one) => one.id), all.cursor], [['a', 'b', 'c'], null])
  assert.deepEqual(keptMissions(), all.items)
})
