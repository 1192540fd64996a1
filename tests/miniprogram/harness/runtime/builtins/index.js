// The built-in components that WeChat's base library provides, as far as pages here use them.
import { defineButtons } from './buttons.js'
import { definePicker } from './choosing.js'
import { definer } from './defining.js'
import { defineFields } from './fields.js'
import { definePictures } from './pictures.js'
import { defineScrolling } from './scrolling.js'

/** Define them in the main space; pages do not find those of the adapter's own space. */
export function defineBuiltins(space, templates, host) {
  const define = definer(space, { content: templates['wx-builtin/slot'], groupList: templates })
  defineFields(define)
  definePictures(define, host)
  defineButtons(define, host)
  definePicker(define, host)
  defineScrolling(define)
}
