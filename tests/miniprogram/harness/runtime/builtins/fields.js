// <input> and <textarea>
import { B, el, fire, html, keep, N, S, stop } from './defining.js'

const PROPERTIES = {
  value: S, type: S, password: B, placeholder: S, placeholderStyle: S, disabled: B, maxlength: { type: N, value: 140 }, focus: B, autoFocus: B, name: S,
  autoHeight: B, confirmType: S, cursor: { type: N, value: -1 }, fixed: B, adjustPosition: { type: B, value: true }, cursorSpacing: N, cursorColor: S,
  confirmHold: B, selectionStart: { type: N, value: -1 }, selectionEnd: { type: N, value: -1 }, holdKeyboard: B, showConfirmBar: { type: B, value: true },
  disableDefaultPadding: B, alwaysEmbed: B,
}
const KEYBOARDS = { number: 'numeric', digit: 'decimal' }

export function defineFields(define) {
  for (const tag of ['input', 'textarea']) {
    define(tag, {
      hasSlot: false,
      properties: PROPERTIES,
      externalClasses: ['placeholder-class'],
      observers: {
        value(value) {
          if (!this.node || this.node.value === String(value ?? '')) return
          this.node.value = value ?? ''
          this.fit()
        },
        'placeholder, disabled, maxlength, type, password': function () { this.sync() },
        focus(wanted) {
          if (wanted) this.node?.focus()
          else if (document.activeElement === this.node) this.node.blur()
        },
      },
      lifetimes: {
        created() {
          this.node = html(tag)
          el(this).appendChild(this.node)
          hear(this, tag)
        },
        attached() {
          this.sync()
          this.node.value = this.data.value ?? ''
          this.fit()
          if (this.data.focus || this.data.autoFocus) this.node.focus()
        },
      },
      methods: {
        sync() {
          const { node, data } = this
          if (!node) return
          Object.assign(node, { placeholder: data.placeholder || '', disabled: data.disabled })
          if (data.maxlength >= 0) node.maxLength = data.maxlength
          else node.removeAttribute('maxlength')
          if (tag === 'input') Object.assign(node, { type: data.password ? 'password' : 'text', inputMode: KEYBOARDS[data.type] ?? 'text' })
        },
        fit() {
          if (tag !== 'textarea' || !this.data.autoHeight) return
          for (const one of [el(this), this.node]) one.style.height = 'auto'
          const height = `${this.node.scrollHeight}px`
          for (const one of [el(this), this.node]) one.style.height = height
        },
      },
    })
  }
}

// Native events stop here: the built-in raises its own, so that none arrives twice.
function hear(field, tag) {
  const { node } = field
  stop(node, 'input', 'change', 'focus', 'blur', 'keydown', 'click')
  node.addEventListener('input', () => {
    field.fit()
    keep(field, 'value', node.value)
    fire(field, 'input', { value: node.value, cursor: node.selectionStart ?? node.value.length, keyCode: 0 })
  })
  node.addEventListener('change', () => fire(field, 'change', { value: node.value }))
  node.addEventListener('focus', () => fire(field, 'focus', { value: node.value, height: 0 }))
  node.addEventListener('blur', () => fire(field, 'blur', { value: node.value, cursor: node.value.length }))
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && tag === 'input') fire(field, 'confirm', { value: node.value })
  })
}
