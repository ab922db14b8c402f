/** Marks what came in by an address: it names no order. */
export const BY_ADDRESS = { by: 'address' } as const
export const isByAddress = ({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }): boolean => metadata['by'] === BY_ADDRESS.by
