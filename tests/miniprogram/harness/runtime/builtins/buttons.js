// <button>, <form>, <label>, <navigator>
import * as glassEasel from 'glass-easel'
import { B, el, fire, N, S } from './defining.js'

const PROPERTIES = {
  type: S, size: S, plain: B, disabled: B, loading: B, formType: S, openType: S, hoverClass: S, name: S, lang: S, sessionFrom: S, appParameter: S,
  sendMessageTitle: S, sendMessagePath: S, sendMessageImg: S, showMessageCard: B, hoverStopPropagation: B, hoverStartTime: N, hoverStayTime: N,
}
const WAYS = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch', navigateBack: 'navigateBack' }

export function defineButtons(define, { wx, openType }) {
  define('button', {
    properties: PROPERTIES,
    observers: {
      'type, size, disabled': function () {
        for (const name of ['type', 'size']) if (this.data[name]) el(this).setAttribute(name, this.data[name])
        el(this).toggleAttribute('disabled', !!this.data.disabled)
      },
    },
    lifetimes: {
      attached() {
        if (!el(this).hasAttribute('role')) el(this).setAttribute('role', 'button')
        this.addListener('tap', () => {
          if (this.data.disabled) return
          const form = this.data.formType && el(this).closest('wx-form')?.__wxElement
          if (form && this.data.formType === 'submit') form.submit()
          if (form && this.data.formType === 'reset') fire(form, 'reset', {})
          openType(this, this.data.openType, (name, detail) => fire(this, name, detail))
        })
      },
    },
  })
  define('form', { properties: { reportSubmit: B }, methods: { submit() { fire(this, 'submit', { value: valuesIn(el(this)) }) } } })
  define('label', {
    properties: { for: S },
    lifetimes: {
      attached() {
        this.addListener('tap', () => (this.data.for ? document.getElementById(this.data.for) : el(this).querySelector('input,textarea'))?.focus())
      },
    },
  })
  define('navigator', {
    properties: { url: S, openType: { type: S, value: 'navigate' }, delta: { type: N, value: 1 }, hoverClass: S, target: S },
    lifetimes: {
      attached() {
        el(this).setAttribute('role', 'link')
        this.addListener('tap', () => wx[WAYS[this.data.openType]]({ url: this.data.url, delta: this.data.delta }))
      },
    },
  })
}

function valuesIn(form) {
  const named = [...form.querySelectorAll('*')]
    .map((node) => node.__wxElement)
    .filter((one) => one && glassEasel.Component.isComponent(one) && one.data?.name && 'value' in one.data)
  return Object.fromEntries(named.map((one) => [one.data.name, one.data.value]))
}
