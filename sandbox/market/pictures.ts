import type { Palette, Step, Tone } from './drawing'
import { oval, rect, shape, TONES } from './drawing'
import { HOME } from './motifs-home'
import { KITCHEN } from './motifs-kitchen'
import { PAPERS } from './motifs-paper'
import { ROAD } from './motifs-road'
import { WOOL } from './motifs-wool'

const MOTIFS = { ...KITCHEN, ...HOME, ...PAPERS, ...ROAD, ...WOOL }
export type Motif = keyof typeof MOTIFS
/** What is shown, and in which colours. */
export type Picture = `${Motif}-${Tone}`

/** Walls behind the goods. */
const WALLS: readonly ((palette: Palette, step: Step) => string)[] = [
  (p, step) => oval(step(120, 480), step(110, 180), step(110, 150), step(110, 150), `${p.table}99`),
  p => shape('M120 440V230q0-160 180-160t180 160v210z', `${p.table}88`),
  p => rect(0, 0, 600, 440, `${p.table}44`) + shape('M0 440V300L300 0H600v60L220 440z', '#ffffff44'),
  (p, step) => oval(300, 300, 236, 236, `${p.table}77`) + oval(step(60, 100), step(60, 110), 44, 44, `${p.light}77`),
  p => shape('M0 0h600v180q-150 70-300 0t-300 10z', `${p.table}77`),
]

/** A 600 × 600 picture by its name and a seed: a few flat shapes, the same bytes every time. null: no such picture. */
export function drawPicture(name: string, seed: number): string | null {
  const [motif = '', tone = ''] = name.split('-')
  const draw = Object.entries(MOTIFS).find(([key]) => key === motif)?.[1]
  const palette = Object.entries(TONES).find(([key]) => key === tone)?.[1]
  const wall = WALLS[seed % WALLS.length]
  if (draw === undefined || palette === undefined || wall === undefined)
    return null
  let state = (seed * 2_654_435_761) >>> 0
  const step: Step = (low, high) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.round(low + (state / 2 ** 32) * (high - low))
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600">${rect(0, 0, 600, 600, palette.ground)}${wall(palette, step)}${rect(0, 440, 600, 160, palette.table)}${rect(0, 440, 600, 5, '#ffffff55')}<g transform="translate(-36 -54) scale(1.12)">${oval(300, 500, 220, 22, '#00000016')}${draw(palette, step)}</g></svg>`
}
