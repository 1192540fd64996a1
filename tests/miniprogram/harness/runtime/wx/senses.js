// Camera, place, codes and subscriptions: what a phone asks its owner for, and what it refuses.
import { api, fail } from './api.js'
import { compressed } from './pictures.js'

const MOST_TEMPLATES = 3
const COPIED_MS = 1500

export function createSenses({ app, hooks, ui, files, ears }) {
  const consent = `mp-consent:${hooks.owner ?? ''}` // WeChat remembers it beside the mini-program's own storage
  let agreed = hooks.privacyAgreed ?? localStorage.getItem(consent) !== null
  let clipboard = ''
  const agree = () => { agreed = true; localStorage.setItem(consent, '1') }
  // With __usePrivacyCheck__ the first use of a private API waits until a page has asked the person.
  const privacy = async (name) => {
    if (!app.__usePrivacyCheck__ || agreed) return
    if (!ears.has('privacy')) throw fail('api scope is not declared in the privacy agreement', { errno: 104 })
    const answer = await new Promise((resolve) => ears.emit('privacy', resolve, { referrer: name }))
    if (answer?.event !== 'agree') throw fail('privacy permission is not authorized', { errno: 104 })
    agree()
  }
  const declared = (name) => {
    if (!(app.requiredPrivateInfos ?? []).includes(name)) throw fail('the api need to be declared in the requiredPrivateInfos field in app.json/ext.json')
  }

  const pick = (count) => new Promise((resolve, reject) => {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: 'image/*', multiple: count > 1 })
    input.onchange = () => resolve([...input.files].slice(0, count))
    input.oncancel = () => reject(fail('cancel'))
    input.click()
  })
  const asTemporary = async (picked, isOriginal = true) => {
    const original = { bytes: new Uint8Array(await picked.arrayBuffer()), type: picked.type }
    const file = isOriginal ? original : await compressed(original)
    return { tempFilePath: files.temporary(file, file === original ? picked.name : 'a.jpg'), size: file.bytes.length, fileType: 'image', width: 0, height: 0 }
  }
  // Where a page allows both, the person has to tick "original", which few do.
  const keepsOriginal = (sizeType = ['original', 'compressed']) => !sizeType.includes('compressed')
  const position = () => new Promise((resolve, reject) => {
    const refuse = (error) => reject(fail(error.code === 1 ? 'auth deny' : 'system error'))
    navigator.geolocation.getCurrentPosition(resolve, refuse, { timeout: 5000 })
  })

  return {
    agree,
    chooseAvatar: async () => (await asTemporary((await pick(1))[0])).tempFilePath,
    apis: {
      chooseMedia: api('chooseMedia', async (o) => {
        await privacy('chooseMedia')
        return { type: 'image', tempFiles: await Promise.all((await pick(o.count ?? 9)).map((one) => asTemporary(one, keepsOriginal(o.sizeType)))) }
      }),
      chooseMessageFile: api('chooseMessageFile', async (o) => {
        await privacy('chooseMessageFile')
        return { tempFiles: (await Promise.all((await pick(o.count ?? 1)).map((one) => asTemporary(one)))).map((one) => ({ path: one.tempFilePath, size: one.size, name: 'file', type: 'file' })) }
      }),
      openLocation: api('openLocation', (o) => {
        if (typeof o.latitude !== 'number' || typeof o.longitude !== 'number') throw fail('invalid coordinates')
        return ui.modal({ title: o.name || '位置', content: '微信在这里打开地图。', showCancel: false })
      }),
      scanCode: api('scanCode', async () => {
        const result = hooks.scanned ?? (await ui.ask('扫码（预览里请输入码的内容）'))
        if (!result) throw fail('cancel')
        return { result, scanType: 'QR_CODE', charSet: 'utf-8', path: '' }
      }),
      getLocation: api('getLocation', async () => {
        declared('getLocation')
        await privacy('getLocation')
        const { coords } = await position()
        return { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy, horizontalAccuracy: coords.accuracy, verticalAccuracy: 0, altitude: 0, speed: -1 }
      }),
      requestSubscribeMessage: api('requestSubscribeMessage', async (o) => {
        if (!o.tmplIds?.length || o.tmplIds.length > MOST_TEMPLATES) throw fail('TmplIds length invalid', { errCode: 20003 })
        if (!hooks.inTap?.()) throw fail('can only be invoked by user TAP gesture.', { errCode: 20002 })
        const answer = hooks.subscribe ?? (await ui.subscribe(o.tmplIds))
        return Object.fromEntries(o.tmplIds.map((one) => [one, answer]))
      }),
      setClipboardData: api('setClipboardData', async (o) => {
        await privacy('setClipboardData')
        clipboard = o.data
        await globalThis.navigator?.clipboard?.writeText(o.data).catch(() => undefined)
        ui.toast('内容已复制', COPIED_MS) // WeChat's own words, whether the page wants them or not
      }),
      getClipboardData: api('getClipboardData', async () => {
        await privacy('getClipboardData')
        return { data: clipboard }
      }),
      getPrivacySetting: api('getPrivacySetting', () => ({ needAuthorization: !!app.__usePrivacyCheck__ && !agreed, privacyContractName: '《用户隐私保护指引》' })),
      requirePrivacyAuthorize: api('requirePrivacyAuthorize', () => privacy('requirePrivacyAuthorize')),
      openPrivacyContract: api('openPrivacyContract', () => ui.modal({ title: '《用户隐私保护指引》', content: '由微信显示小程序登记的指引。', showCancel: false })),
      onNeedPrivacyAuthorization: ears.only('privacy'),
    },
  }
}
