/** Pictures of the demo market, drawn by the project: a few shapes on a warm ground, varied by a seed. */
export type Motif = 'jar' | 'mug' | 'print' | 'candle' | 'book' | 'bag' | 'seeds' | 'record' | 'bowl' | 'soap' | 'file' | 'scarf' | 'bottle' | 'knife' | 'plant' | 'box'

interface Palette { readonly ground: string, readonly table: string, readonly main: string, readonly deep: string, readonly light: string }

const PALETTES: readonly Palette[] = [
  { ground: '#f3e7d3', table: '#e2cfae', main: '#c9822b', deep: '#7a4a17', light: '#f6d38f' },
  { ground: '#e6ebe2', table: '#cdd8c6', main: '#5f7f5a', deep: '#2f4a33', light: '#b9cfa9' },
  { ground: '#f1e1dc', table: '#e0c6bd', main: '#b4553f', deep: '#6d2c22', light: '#eab09b' },
  { ground: '#e2e8ec', table: '#c8d3da', main: '#4a6c85', deep: '#25404f', light: '#a9c4d4' },
  { ground: '#efe6ef', table: '#dccddc', main: '#7d5a80', deep: '#46304a', light: '#c8aecb' },
  { ground: '#f4ecd8', table: '#e6d7b2', main: '#d0a238', deep: '#75591a', light: '#f2dc9c' },
]

type Draw = (palette: Palette, step: (low: number, high: number) => number) => string

