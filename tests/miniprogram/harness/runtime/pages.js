// The stack of pages, the tab pages beside it, the navigation bar: with the limits and lifetimes of a phone.
const MOST_PAGES = 10
const TAB_BAR = 'custom-tab-bar/index'

export function createPages({ MP, hooks, mount, space, backend, activateSheets, define, errors }) {
  const { app, comps } = MP
  const stack = []
  const tabPages = new Map()
  const tabs = new Set((app.tabBar?.list ?? []).map((tab) => tab.pagePath))
  const shell = add(mount, 'div', 'mp-shell')
  const bar = createBar({ MP, shell, isDeep: () => stack.length > 1, goBack: () => nav.back(1) })

  const call = (page, name, ...told) => {
    try {
      return page.inst[name]?.(...told)
    } catch (error) {
      errors.push(error.stack || String(error))
      console.error(error)
      return undefined
    }
  }
  const parse = (url) => parseUrl(url, stack.at(-1)?.path ?? '')

  const show = (page) => {
    for (const other of [...stack, ...tabPages.values()]) if (other !== page) other.el.style.display = 'none'
    page.el.style.display = ''
    activateSheets(page.path)
    bar.paint(page)
    if (hooks.hash !== false) history.replaceState(null, '', `#/${page.path}${page.rawQuery ? `?${page.rawQuery}` : ''}`)
    call(page, 'onShow')
    page.comp.triggerPageLifetime('show', [])
    page.tabComp?.triggerPageLifetime('show', [])
  }
  const hide = (page) => {
    call(page, 'onHide')
    page.comp.triggerPageLifetime('hide', [])
  }
  const destroy = (page) => {
    call(page, 'onUnload')
    page.inst.setData = () => undefined // an answer that comes after the page has gone changes nothing, as on a phone
    page.root.release()
    page.tabRoot?.release()
    page.el.remove()
  }
  const start = (page) => {
    call(page, 'onLoad', page.query)
    show(page)
    requestAnimationFrame(() => call(page, 'onReady'))
  }
  const attach = (tag, path, parent) => {
    const root = backend.createRoot(tag, space, path)
    root.attach(parent, add(parent, 'i'))
    return root
  }

  const create = ({ path, query, rawQuery }, events) => {
    if (!comps[path] || !MP.pages.includes(path)) throw new Error(`page "${path}" is not found`)
    define(path)
    const el = add(shell, 'div', 'mp-page')
    el.dataset.path = path
    if (comps[path].config.navigationStyle === 'custom') el.dataset.customNav = ''
    const scroller = add(el, 'wx-page')
    const root = backend.createRoot('page-root', space, path)
    const page = { path, query, rawQuery, el, scroller, root, inst: root.get(), comp: root.getComponent(), config: comps[path].config, channel: channelOf(events) }
    Object.assign(page.inst, {
      route: path,
      __route__: path,
      options: query,
      getTabBar: () => page.tabBar,
      getPageId: () => `page-${stack.length}`,
      getOpenerEventChannel: () => page.channel,
    })
    root.attach(scroller, add(scroller, 'i'))
    if (tabs.has(path) && app.tabBar?.custom) withTabBar(page)
    scroller.addEventListener('scroll', () => scrolled(page))
    return page
  }
  // Inside the page, so that the page's variables reach the bar.
  const withTabBar = (page) => {
    define(TAB_BAR)
    page.tabRoot = attach('tab-bar', TAB_BAR, page.scroller)
    page.tabBar = page.tabRoot.get()
    page.tabComp = page.tabRoot.getComponent()
  }
  const scrolled = (page) => {
    const { scrollTop, scrollHeight, clientHeight } = page.scroller
    call(page, 'onPageScroll', { scrollTop })
    if (scrollHeight - scrollTop - clientHeight <= (page.config.onReachBottomDistance ?? 50)) call(page, 'onReachBottom')
  }

  const leave = (page) => { if (tabPages.get(page.path) !== page) destroy(page) }
  const switchTab = (asked) => {
    if (!tabs.has(asked.path)) throw new Error('can not switch to no-tabBar page')
    const top = stack.at(-1)
    if (top?.path === asked.path && stack.length === 1) return
    if (top && tabPages.get(top.path) === top) hide(top)
    while (stack.length) leave(stack.pop())
    const known = tabPages.get(asked.path)
    const page = known ?? create({ ...asked, query: {}, rawQuery: '' })
    tabPages.set(asked.path, page)
    stack.push(page)
    if (known) show(page)
    else start(page)
  }
  const makeRoom = { // what happens to the pages that are there, by how one goes
    navigateTo: () => { if (stack.length) hide(stack.at(-1)) },
    redirectTo: () => { const last = stack.pop(); if (last) leave(last) },
    reLaunch: () => {
      while (stack.length) leave(stack.pop())
      for (const page of tabPages.values()) destroy(page)
      tabPages.clear()
    },
  }

  const nav = {
    stack,
    isTab: (url) => tabs.has(parse(url).path),
    call: (name, ...told) => call(stack.at(-1), name, ...told),
    launchPath: () => app.pages[0],
    current: () => stack.at(-1)?.inst,
    setTitle(words) {
      stack.at(-1).title = words
      bar.paint(stack.at(-1))
    },
    to(url, how, events) {
      const asked = parse(url)
      if (how === 'switchTab') return switchTab(asked)
      if (how !== 'reLaunch' && tabs.has(asked.path)) throw new Error(`can not ${how} a tabbar page`)
      if (how === 'navigateTo' && stack.length >= MOST_PAGES) throw new Error('webview count limit exceed')
      const page = create(asked, events)
      makeRoom[how]()
      if (tabs.has(asked.path)) tabPages.set(asked.path, page)
      stack.push(page)
      start(page)
      return { eventChannel: page.channel }
    },
    back(delta) {
      const steps = Math.min(delta, stack.length - 1)
      if (steps <= 0) return
      for (let i = 0; i < steps; i += 1) leave(stack.pop())
      show(stack.at(-1))
    },
    pull: () => call(stack.at(-1), 'onPullDownRefresh'),
    scrollTo({ selector, scrollTop = 0 }) {
      const { scroller } = stack.at(-1)
      if (selector) scroller.querySelector(selector)?.scrollIntoView()
      else scroller.scrollTop = scrollTop
    },
  }
  return nav
}

