// How every API of wx answers: by callbacks where some are given, else by a promise, with errMsg as on a phone.
export const fail = (message, extra) => Object.assign(new Error(message), { extra })

export function tellOk(name, options, extra = {}) {
  const told = { errMsg: `${name}:ok`, ...extra }
  options?.success?.(told)
  options?.complete?.(told)
  return told
}

export function tellFail(name, options, error) {
  const told = { errMsg: `${name}:fail ${error?.message ?? error}`, ...error?.extra }
  options?.fail?.(told)
  options?.complete?.(told)
  return told
}

export const api = (name, run) => (options = {}) => {
  const running = Promise.resolve().then(() => run(options))
  if (options.success || options.fail || options.complete) {
    running.then((extra) => tellOk(name, options, extra), (error) => tellFail(name, options, error))
    return undefined
  }
  return running.then((extra) => tellOk(name, null, extra), (error) => Promise.reject(tellFail(name, null, error)))
}

/** Listeners by name: on('network') gives wx.onNetworkStatusChange. */
export function listening() {
  const all = {}
  return {
    on: (kind) => (hear) => { (all[kind] ??= new Set()).add(hear) },
    off: (kind) => (hear) => { hear ? all[kind]?.delete(hear) : all[kind]?.clear() },
    only: (kind) => (hear) => { all[kind] = new Set([hear]) },
    emit: (kind, ...told) => all[kind]?.forEach((hear) => hear(...told)),
    has: (kind) => (all[kind]?.size ?? 0) > 0,
  }
}
