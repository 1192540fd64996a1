// wx.* in a browser. What is not here throws, never passes in silence; what a phone refuses is refused.
import { api, fail, listening } from './api.js'
import { createBackground } from './background.js'
import { createFiles, USER } from './files.js'
import { createNetwork } from './network.js'
import { createPictures } from './pictures.js'
import { createSenses } from './senses.js'
import { createStorage } from './storage.js'

export function createWx({ app, hooks, ui, nav }) {
  const ears = listening()
  const files = createFiles(hooks)
  const background = createBackground()
  const senses = createSenses({ app, hooks, ui, files, ears })
  const impl = {
    env: { USER_DATA_PATH: USER },
    ...createStorage(hooks),
    ...createNetwork({ files, ears, background }),
    ...createPictures({ files, ui }),
    ...senses.apis,
    ...factsOf({ hooks, nav, ears }),
    ...screenOf({ ui, nav }),
    getFileSystemManager: () => files.manager,
    getRandomValues: api('getRandomValues', (o) => ({ randomValues: crypto.getRandomValues(new Uint8Array(o.length)).buffer })),
    login: api('login', () => {
      if (hooks.login === 'fail') throw fail('login failed')
      return { code: hooks.loginCode ?? 'test-code' }
    }),
    makePhoneCall: api('makePhoneCall', (o) => ui.modal({ title: '拨打电话', content: o.phoneNumber, showCancel: false })),
    onError: ears.on('error'),
    onAppShow: ears.on('appshow'),
    onAppHide: ears.on('apphide'),
    ...hooks.wx,
  }
  const wx = new Proxy(impl, {
    get(known, name) {
      if (name in known || typeof name === 'symbol' || name === 'then' || name === 'toJSON') return known[name]
      throw new Error(`wx.${String(name)} is not implemented by the harness`)
    },
    has: (known, name) => name in known,
  })
  return { wx, background, emit: ears.emit, agree: senses.agree, chooseAvatar: senses.chooseAvatar, resolveFile: files.resolve, openDb: files.open, settled: files.settled, temporary: files.temporary }
}

/** What a phone knows of itself. */
function factsOf({ hooks, nav, ears }) {
  const dark = matchMedia?.('(prefers-color-scheme: dark)')
  dark?.addEventListener?.('change', () => ears.emit('theme', { theme: dark.matches ? 'dark' : 'light' }))
  const start = () => ({ path: nav.launchPath(), query: {}, scene: 1001, referrerInfo: {} })
  return {
    canIUse: () => true,
    nextTick: (run) => Promise.resolve().then(run),
    getWindowInfo: () => ({ windowWidth: innerWidth, windowHeight: innerHeight - 44, screenWidth: innerWidth, screenHeight: innerHeight, pixelRatio: devicePixelRatio, statusBarHeight: 0, screenTop: 0, safeArea: { left: 0, top: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight } }),
    getAppBaseInfo: () => ({ SDKVersion: '3.8.12', version: '8.0.60', language: 'zh_CN', enableDebug: false, theme: dark?.matches ? 'dark' : 'light', fontSizeSetting: hooks.fontSizeSetting ?? 16, host: { env: 'WeChat', appId: '' } }),
    getDeviceInfo: () => ({ brand: 'devtools', model: 'Chromium', system: 'Android 14', platform: hooks.platform ?? 'android', benchmarkLevel: 30, abi: 'arm64', cpuType: '', memorySize: 8192 }),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' } }),
    getExtConfigSync: () => hooks.ext ?? {},
    getLaunchOptionsSync: start,
    getEnterOptionsSync: start,
    getSetting: api('getSetting', () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true, itemSettings: {} } })),
    openSetting: api('openSetting', () => ({ authSetting: {} })),
    onThemeChange: ears.on('theme'),
    offThemeChange: ears.off('theme'),
    getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
    getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, left: innerWidth - 97, right: innerWidth - 10, top: 6, bottom: 38 }),
    onMenuButtonBoundingClientRectWeightChange() {},
    offMenuButtonBoundingClientRectWeightChange() {},
    onWindowResize: ears.on('resize'),
    offWindowResize: ears.off('resize'),
    onKeyboardHeightChange: ears.on('keyboard'),
    offKeyboardHeightChange: ears.off('keyboard'),
  }
}

/** What shows on the screen: toasts, dialogs, pages. */
function screenOf({ ui, nav }) {
  const going = (how) => api(how, (o) => nav.to(o.url, how, o.events))
  return {
    showToast: api('showToast', (o) => ui.toast(o.title, o.duration ?? 1500)),
    hideToast: api('hideToast', () => ui.hideToast()),
    showLoading: api('showLoading', (o) => ui.toast(o.title, 0)),
    hideLoading: api('hideLoading', () => ui.hideToast()),
    showModal: api('showModal', (o) => ui.modal(o)),
    showActionSheet: api('showActionSheet', async (o) => {
      const tapIndex = await ui.sheet(o.itemList)
      if (tapIndex < 0) throw fail('cancel')
      return { tapIndex }
    }),
    setNavigationBarTitle: api('setNavigationBarTitle', (o) => nav.setTitle(o.title)),
    navigateTo: going('navigateTo'),
    redirectTo: going('redirectTo'),
    switchTab: going('switchTab'),
    reLaunch: going('reLaunch'),
    navigateBack: api('navigateBack', (o) => nav.back(o.delta ?? 1)),
    startPullDownRefresh: api('startPullDownRefresh', () => nav.pull()),
    stopPullDownRefresh: api('stopPullDownRefresh', () => undefined),
    pageScrollTo: api('pageScrollTo', (o) => nav.scrollTo(o)),
    createSelectorQuery: () => nav.current().createSelectorQuery(),
    createIntersectionObserver: (component, options) => component.createIntersectionObserver(options),
    createAnimation: () => new Proxy({}, { get: (_, name, self) => (name === 'export' ? () => ({ actions: [] }) : () => self) }),
    hideKeyboard: api('hideKeyboard', () => document.activeElement?.blur()),
    vibrateShort: api('vibrateShort', () => undefined),
  }
}
