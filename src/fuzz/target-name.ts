/** `codec-dns-message`: how files and folders of a target are called; `./decode.js` is called as `decode.js` is. */
export function pathNameOf(target: string): string {
  const plain = target.replace(/(?<=^|[:/,])(?:\.\/)+/g, '')
  return plain.replace(/[^A-Za-z0-9._]+/g, '-').replace(/^-|-$/g, '')
}
