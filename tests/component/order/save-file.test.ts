import { afterEach, expect, test, vi } from 'vitest'
import { saveFile } from '../../../src/components/save-file'

afterEach(() => { vi.restoreAllMocks() })

test('a text is offered under its name, as it is', async () => {
  const offered: Blob[] = []
  const clicked: { readonly name: string, readonly href: string }[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    offered.push(blob as Blob)
    return 'blob:offered'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push({ name: this.download, href: this.href })
  })
  saveFile('key.txt', 'ncryptsec1…', 'text/plain')
  expect(clicked).toEqual([{ name: 'key.txt', href: 'blob:offered' }])
  expect(await offered[0]?.text()).toBe('ncryptsec1…')
})
