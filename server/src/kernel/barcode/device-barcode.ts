import type { Saying } from '../language/saying.ts'
import { says } from './barcode.reasons.ts'

/** Who issued the identifiers: each has its own way to write them. */
export type Agency = 'gs1' | 'hibcc' | 'iccbba'

/** A point in time, as exactly as the barcode gives it. */
export type Stamp = {
  /** `2020-02-29`: where only the month is given, its last day, as the standards say. */
  readonly date: string
  /** `16:00`, as on the manufacturer's clock, where it is given. */
  readonly time: string | null
  readonly given: 'month' | 'day' | 'hour' | 'minute'
}

/** What the barcode of a device says. A second barcode on the same package may say only a part. */
export type DeviceBarcode = {
  readonly agency: Agency
  /**
   * What a registry knows the model and package by: a GTIN of 14 digits (GS1); labeler, product and unit of measure without flag and check
   * character (HIBCC); processor product identification code, or manufacturer and catalog number (ICCBBA).
   */
  readonly deviceIdentifier: string | null
  readonly lot: string | null
  readonly serial: string | null
  readonly expires: Stamp | null
  readonly made: Stamp | null
  /** The donation that a product of human origin comes from, without its two flag characters. */
  readonly donation: string | null
  readonly quantity: number | null
  /** Whatever else it says: the standard's identifier of the element, and the value as it stands. */
  readonly further: readonly { readonly identifier: string; readonly value: string }[]
}

/** What is wrong, and where: counted from 0 in the text as it was given. */
export type BarcodeFault = { readonly at: number; readonly saying: Saying }

export type ParsedBarcode =
  | { readonly barcode: DeviceBarcode; readonly faults: readonly [] }
  | { readonly barcode: null; readonly faults: readonly BarcodeFault[] }

type Single = Omit<DeviceBarcode, 'agency' | 'further'>

/** The character at a place, whole even where it takes two units. */
export const characterAt = (text: string, at: number): string =>
  String.fromCodePoint(text.codePointAt(at) ?? 0)

/** What people call it. */
export const nameOf: Readonly<Record<keyof Single, Saying>> = {
  deviceIdentifier: says('barcode.name.deviceIdentifier'),
  lot: says('barcode.name.lot'),
  serial: says('barcode.name.serial'),
  expires: says('barcode.name.expires'),
  made: says('barcode.name.made'),
  donation: says('barcode.name.donation'),
  quantity: says('barcode.name.quantity'),
}

/** Collects what is read, and what is wrong with it. */
export type Findings = {
  readonly put: <Name extends keyof Single>(name: Name, value: NonNullable<Single[Name]>, at: number) => void
  readonly note: (identifier: string, value: string) => void
  readonly fault: (at: number, saying: Saying) => void
  readonly parsed: () => ParsedBarcode
}

export const findingsFor = (agency: Agency): Findings => {
  let single: Single = {
    deviceIdentifier: null,
    lot: null,
    serial: null,
    expires: null,
    made: null,
    donation: null,
    quantity: null,
  }
  const further: DeviceBarcode['further'][number][] = []
  const faults: BarcodeFault[] = []
  return {
    put: (name, value, at) => {
      const before = single[name]
      if (before !== null && JSON.stringify(before) !== JSON.stringify(value))
        faults.push({ at, saying: says('barcode.twice', { name: nameOf[name] }) })
      single = { ...single, [name]: value }
    },
    note: (identifier, value) => {
      further.push({ identifier, value })
    },
    fault: (at, saying) => {
      faults.push({ at, saying })
    },
    parsed: () =>
      faults.length > 0
        ? { barcode: null, faults: faults.toSorted((a, b) => a.at - b.at) }
        : { barcode: { agency, ...single, further }, faults: [] },
  }
}
