/** Signing in. */
export const session = {
  'signIn.back': 'Back',
  'signIn.demo': 'or look around as',
  'signIn.digit': 'Digit {number}',
  'signIn.elsewhere': 'Sign in somewhere else',
  'signIn.email': 'E-mail',
  'signIn.password': 'Password',
  'signIn.recovery': 'Recovery code',
  'signIn.showPassword': 'Show the password',
  'signIn.submit': 'Sign in',
  'signIn.tenant': 'Organization',
  'signIn.tenantHint': 'Its short name, such as harbor-hospital',
  'signIn.title': 'Sign in to Evenkeel',
  'signIn.titleAt': 'Sign in to {tenant}',
  'signIn.totp': 'Enter the six digits that your authenticator shows now.',
  'signIn.useRecovery': 'Use a recovery code',
  'signIn.useTotp': 'Use the authenticator',
} as const