function createBar({ MP, shell, isDeep, goBack }) {
  const bar = add(shell, 'div', 'mp-nav')
  const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)')
  const themed = (value) => (String(value).startsWith('@') ? MP.theme?.[dark?.matches ? 'dark' : 'light']?.[value.slice(1)] : value)
  let shown
  const paint = (page) => {
    shown = page
    const window = { ...MP.app.window, ...page.config }
    bar.textContent = ''
    bar.style.display = window.navigationStyle === 'custom' ? 'none' : ''
    bar.style.background = themed(window.navigationBarBackgroundColor) || '#fff'
    bar.style.color = themed(window.navigationBarTextStyle) === 'white' ? '#fff' : '#000'
    shell.style.background = themed(window.backgroundColor) || '#fff'
    if (isDeep()) {
      const button = Object.assign(add(bar, 'button'), { type: 'button', textContent: '‹', onclick: goBack })
      button.setAttribute('aria-label', '返回')
    }
    const title = Object.assign(add(bar, 'span'), { textContent: page.title ?? window.navigationBarTitleText ?? '' })
    title.setAttribute('role', 'heading')
  }
  dark?.addEventListener?.('change', () => shown && paint(shown))
  return { paint }
}

/** A page's address as a phone reads it: the query is not decoded. */
function parseUrl(url, from) {
  const [given, rawQuery = ''] = url.split('?')
  const whole = given.startsWith('/') ? given : [...from.split('/').slice(0, -1), given].join('/')
  const path = []
  for (const part of whole.split('/')) {
    if (part === '..') path.pop()
    else if (part && part !== '.') path.push(part)
  }
  const pairs = rawQuery.split('&').filter(Boolean).map((pair) => {
    const [name, ...value] = pair.split('=')
    return [name, value.join('=')]
  })
  return { path: path.join('/'), query: Object.fromEntries(pairs), rawQuery }
}

function channelOf(events = {}) {
  const ears = {}
  const on = (name, hear) => { (ears[name] ??= []).push(hear) }
  for (const [name, hear] of Object.entries(events)) on(name, hear)
  return { on, once: on, off: (name) => { delete ears[name] }, emit: (name, ...told) => ears[name]?.forEach((hear) => hear(...told)) }
}

function add(parent, tag, className = '') {
  const made = document.createElement(tag)
  if (className) made.className = className
  parent.append(made)
  return made
}
