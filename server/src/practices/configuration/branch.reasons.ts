import { sayings } from '../../kernel/language/saying.ts'
import { german } from './branch.reasons.de.ts'

export const english = {
  owner: 'this branch is planned by {name}',
  changed: 'somebody changed this branch in the meantime',
  'closed.applied': 'this branch was applied and is closed',
  'closed.discarded': 'this branch was discarded and is closed',
  'steps.most': 'a branch holds at most {most} steps; plan the rest in another one',
  'edit.nothing': 'say what would change',
  'relation.none': 'there is no such relation now',
  'make.needed': '{count, plural, one {# other step stands} other {# other steps stand}} on this item',
  'step.make': 'new: {name} ({label})',
  'step.edit': '{name} would have {values}',
  'step.noValue': 'no {label}',
  'step.rename': 'the name {name}',
  'step.move': '{name} would be {state}',
  'step.quorum': '{name} would need {need} of its members',
  'step.relate': 'new: {name} {words} {other}',
  'step.unrelate': 'no longer: {name} {words} {other}',
  'step.down': '{name} would be down',
  'step.degraded': '{name} would be impaired',
  'drift.merged': '{name} was merged into another item since',
  'drift.retired': '{name} was retired since',
  'drift.state': '{name} is {state} now, which does not allow this',
  'drift.value': '{label} of {name} was changed since, from {before} to {after}',
  'drift.valueHidden': 'something of {name} was changed since',
  'drift.need': 'how many members {name} needs was changed since',
  'drift.related': 'this relation is there already',
  'drift.ended': 'this relation ended since',
  'drift.class': 'the class {label} takes no new items any more',
  'drift.gone': 'this item is not there',
  'drift.short': '{name} needs {wanted} members and would have only {size}',
  nothing: 'nothing',
  'conflict.both': '{one} and {other} both change {name}',
  'conflict.attribute': '{one} and {other} both change {label} of {name}',
  'conflict.move': '{one} and {other} both change the state of {name}',
  'conflict.quorum': '{one} and {other} both change how many members {name} needs',
  'conflict.gone': '{one} takes {name} out of use, and {other} plans something else for it',
  'conflict.relation': '{one} and {other} both end that {name} {words} {target}',
  'conflict.same': '{one} and {other} both say that {name} {words} {target}',
  'reserve.lost':
    'from {before} of {beforeSize} down to {after} of {afterSize}, {need} needed: {spare, plural, =0 {no reserve left} one {# to spare} other {# to spare}}',
  'reserve.down': 'from {before} of {beforeSize} down to {after} of {afterSize}, {need} needed: not enough',
  'reserve.gained':
    'from {before} of {beforeSize} up to {after} of {afterSize}, {need} needed: {spare, plural, =0 {no reserve yet} one {# to spare} other {# to spare}}',
  'reserve.more':
    '{alive} of {size} as before, {need} needed instead of {was}: {spare, plural, =0 {no reserve left} one {# to spare} other {# to spare}}',
  'outlook.none': 'no service would be worse than it is',
  'outlook.services':
    '{count, plural, =1 {{down, plural, =0 {1 service would be worse than now} other {1 service would be down}}} other {# services would be worse than now, {down, plural, =0 {none of them} other {# of them}} down}}',
  'outlook.jointly':
    '{services, plural, =1 {only because these run together} other {{count} of them only because these run together}}',
  'outlook.reserve': '{count, plural, one {# group} other {# groups}} would lose reserve',
  'outlook.better': '{count, plural, one {# item} other {# items}} would be better than now',
  'outlook.moments': 'more than {at} moments differ; later ones were not looked at',
  'availability.all':
    'at least {need} of {size} members work {percent} of the time, provided that they fail independently of each other ({each})',
  'availability.missing': 'availability cannot be computed: it is not given for {names}',
  'availability.hidden':
    'availability cannot be computed: one of the members does not give it, or is not shown to you',
} as const

export const says = sayings(english, german)
