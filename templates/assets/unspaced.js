// Matches a letter of a script without spaces. The build replaces LETTERS with the ranges of these letters.
export const unspaced = new RegExp(`[${LETTERS}]`, "u")
export const escaped = text => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
