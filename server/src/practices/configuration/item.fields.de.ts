import type { FieldWords } from '../../kernel/filter/language.ts'

/** What items are filtered by, in German; classes, states and attributes bring their words along. */
export const german: FieldWords = {
  labels: {
    text: 'Wörter',
    name: 'Name',
    class: 'Klasse',
    own_class: 'Klasse selbst',
    state: 'Zustand',
    owner: 'verantwortliche Person',
    team: 'betreuendes Team',
    criticality: 'Kritikalität',
    missing: 'fehlende Merkmale',
    incidents: 'Störungen',
    incomplete: 'unvollständig',
    stale: 'veraltet',
    orphans: 'allein stehend',
    duplicates: 'vielleicht doppelt',
    source: 'Quelle',
    created: 'angelegt',
    updated: 'geändert',
    id: 'ID',
  },
  choices: {},
}
