// The built-in components that WeChat's base library provides, as far as pages here use them.
import * as glassEasel from 'glass-easel'
import { rpx } from './backend.js'

const S = String, N = Number, B = Boolean
const el = (c) => c.getBackendElement()
const html = (tag, attrs = {}) => Object.assign(document.createElement(tag), attrs)
const DISABLED = Symbol('disabled')

export function defineBuiltins(space, tmpl, host) {
  const slot = { content: tmpl['wx-builtin/slot'], groupList: tmpl }
  const def = (is, o0) => {
    const o = aria({ ...o0, properties: { ...(o0.properties || {}) } })
    const props = o.properties
    for (const k of Object.keys(props)) if (typeof props[k] === 'function' && [S, N, B, Array, Object].includes(props[k])) props[k] = { type: props[k] }
    const d = space.defineComponent({
      is: `wx-builtin/${is}`,
      options: { virtualHost: false, styleScope: 0, dataDeepCopy: 'none', propertyPassingDeepCopy: 'none', ...(o.options || {}) },
      template: o.slot === false ? undefined : slot,
      properties: props,
      externalClasses: o.externalClasses,
      methods: o.methods || {},
      observers: o.observers,
      lifetimes: o.lifetimes || {},
    })
    space.setGlobalUsingComponent(is, d)
    return d
  }
  // Accessibility: every built-in takes aria-*, on its host and on the native control within
  const ARIA = ['Role', 'Label', 'Hidden', 'Labelledby', 'Describedby', 'Disabled', 'Checked', 'Selected', 'Expanded', 'Busy', 'Modal', 'Live', 'Roledescription', 'Valuenow', 'Valuemin', 'Valuemax', 'Valuetext']
  const aria = (o) => {
    const names = ARIA.map((k) => `aria${k}`)
    for (const k of names) o.properties[k] = { type: null, value: null }
    o.observers = { ...o.observers, [names.join(',')]: function () {
      for (const k of names) {
        const v = this.data[k]
        if (v === null || v === undefined) continue
        const attr = `aria-${k.slice(4).toLowerCase()}`
        el(this).setAttribute(attr, v)
        if (this.node && attr === 'aria-label') v ? this.node.setAttribute(attr, v) : this.node.removeAttribute(attr)
      }
    } }
    return o
  }
  const noSlot = { content: () => () => ({ C() {}, B: {} }) }
  const raw = (is, o0) => {
    const o = aria({ ...o0, properties: { ...o0.properties } })
    const d = space.defineComponent({ is: `wx-builtin/${is}`, options: { styleScope: 0, dataDeepCopy: 'none', propertyPassingDeepCopy: 'none' }, template: noSlot, properties: Object.fromEntries(Object.entries(o.properties).map(([k, v]) => [k, typeof v === 'function' ? { type: v } : v])), externalClasses: o.externalClasses, methods: o.methods || {}, observers: o.observers, lifetimes: o.lifetimes })
    space.setGlobalUsingComponent(is, d)
  }
  const fire = (c, name, detail, bubbles = false) => c.triggerEvent(name, detail, { bubbles, composed: bubbles })
  const stop = (n, ...types) => types.forEach((t) => n.addEventListener(t, (e) => e.stopPropagation()))

  // ---- text fields
  const textField = (is, tag) => raw(is, {
    properties: { value: S, type: S, password: B, placeholder: S, placeholderStyle: S, disabled: B, maxlength: { type: N, value: 140 }, focus: B, autoFocus: B, name: S, autoHeight: B, confirmType: S, cursor: { type: N, value: -1 }, fixed: B, adjustPosition: { type: B, value: true }, cursorSpacing: N, cursorColor: S, confirmHold: B, selectionStart: { type: N, value: -1 }, selectionEnd: { type: N, value: -1 }, holdKeyboard: B, showConfirmBar: { type: B, value: true }, disableDefaultPadding: B, alwaysEmbed: B },
    externalClasses: ['placeholder-class'],
    observers: {
      value(v) { if (this.node && this.node.value !== S(v ?? '')) { this.node.value = v ?? ''; this.fit() } },
      'placeholder, disabled, maxlength, type, password': function () { this.sync() },
      focus(v) { if (v) this.node?.focus(); else if (document.activeElement === this.node) this.node.blur() },
    },
    lifetimes: {
      created() {
        const n = (this.node = html(tag))
        el(this).appendChild(n)
        stop(n, 'input', 'change', 'focus', 'blur', 'keydown', 'click')
        n.addEventListener('input', () => {
          this.fit()
          this.replaceDataOnPath(['value'], n.value); this.applyDataUpdates()
          fire(this, 'input', { value: n.value, cursor: n.selectionStart ?? n.value.length, keyCode: 0 })
        })
        n.addEventListener('change', () => fire(this, 'change', { value: n.value }))
        n.addEventListener('focus', () => fire(this, 'focus', { value: n.value, height: 0 }))
        n.addEventListener('blur', () => fire(this, 'blur', { value: n.value, cursor: n.value.length }))
        n.addEventListener('keydown', (e) => { if (e.key === 'Enter' && tag === 'input') fire(this, 'confirm', { value: n.value }) })
      },
      attached() { this.sync(); this.node.value = this.data.value ?? ''; this.fit(); if (this.data.focus || this.data.autoFocus) this.node.focus() },
    },
    methods: {
      sync() {
        const n = this.node, d = this.data
        if (!n) return
        n.placeholder = d.placeholder || ''
        n.disabled = d.disabled
        if (d.maxlength >= 0) n.maxLength = d.maxlength; else n.removeAttribute('maxlength')
        if (tag === 'input') { n.type = d.password ? 'password' : 'text'; n.inputMode = { number: 'numeric', digit: 'decimal', idcard: 'text' }[d.type] || 'text' }
      },
      fit() { if (tag === 'textarea' && this.data.autoHeight) { el(this).style.height = 'auto'; this.node.style.height = 'auto'; const h = `${this.node.scrollHeight}px`; this.node.style.height = h; el(this).style.height = h } },
    },
  })
  textField('input', 'input')
  textField('textarea', 'textarea')

  // ---- pictures
  const FIT = { scaleToFill: 'fill', aspectFit: 'contain', aspectFill: 'cover', center: 'none' }
  raw('image', {
    properties: { src: S, mode: { type: S, value: 'scaleToFill' }, lazyLoad: B, webp: B, showMenuByLongpress: B, fadeIn: B },
    observers: { 'src, mode': function () { this.sync() } },
    lifetimes: {
      created() {
        const n = (this.node = html('img', { alt: '' }))
        el(this).appendChild(n)
        n.addEventListener('load', () => { if (this.data.mode === 'widthFix') el(this).style.height = 'auto'; fire(this, 'load', { width: n.naturalWidth, height: n.naturalHeight }) })
        n.addEventListener('error', () => { if (n.getAttribute('src')) fire(this, 'error', { errMsg: 'image load failed' }) })
      },
      attached() { this.sync() },
    },
    methods: { sync() { const u = host.resolveFile(this.data.src); if (this.url !== u) { this.url = u; if (u) this.node.src = u; else this.node.removeAttribute('src') } this.node.style.objectFit = FIT[this.data.mode] || (this.data.mode.startsWith('width') ? 'fill' : 'cover'); if (this.data.mode === 'widthFix') this.node.style.height = 'auto' } },
  })

  // ---- buttons and forms
  def('button', {
    properties: { type: S, size: S, plain: B, disabled: B, loading: B, formType: S, openType: S, hoverClass: S, name: S, lang: S, sessionFrom: S, appParameter: S, sendMessageTitle: S, sendMessagePath: S, sendMessageImg: S, showMessageCard: B, hoverStopPropagation: B, hoverStartTime: N, hoverStayTime: N },
    observers: { 'type, size, disabled': function () { const e = el(this); for (const k of ['type', 'size']) if (this.data[k]) e.setAttribute(k, this.data[k]); e.toggleAttribute('disabled', !!this.data.disabled); if (!e.hasAttribute('role')) e.setAttribute('role', 'button'); this[DISABLED] = this.data.disabled } },
    lifetimes: {
      attached() {
        const e = el(this)
        if (!e.hasAttribute('role')) e.setAttribute('role', 'button')
        this.addListener('tap', () => {
          if (this.data.disabled) return
          const f = this.data.formType && e.closest('wx-form')?.__wxElement
          if (f && this.data.formType === 'submit') f.submit()
          if (f && this.data.formType === 'reset') fire(f, 'reset', {})
          host.openType(this, this.data.openType, (name, detail) => fire(this, name, detail))
        })
      },
    },
  })
  def('form', { properties: { reportSubmit: B }, methods: { submit() { const value = {}; el(this).querySelectorAll('*').forEach((n) => { const c = n.__wxElement; if (c && glassEasel.Component.isComponent(c) && c.data?.name && 'value' in c.data) value[c.data.name] = c.data.value }); fire(this, 'submit', { value }) } } })
  def('label', { properties: { for: S }, lifetimes: { attached() { this.addListener('tap', (e) => { const t = this.data.for ? document.getElementById(this.data.for) : el(this).querySelector('wx-checkbox,wx-radio,wx-switch'); if (t && e.target.getBackendElement?.() !== t) t.__wxElement?.toggle?.() }) } } })

  // ---- choices
  const check = (is, type, group) => def(is, {
    properties: { value: S, checked: B, disabled: B, color: S, name: S },
    observers: { 'checked, disabled': function () { if (this.node) { this.node.checked = this.data.checked; this.node.disabled = this.data.disabled } } },
    lifetimes: {
      created() { const n = (this.node = html('input', { type })); n.tabIndex = 0; stop(n, 'change', 'input', 'click'); n.addEventListener('change', () => this.commit(n.checked)); el(this).insertBefore(n, el(this).firstChild) },
      attached() { this.node.checked = this.data.checked; this.node.disabled = this.data.disabled },
    },
    methods: {
      toggle() { if (!this.data.disabled) this.commit(type === 'radio' ? true : !this.node.checked) },
      commit(v) {
        this.node.checked = v; this.replaceDataOnPath(['checked'], v); this.applyDataUpdates()
        if (!group) { fire(this, 'change', { value: v }); return }
        const g = el(this).closest(`wx-${group}`)
        if (!g) return
        const items = [...g.querySelectorAll(`wx-${is}`)].map((x) => x.__wxElement)
        if (type === 'radio') items.forEach((x) => { if (x !== this) { x.node.checked = false; x.replaceDataOnPath(['checked'], false); x.applyDataUpdates() } })
        fire(g.__wxElement, 'change', { value: type === 'radio' ? this.data.value : items.filter((x) => x.node.checked).map((x) => x.data.value) })
      },
    },
  })
  check('switch', 'checkbox', '')
  check('checkbox', 'checkbox', 'checkbox-group')
  check('radio', 'radio', 'radio-group')
  def('checkbox-group', { properties: { name: S } })
  def('radio-group', { properties: { name: S } })
  raw('slider', { properties: { value: N, min: N, max: { type: N, value: 100 }, step: { type: N, value: 1 }, disabled: B, name: S }, observers: { 'value,min,max,step,disabled': function () { const n = this.node, d = this.data; if (n) Object.assign(n, { min: d.min, max: d.max, step: d.step, value: d.value, disabled: d.disabled }) } }, lifetimes: { created() { const n = (this.node = html('input', { type: 'range' })); stop(n, 'input', 'change'); n.addEventListener('input', () => fire(this, 'changing', { value: +n.value })); n.addEventListener('change', () => { this.replaceDataOnPath(['value'], +n.value); this.applyDataUpdates(); fire(this, 'change', { value: +n.value }) }); el(this).appendChild(n) } } })
  raw('progress', { properties: { percent: N, showInfo: B, activeColor: S }, observers: { percent(v) { if (this.node) this.node.value = v } }, lifetimes: { created() { this.node = html('progress', { max: 100 }); el(this).appendChild(this.node) } } })
  raw('icon', { properties: { type: S, size: S, color: S }, lifetimes: {} })
  raw('rich-text', { properties: { nodes: { type: null, value: '' }, space: S }, observers: { nodes(v) { el(this).innerHTML = typeof v === 'string' ? v.replace(/<script[\s\S]*?<\/script>|\son\w+="[^"]*"/gi, '') : '' } }, lifetimes: {} })
  raw('canvas', { properties: { type: S, canvasId: S, disableScroll: B }, lifetimes: { created() { this.node = html('canvas'); el(this).appendChild(this.node) } } })

  def('picker', {
    properties: { mode: { type: S, value: 'selector' }, range: { type: Array, value: [] }, rangeKey: S, value: { type: null, value: '' }, start: S, end: S, fields: S, disabled: B, name: S, headerText: S },
    lifetimes: {
      attached() {
        this.addListener('tap', async () => {
          const d = this.data
          if (d.disabled) return
          const v = await host.pick(d)
          if (v === undefined) { fire(this, 'cancel', {}); return }
          this.replaceDataOnPath(['value'], v); this.applyDataUpdates()
          fire(this, 'change', { value: v })
        })
      },
    },
  })
  def('navigator', { properties: { url: S, openType: { type: S, value: 'navigate' }, delta: { type: N, value: 1 }, hoverClass: S, target: S }, lifetimes: { attached() { el(this).setAttribute('role', 'link'); this.addListener('tap', () => { const f = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch', navigateBack: 'navigateBack' }[this.data.openType]; host.wx[f]?.(f === 'navigateBack' ? { delta: this.data.delta } : { url: this.data.url }) }) } } })

  // ---- containers
  def('scroll-view', {
    properties: { scrollX: B, scrollY: B, scrollTop: { type: N, value: 0 }, scrollLeft: N, scrollIntoView: S, scrollWithAnimation: B, upperThreshold: { type: N, value: 50 }, lowerThreshold: { type: N, value: 50 }, enhanced: B, showScrollbar: { type: B, value: true }, enableFlex: B, bounces: B, refresherEnabled: B, refresherTriggered: B, refresherThreshold: N, refresherBackground: S, refresherDefaultStyle: S, enableBackToTop: B, enablePassive: B, fastDeceleration: B, pagingEnabled: B, scrollAnchoring: B, usingSticky: B },
    observers: {
      'scrollX, scrollY': function () { const s = el(this).style; s.overflowX = this.data.scrollX ? 'auto' : 'hidden'; s.overflowY = this.data.scrollY ? 'auto' : 'hidden' },
      scrollTop(v) { el(this).scrollTop = v }, scrollLeft(v) { el(this).scrollLeft = v },
      scrollIntoView(v) { if (v) setTimeout(() => el(this).querySelector(`#${CSS.escape(v)}`)?.scrollIntoView(), 0) },
    },
    lifetimes: { attached() { const e = el(this); const s = e.style; s.overflowX = this.data.scrollX ? 'auto' : 'hidden'; s.overflowY = this.data.scrollY ? 'auto' : 'hidden'; e.addEventListener('scroll', () => { fire(this, 'scroll', { scrollTop: e.scrollTop, scrollLeft: e.scrollLeft, scrollHeight: e.scrollHeight, scrollWidth: e.scrollWidth, deltaX: 0, deltaY: 0 }); if (e.scrollHeight - e.scrollTop - e.clientHeight <= this.data.lowerThreshold) fire(this, 'scrolltolower', { direction: 'bottom' }); if (e.scrollTop <= this.data.upperThreshold) fire(this, 'scrolltoupper', { direction: 'top' }) }) } },
  })
  def('swiper', {
    properties: { current: N, autoplay: B, circular: B, vertical: B, interval: N, duration: N, indicatorDots: B, displayMultipleItems: N, previousMargin: S, nextMargin: S, easingFunction: S, snapToEdge: B, indicatorColor: S, indicatorActiveColor: S, disableTouch: B },
    observers: { current() { this.lay() } },
    lifetimes: { ready() { this.lay(); new MutationObserver(() => this.lay()).observe(el(this), { childList: true }) } },
    methods: { lay() { [...el(this).querySelectorAll(':scope > wx-swiper-item')].forEach((n, i) => { n.style.transform = `translateX(${(i - this.data.current) * 100}%)` }) } },
  })
  def('swiper-item', { properties: { itemId: S, skipHiddenItemLayout: B } })
  def('root-portal', { properties: { enable: B } })
  def('page-container', { properties: { show: B } })
  for (const t of ['video', 'map', 'camera', 'web-view', 'open-data', 'ad', 'live-player', 'official-account']) raw(t, { properties: { src: S, controls: B, autoplay: B, poster: S, latitude: N, longitude: N, scale: N, markers: Array, type: S }, lifetimes: {} })
  void rpx
}
