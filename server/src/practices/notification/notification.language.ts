import { isGerman } from '../../kernel/language/saying.ts'

/**
 * The sentences of notices that come with the product, for German readers. A reason that an administrator wrote into the policy is repeated
 * as it was written.
 */
const reasons: Readonly<Record<string, string>> = {
  'it happened to you.': 'es bei Ihnen aufgetreten ist.',
  'it happens to you and waits for your answer.': 'es bei Ihnen auftritt und auf Ihre Antwort gewartet wird.',
  'it was raised by you or for you.': 'es von Ihnen oder für Sie gemeldet wurde.',
  'it happens to you.': 'es bei Ihnen auftritt.',
  'it was given to you.': 'es Ihnen zugewiesen wurde.',
  'it is assigned to you.': 'Sie zuständig sind.',
  'it is with your team and nobody has it.': 'es bei Ihrem Team liegt und niemand zuständig ist.',
  'it is with your team and nobody has it yet.': 'es bei Ihrem Team liegt und noch niemand zuständig ist.',
  'it is new for your team and nobody has it yet.': 'es für Ihr Team neu ist und noch niemand zuständig ist.',
  'it came to your team and nobody has it yet.': 'es zu Ihrem Team kam und noch niemand zuständig ist.',
  'you lead the team it is with and it is urgent.':
    'Sie das Team leiten, bei dem es liegt, und es dringend ist.',
  'you lead the team it is with and it became urgent.':
    'Sie das Team leiten, bei dem es liegt, und es dringend wurde.',
  'it goes back and forth between a team you lead and another.':
    'es zwischen einem Team, das Sie leiten, und einem anderen hin und her geht.',
  'somebody mentioned you.': 'jemand Sie erwähnt hat.',
  'it affects you too.': 'es auch Sie betrifft.',
  'you watch it.': 'Sie es beobachten.',
  'you want these notices once a day.': 'Sie diese Benachrichtigungen einmal am Tag wollen.',
  'you look after it and it ends soon.': 'Sie dafür zuständig sind und es bald endet.',
  'you look after items that somebody has to confirm.':
    'Sie für Objekte zuständig sind, die jemand bestätigen muss.',
  'nobody looks after it, you manage items, and it ends soon.':
    'niemand dafür zuständig ist, Sie Objekte pflegen und es bald endet.',
  'you look after them.': 'Sie dafür zuständig sind.',
  'it is about your own account.': 'es um Ihr eigenes Konto geht.',
}
const because = 'You get this because '

/** Why somebody was told, in their language. */
export const reasonIn = (language: string, sentence: string): string => {
  const german = reasons[sentence.slice(because.length)]
  return isGerman(language) && sentence.startsWith(because) && german !== undefined
    ? `Sie erhalten dies, weil ${german}`
    : sentence
}

export const hiddenHeadline = (language: string): string =>
  isGerman(language)
    ? 'Worum es hier ging, ist nicht mehr sichtbar.'
    : 'You can no longer see what this was about.'
