import { ItemClasses, ItemSources } from '@evenkeel/contract/item-class'
import { NotificationPolicy } from '@evenkeel/contract/notification'
import {
  CalendarForm,
  ImpactRules,
  IncidentRules,
  PriorityMatrix,
  RoutingPolicy,
} from '@evenkeel/contract/policy'
import { SecurityForm } from '@evenkeel/contract/security'
import { say } from '../../language/say.ts'
import type { PolicyKind } from './policy.api.ts'
import { CalendarEditor } from './policy.calendar.tsx'
import { ClassesEditor } from './policy.classes.tsx'
import { SourcesEditor } from './policy.sources.tsx'
import { ImpactRulesEditor } from './policy.impact.tsx'
import { IncidentRulesEditor } from './policy.incident-rules.tsx'
import { MatrixEditor } from './policy.matrix.tsx'
import { NoticesEditor } from './policy.notices.tsx'
import { RoutingEditor } from './policy.routing.tsx'
import { SecurityEditor } from './policy.security.tsx'
import classes from './policy.module.css'

type Props = {
  readonly kind: PolicyKind
  readonly document: unknown
  /** As it was published last. */
  readonly published: unknown
  readonly editable: boolean
  readonly onChange: (document: unknown) => void
  /** Something in it cannot be read yet: it cannot be published. */
  readonly onBlocked: (blocked: boolean) => void
}

/** The form of each kind of policy. */
export const PolicyEditor = ({ kind, document, published, editable, onChange, onBlocked }: Props) => {
  const form = { editable, onChange }
  switch (kind) {
    case 'priority_matrix': {
      const { data } = PriorityMatrix.safeParse(document)
      return data === undefined ? <Unreadable /> : <MatrixEditor policy={data} {...form} />
    }
    case 'routing': {
      const { data } = RoutingPolicy.safeParse(document)
      return data === undefined ? (
        <Unreadable />
      ) : (
        <RoutingEditor policy={data} {...form} onBlocked={onBlocked} />
      )
    }
    case 'incident_rules': {
      const { data } = IncidentRules.safeParse(document)
      return data === undefined ? <Unreadable /> : <IncidentRulesEditor policy={data} {...form} />
    }
    case 'impact_rules': {
      const { data } = ImpactRules.safeParse(document)
      return data === undefined ? <Unreadable /> : <ImpactRulesEditor policy={data} {...form} />
    }
    case 'item_classes': {
      const { data } = ItemClasses.safeParse(document)
      return data === undefined ? (
        <Unreadable />
      ) : (
        <ClassesEditor policy={data} published={ItemClasses.safeParse(published).data} {...form} />
      )
    }
    case 'item_sources': {
      const { data } = ItemSources.safeParse(document)
      return data === undefined ? <Unreadable /> : <SourcesEditor policy={data} {...form} />
    }
    case 'notification': {
      const { data } = NotificationPolicy.safeParse(document)
      return data === undefined ? (
        <Unreadable />
      ) : (
        <NoticesEditor policy={data} {...form} onBlocked={onBlocked} />
      )
    }
    case 'security': {
      const { data } = SecurityForm.safeParse(document)
      return data === undefined ? <Unreadable /> : <SecurityEditor policy={data} {...form} />
    }
    case 'calendar': {
      const { data } = CalendarForm.safeParse(document)
      return data === undefined ? <Unreadable /> : <CalendarEditor calendar={data} {...form} />
    }
  }
}

const Unreadable = () => <p className={classes['quiet']}>{say('policy.unreadable')}</p>
