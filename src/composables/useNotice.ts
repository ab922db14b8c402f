import { Notify } from 'quasar'
import words from '../locales/messages.en.json'

/** How long a notice stays; one that offers an undo stays longer. */
const DONE_MS = 4_000
const UNDO_MS = 8_000
const PROBLEM_MS = 10_000

/** Short words about what was just done, at the edge of the screen, spoken to screen readers. */
export function useNotice() {
  return {
    done(text: string, { undo }: { readonly undo?: () => void } = {}): void {
      Notify.create({
        message: text,
        timeout: undo === undefined ? DONE_MS : UNDO_MS,
        ...(undo !== undefined && { actions: [{ label: words.notice.undo, handler: undo }] }),
      })
    },
    problem(text: string): void {
      Notify.create({ message: text, timeout: PROBLEM_MS, type: 'negative', attrs: { role: 'alert' }, actions: [{ label: words.notice.close }] })
    },
  }
}
