// Where the office's server is. A city sets it here (or as ext config of its template) before upload.
let server = 'https://duchatong.invalid'

/** Take the address from the ext config, which the preview and third-party platforms fill in. */
export function chooseServer(): void {
  const ext = wx.getExtConfigSync() as { apiBase?: string }
  if (ext.apiBase !== undefined) server = ext.apiBase
}

/** The whole address of a path of the server; what is whole already stays as it is, a file on this phone too. */
export function addressOf(path: string): string {
  return path.startsWith('/') ? server + path : path
}
