// <picker>
import { B, fire, keep, S } from './defining.js'

export function definePicker(define, { pick }) {
  define('picker', {
    properties: {
      mode: { type: S, value: 'selector' }, range: { type: Array, value: [] }, rangeKey: S, value: { type: null, value: '' }, start: S, end: S, fields: S,
      disabled: B, name: S, headerText: S,
    },
    lifetimes: {
      attached() {
        this.addListener('tap', async () => {
          if (this.data.disabled) return
          const value = await pick(this.data)
          if (value === undefined) return fire(this, 'cancel', {})
          keep(this, 'value', value)
          fire(this, 'change', { value })
        })
      },
    },
  })
}
