// Package label gives the library's own words in English 英文 and Chinese 中文.
// What an enterprise names itself (stages, reasons, sources) has its names with
// it and isn't here.
package label
