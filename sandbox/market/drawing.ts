/** Flat shapes on a 600 × 600 sheet; coordinates in its units. */
export interface Palette { readonly ground: string, readonly table: string, readonly main: string, readonly deep: string, readonly light: string }
/** A whole number between two others, the same for the same picture. */
export type Step = (low: number, high: number) => number
export type Draw = (palette: Palette, step: Step) => string

export type Tone = 'amber' | 'moss' | 'clay' | 'sea' | 'plum' | 'straw' | 'cream' | 'indigo' | 'bark' | 'rose' | 'tea'
export const TONES: Readonly<Record<Tone, Palette>> = {
  amber: { ground: '#f6e8cf', table: '#e6cfa4', main: '#d18a26', deep: '#7a4a17', light: '#f4c565' },
  moss: { ground: '#e8ede1', table: '#cfdac5', main: '#65855a', deep: '#30482f', light: '#b5cc9f' },
  clay: { ground: '#f4e3da', table: '#e3c8b9', main: '#b95d40', deep: '#6b2f20', light: '#e9ae92' },
  sea: { ground: '#e3eaee', table: '#c7d5dd', main: '#4b7089', deep: '#244152', light: '#a8c6d6' },
  plum: { ground: '#f0e6ec', table: '#dccad6', main: '#85577a', deep: '#482c43', light: '#cdabc2' },
  straw: { ground: '#f6efd9', table: '#e8dcb4', main: '#cfa640', deep: '#76601f', light: '#f0db95' },
  cream: { ground: '#ece5da', table: '#d8cbb8', main: '#f7f1e6', deep: '#8c7b66', light: '#fffdf8' },
  indigo: { ground: '#e7e8f1', table: '#cbcee0', main: '#3d4a86', deep: '#212850', light: '#9aa5d8' },
  bark: { ground: '#efe4d7', table: '#d9c4aa', main: '#8c5a34', deep: '#4a2c17', light: '#c99a6c' },
  rose: { ground: '#f7e5e3', table: '#e8cbc7', main: '#c4626a', deep: '#702f38', light: '#efb4b3' },
  tea: { ground: '#edefdc', table: '#d7dcb9', main: '#8a9a3c', deep: '#454f1b', light: '#c9d385' },
}

export const WOOD = '#c0915f'
export const DARK_WOOD = '#8d6239'
export const SHADE = '#0000001c'
export const GLOSS = '#ffffff66'
export const PAPER = '#fffaf0'

export const rect = (x: number, y: number, width: number, height: number, fill: string, round = 0): string => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}"/>`
export const oval = (x: number, y: number, across: number, down: number, fill: string): string => `<ellipse cx="${x}" cy="${y}" rx="${across}" ry="${down}" fill="${fill}"/>`
export const ring = (x: number, y: number, radius: number, stroke: string, width: number): string => `<circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="${stroke}" stroke-width="${width}"/>`
export const line = (path: string, stroke: string, width: number): string => `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
export const shape = (path: string, fill: string): string => `<path d="${path}" fill="${fill}"/>`
export const turned = (degrees: number, x: number, y: number, ...parts: readonly string[]): string => `<g transform="rotate(${degrees} ${x} ${y})">${parts.join('')}</g>`
export const moved = (x: number, y: number, scale: number, ...parts: readonly string[]): string => `<g transform="translate(${x} ${y}) scale(${scale})">${parts.join('')}</g>`
export const many = (count: number, draw: (at: number) => string): string => Array.from({ length: count }, (_, at) => draw(at)).join('')

export const leaf = (x: number, y: number, size: number, degrees: number, fill: string, vein: string): string =>
  turned(degrees, x, y, shape(`M${x} ${y}q${size * 0.5}-${size * 0.55} 0-${size}q-${size * 0.5} ${size * 0.45} 0 ${size}z`, fill), line(`M${x} ${y}v-${size * 0.7}`, vein, 4))
export const flame = (x: number, y: number, size: number): string =>
  oval(x, y - size * 0.5, size * 0.85, size * 0.95, '#ffd98a44') + shape(`M${x} ${y - size}q${size * 0.5} ${size * 0.55} ${size * 0.28} ${size * 0.85}q-${size * 0.28} ${size * 0.28}-${size * 0.56} 0q-${size * 0.22}-${size * 0.3} ${size * 0.28}-${size * 0.85}z`, '#f0a53a') + oval(x, y - size * 0.16, size * 0.14, size * 0.24, '#fff1c4')
/** A wick and its flame on top of wax. */
export const lit = (x: number, top: number, size = 74): string => line(`M${x} ${top}v-20`, '#4a3a2a', 6) + flame(x, top - 18, size)
