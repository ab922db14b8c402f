import type { Draw } from './drawing'
import { GLOSS, leaf, line, many, oval, PAPER, rect, SHADE, shape, turned, WOOD } from './drawing'

/** Rows of stitches between two heights. */
const stitches = (left: number, right: number, top: number, rows: number, colour: string): string =>
  many(rows, row => many(Math.floor((right - left) / 26), at => line(`M${left + at * 26} ${top + row * 28}l13 12l13-12`, colour, 5)))

/** Spun, knitted, felted. */
export const WOOL = {
  skein: (p, step) => many(7, at => line(`M${190 + at * 6} ${220 + at * 26}q110 ${step(-46, -34)} 220 0q40 30 0 60q-110 46-220 0`, at % 2 ? p.main : p.light, 24)) + rect(250, 190, 100, 290, PAPER, 10) + rect(250, 190, 100, 60, p.deep, 10) + leaf(300, 400, 90, 0, p.main, p.deep) + line('M272 426h56M272 448h40', p.light, 8),
  yarn: (p, step) => oval(300, 350, 140, 136, p.main) + many(6, at => line(`M${190 + at * 12} ${280 + at * 26}q100-${60 + step(0, 10)} 210 ${10 - at * 6}`, at % 2 ? p.light : p.deep, 9)) + many(5, at => line(`M${216 + at * 32} 244q-50 100 ${10 + at * 6} 226`, p.light, 7)) + oval(250, 290, 40, 30, GLOSS) + line('M420 440q70 50 20 64t-180-6', p.main, 11),
  needles: (p, step) => turned(step(28, 34), 300, 320, rect(290, 90, 16, 380, WOOD, 8) + oval(298, 88, 18, 18, p.deep)) + turned(step(-34, -28), 300, 320, rect(294, 90, 16, 380, '#d6b27c', 8) + oval(302, 88, 18, 18, p.deep)) + shape('M214 330h172v130q-86 40-172 0z', p.main) + stitches(222, 384, 346, 4, p.light),
  mittens: (p, step) => [[-9, 200, p.main], [11, 400, p.deep]].map(([degrees, x, fill]) => turned(Number(degrees) + step(-2, 2), Number(x), 330, shape(`M${Number(x) - 74} 440V260q0-110 74-110t74 110v30q50-60 70-20q14 40-70 100v70z`, String(fill)) + stitches(Number(x) - 64, Number(x) + 66, 250, 4, p.light) + rect(Number(x) - 82, 430, 164, 58, p.light, 14) + many(6, at => rect(Number(x) - 70 + at * 26, 438, 8, 42, SHADE, 4)))).join(''),
  hat: (p, step) => many(14, at => turned(at * 26, 300, 166, rect(292, 108, 16, 60, at % 2 ? p.light : PAPER, 8))) + shape('M150 420q0-236 150-236t150 236z', p.main) + shape('M150 420q0-190 90-226q-40 90-40 226z', GLOSS) + stitches(178, 424, step(286, 294), 3, p.light) + rect(130, 400, 340, 84, p.deep, 22) + many(12, at => rect(148 + at * 26, 408, 10, 68, SHADE, 5)),
  slippers: (p, step) => [[0, 0], [70, 74]].map(([x = 0, y = 0]) => shape(`M${90 + x} ${380 + y}q0-90 90-96q60 0 90 40q120 ${step(10, 18)} 150 70q10 40-40 40H150q-60 0-60-54z`, p.main) + oval(192 + x, 336 + y, 82, 36, p.deep) + oval(192 + x, 340 + y, 66, 26, p.light) + line(`M${106 + x} ${418 + y}h300`, p.light, 7)).join(''),
  blanket: (p, step) => [0, 1, 2].map(at => rect(130, 400 - at * 84, 340, 88, at % 2 ? p.light : p.main, 30) + line(`M150 ${430 - at * 84}h300M150 ${454 - at * 84}h300`, at % 2 ? p.main : p.deep, 8)).join('') + oval(456, 276, 26, 44, SHADE) + many(14, at => line(`M${148 + at * 23} 486v${step(16, 24)}`, p.deep, 6)),
  cushion: (p, step) => shape('M150 190q150 26 300 0q40-4 36 36q-26 110 0 220q4 44-36 40q-150-26-300 0q-40 4-36-40q26-110 0-220q-4-40 36-36z', p.main) + shape('M150 190q60 10 110 12q-70 130-116 284q-34-4-30-40q26-110 0-220q-4-40 36-36z', GLOSS) + many(4, at => shape(`M300 ${220 + at * 62}l${step(88, 96)} 31l-92 31l-92-31z`, at % 2 ? p.light : p.deep)),
  pattern: p => turned(5, 300, 310, rect(158, 116, 290, 370, SHADE, 6) + rect(150, 108, 290, 370, PAPER, 6) + rect(178, 140, 150, 20, p.main, 6) + many(81, at => ((at * 7 + Math.floor(at / 9) * 5) % 4 < 2 ? rect(184 + (at % 9) * 25, 184 + Math.floor(at / 9) * 25, 22, 22, (at + Math.floor(at / 9)) % 2 ? p.main : p.light) : '')) + line('M180 432h220M180 452h140', p.light, 8)),
} satisfies Readonly<Record<string, Draw>>
