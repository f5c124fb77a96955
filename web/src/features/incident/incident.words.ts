import { cancelReasons, holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'

/** Names of fields as people read them; one that nobody knows keeps the name it came with. */
export const fieldName = (field: string): string => {
  switch (field) {
    case 'title':
    case 'description':
    case 'state':
    case 'priority':
    case 'impact':
    case 'urgency':
    case 'service':
    case 'team':
    case 'assignee':
    case 'category':
    case 'confidential':
    case 'computedPriority':
    case 'holdReason':
    case 'holdOn':
      return say(`field.${field}`)
    case 'confidentiality':
      return say('field.confidential')
    case 'parent':
      return say('relation.parent')
    case 'holdUntil':
      return say('field.until')
    case 'resolutionCode':
      return say('field.resolution')
    case 'cancelReason':
      return say('move.cancelReason')
    case 'overrideReason':
      return say('incident.overrideReason')
    default:
      return field.replace(/^custom\./, '')
  }
}

/** Values of the journal that are codes, in words. */
export const fieldValue = (field: string, value: string): string => {
  if (field === 'confidentiality') return value === 'confidential' ? say('incident.yes') : say('incident.no')
  if (field === 'holdUntil') return Number.isNaN(Date.parse(value)) ? value : absolute(value, readerZone())
  const hold = holdReasons.find((one) => one === value)
  if (field === 'holdReason' && hold !== undefined) return say(`incident.hold.${hold}`)
  const code = resolutionCodes.find((one) => one === value)
  if (field === 'resolutionCode' && code !== undefined) return say(`incident.resolution.${code}`)
  const reason = cancelReasons.find((one) => one === value)
  if (field === 'cancelReason' && reason !== undefined) return say(`incident.cancel.${reason}`)
  if (field.startsWith('custom.') && (value === 'true' || value === 'false'))
    return value === 'true' ? say('incident.yes') : say('incident.no')
  return value
}
