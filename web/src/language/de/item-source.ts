/** Sources of items, and barcodes that name them. */
export const itemSource = {
  'item.scan': 'Barcode',
  'item.scanHint':
    'Code eines Medizinprodukts oder ein eigenes Etikett scannen, oder abtippen, was darunter steht',
  'item.scanIs': 'Das gibt es hier schon:',
  'item.scanLike': '{count, plural, one {Eins dieser Art ist hier:} other {# dieser Art sind hier:}}',
  'item.scanFailed': 'Der Code konnte nicht nachgeschlagen werden. Noch einmal scannen.',
  'palette.scannedOf': 'Gescannt · {class}',
} as const