const rect = (x: number, y: number, width: number, height: number, fill: string, round = 0): string => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}"/>`
const oval = (x: number, y: number, across: number, down: number, fill: string): string => `<ellipse cx="${x}" cy="${y}" rx="${across}" ry="${down}" fill="${fill}"/>`
const line = (path: string, stroke: string, width: number): string => `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
const shape = (path: string, fill: string): string => `<path d="${path}" fill="${fill}"/>`

const MOTIFS: Readonly<Record<Motif, Draw>> = {
  jar: (p, step) => {
    const top = step(190, 240)
    return rect(190, top, 220, 470 - top, p.main, 34) + rect(206, top + 60, 188, 380 - top, p.light, 26) + rect(200, top - 44, 200, 52, p.deep, 14) + rect(232, top + 90, 136, 92, p.ground, 10) + line(`M256 ${top + 122}h88M256 ${top + 150}h56`, p.main, 8)
  },
  mug: (p, step) => rect(180, 220, 200, 230, p.main, 40) + line('M380 268c76-14 84 112 0 108', p.main, 28) + oval(280, 226, 100, 26, p.deep) + oval(280, 228, 82, 17, p.light) + line(`M240 ${step(130, 150)}c-18 24 18 34 0 60M300 ${step(120, 140)}c-18 24 18 34 0 64`, p.table, 12),
  print: (p, step) => {
    const sun = step(250, 350)
    return rect(150, 110, 300, 380, p.deep, 6) + rect(166, 126, 268, 348, p.ground) + oval(sun, 240, 54, 54, p.main) + shape(`M166 ${step(340, 370)}q80-70 150-20t118-30V474H166z`, p.light) + shape(`M166 ${step(390, 410)}q90-50 160 0t108-20V474H166z`, p.main)
  },
  candle: (p, step) => {
    const top = step(210, 260)
    return rect(226, top, 148, 470 - top, p.light, 16) + rect(226, 400, 148, 70, p.main, 16) + line(`M300 ${top}v-34`, p.deep, 8) + shape(`M300 ${top - 110}c44 46 30 80 0 84c-30-4-44-38 0-84z`, p.main) + shape(`M300 ${top - 76}c20 24 14 42 0 46c-14-4-20-22 0-46z`, p.ground)
  },
  book: (p, step) => shape('M130 200c70-24 130-20 170 16v270c-40-36-100-40-170-16z', p.main) + shape('M470 200c-70-24-130-20-170 16v270c40-36 100-40 170-16z', p.light) + line(`M170 ${step(252, 262)}c38-8 66-4 92 10M170 308c38-8 66-4 92 10M338 262c38-14 66-16 92-10M338 318c38-14 66-16 92-10`, p.deep, 8),
  bag: (p, step) => shape('M190 210h220l34 260a20 20 0 0 1-20 22H176a20 20 0 0 1-20-22z', p.main) + line(`M240 ${step(236, 250)}c0-130 120-130 120 0`, p.deep, 18) + rect(232, 330, 136, 84, p.light, 10),
  seeds: (p, step) => shape('M190 150h220v330a14 14 0 0 1-14 14H204a14 14 0 0 1-14-14z', p.ground) + rect(190, 150, 220, 74, p.main) + line(`M300 ${step(440, 460)}V300`, p.deep, 10) + shape('M300 330c-70 4-92-44-84-88c52 4 88 32 84 88z', p.main) + shape('M300 380c64 0 84-40 78-80c-48 2-80 28-78 80z', p.light),
  record: (p, step) => rect(130, 150, 290, 320, p.light, 6) + oval(350, 310, 150, 150, p.deep) + oval(350, 310, step(104, 116), step(104, 116), '#00000033') + oval(350, 310, 52, 52, p.main) + oval(350, 310, 9, 9, p.ground),
  bowl: (p, step) => shape('M140 270h320c0 120-70 190-160 190s-160-70-160-190z', p.main) + oval(300, 270, 160, step(34, 44), p.deep) + oval(300, 274, 132, 27, p.light) + rect(244, 452, 112, 24, p.deep, 10),
  soap: (p, step) => rect(150, 270, 300, 170, p.light, 54) + rect(186, 302, 228, 106, p.ground, 36) + line('M230 356h140', p.main, 10) + oval(200, step(190, 215), 34, 34, `${p.main}88`) + oval(270, step(150, 180), 22, 22, `${p.light}cc`) + oval(372, step(200, 222), 28, 28, `${p.main}55`),
  file: (p, step) => shape('M190 120h160l80 80v290a16 16 0 0 1-16 16H190a16 16 0 0 1-16-16V136a16 16 0 0 1 16-16z', p.ground) + shape('M350 120l80 80h-80z', p.light) + line(`M226 270h148M226 322h${step(100, 148)}M226 374h${step(60, 120)}`, p.main, 14) + oval(400, 440, 58, 58, p.main) + line('M400 412v46m-22-20l22 24l22-24', p.ground, 12),
  scarf: (p, step) => shape('M170 170q130 90 260 0l26 70q-156 110-312 0z', p.main) + shape('M350 236l70-30l40 260h-80z', p.deep) + shape('M300 256l70-10l-6 230h-84z', p.main) + line(`M286 ${step(400, 420)}h78M284 440h80`, p.light, 12),
  bottle: (p, step) => shape(`M262 130h76v80c0 34 58 50 58 110v150a24 24 0 0 1-24 24H228a24 24 0 0 1-24-24V320c0-60 58-76 58-110z`, p.main) + rect(254, 104, 92, 40, p.deep, 8) + rect(204, step(330, 344), 192, 100, p.ground) + line('M238 372h124M238 400h70', p.main, 8),
  knife: (p, step) => shape('M150 320q170-140 330-150q-60 130-210 190z', p.light) + shape(`M150 320l120 40l-80 ${step(92, 104)}a30 30 0 0 1-50-14z`, p.deep) + oval(196, 392, 8, 8, p.ground) + oval(214, 358, 8, 8, p.ground),
  plant: (p, step) => shape('M210 350h180l-26 130a18 18 0 0 1-18 14h-92a18 18 0 0 1-18-14z', p.main) + rect(198, 326, 204, 44, p.deep, 10) + line('M300 326V200', p.deep, 10) + shape(`M300 ${step(250, 262)}c-94 0-118-66-104-118c64 8 108 48 104 118z`, p.light) + shape('M300 226c84 0 106-58 94-108c-58 6-98 44-94 108z', p.main),
  box: (p, step) => shape('M140 240l160-70l160 70v190l-160 74l-160-74z', p.main) + shape('M140 240l160 74l160-74l-160-70z', p.light) + shape('M300 314v190l160-74V240z', p.deep) + line(`M220 ${step(202, 208)}l160 72v60`, p.ground, 14),
}

/** A 600 × 600 picture; the same motif and seed give the same bytes. */
export function drawPicture(motif: Motif, seed: number): string {
  let state = (seed * 2_654_435_761) >>> 0
  const step = (low: number, high: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.round(low + (state / 2 ** 32) * (high - low))
  }
  const palette = PALETTES[seed % PALETTES.length] ?? PALETTES[0]
  if (palette === undefined)
    return ''
  const tilt = step(-3, 3)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600">${rect(0, 0, 600, 600, palette.ground)}${oval(step(80, 200), step(60, 140), step(120, 200), step(90, 150), `${palette.table}88`)}${rect(0, 440, 600, 160, palette.table)}${oval(300, 492, 200, 22, '#00000014')}<g transform="rotate(${tilt} 300 300)">${MOTIFS[motif](palette, step)}</g></svg>`
}
