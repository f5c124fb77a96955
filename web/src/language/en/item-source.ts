/** Sources of items, and barcodes that name them. */
export const itemSource = {
  'item.scan': 'Barcode',
  'item.scanHint': 'Scan the code of a medical device or one of our labels, or type what is printed below it',
  'item.scanIs': 'This is already here:',
  'item.scanLike': '{count, plural, one {One like it is here:} other {# like it are here:}}',
  'item.scanFailed': 'The code could not be looked up. Scan it once more.',
  'palette.scannedOf': 'Scanned · {class}',
} as const
