// Package text checks and cleans what people type, in one way for the whole
// library: valid UTF-8, no NUL, trimmed, NFC, and bounded in characters. It is
// the reason why every adapter stores the same bytes.
package text
