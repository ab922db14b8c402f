/** What a line of an order is called, with which one of several it is: `Linen shirt (size M)`. */
export const lineName = ({ name, variant }: { readonly name: string, readonly variant?: string | undefined }): string =>
  variant === undefined || variant === '' ? name : `${name} (${variant})`
