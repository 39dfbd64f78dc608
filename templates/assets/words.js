// The translated labels of the site. The build replaces DATA with the labels.
const words = DATA
// keys may come from an address, so they must not find inherited properties
for (const table of [words.labels, words.counts]) Object.setPrototypeOf(table, null)
const plural = language => { try { return new Intl.PluralRules(language) } catch { return new Intl.PluralRules("en") } }
const rules = plural(words.language)
export const language = rules.resolvedOptions().locale
const fill = (label, values) => label.replace(/{}/g, () => values.shift())
export const number = value => String(value).replace(/\B(?=(\d{3})+$)/g, words.thousands)
export const translate = (key, ...values) => fill(words.labels[key] ?? key, values)
export const kindLabel = kind => translate(kind.toLowerCase().replace(" ", "-"))
export const count = (value, one, many = `${one}s`) => {
  const forms = words.counts[one]
  return fill(forms ? forms[rules.select(value)] ?? forms.other : `{} ${value === 1 ? one : many}`, [number(value)])
}
