// A mini-program that is put aside: after five seconds WeChat ends what is on the line, and lets nothing begin.
const REST_MS = 5000

export function createBackground() {
  const ears = []
  let timer = null
  let isHidden = false
  let cut = false
  return {
    isHidden: () => isHidden,
    isCut: () => cut,
    onCut: (hear) => ears.push(hear),
    hide() {
      isHidden = true
      timer = setTimeout(() => {
        cut = true
        ears.forEach((hear) => hear())
      }, REST_MS)
    },
    show() {
      isHidden = cut = false
      clearTimeout(timer)
    },
  }
}
