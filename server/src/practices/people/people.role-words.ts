import { isGerman } from '../../kernel/language/saying.ts'
import { builtInRoles, type RoleKey } from './people.access.ts'

type RoleWords = { readonly name: string; readonly description: string }

const german: Readonly<Record<RoleKey, RoleWords>> = {
  requester: { name: 'Meldende Person', description: 'meldet Störungen und verfolgt die eigenen' },
  agent: { name: 'Bearbeitung', description: 'bearbeitet Störungen' },
  team_lead: {
    name: 'Teamleitung',
    description: 'bearbeitet Störungen, setzt Prioritäten und ändert viele auf einmal',
  },
  problem_manager: { name: 'Problem-Management', description: 'findet und beseitigt Ursachen' },
  change_manager: { name: 'Change-Management', description: 'macht Änderungen sicher' },
  major_incident_manager: {
    name: 'Leitung bei Großstörungen',
    description: 'führt, wenn vieles gestört ist',
  },
  approver: { name: 'Genehmigung', description: 'entscheidet über Änderungen' },
  knowledge_author: { name: 'Wissensredaktion', description: 'schreibt auf, was hilft' },
  configuration_manager: { name: 'Konfiguration', description: 'hält das Bild der Dienste aktuell' },
  auditor: { name: 'Revision', description: 'liest alles, ändert nichts' },
  administrator: { name: 'Verwaltung', description: 'richtet die Organisation ein' },
}

const isBuiltIn = (key: string): key is RoleKey => Object.hasOwn(builtInRoles, key)

/** A role as a reader knows it: what came with the product in their language, what an administrator wrote as it was written. */
export const roleIn = <Role extends { readonly key: string } & Partial<RoleWords>>(
  language: string,
  role: Role,
): Role => {
  if (!isGerman(language) || !isBuiltIn(role.key)) return role
  const [shipped, words] = [builtInRoles[role.key], german[role.key]]
  return {
    ...role,
    ...(role.name === shipped.name ? { name: words.name } : {}),
    ...(role.description === shipped.description ? { description: words.description } : {}),
  }
}

export const rolesIn = <Role extends { readonly key: string } & Partial<RoleWords>>(
  language: string,
  roles: readonly Role[],
): Role[] => roles.map((role) => roleIn(language, role))
