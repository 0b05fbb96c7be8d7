package reliability

// Short is the share of the full sizes that a short run does: as much as two cores
// do in a minute and a half.
const Short = 0.06

// Bar gives all checks, in order.
func Bar() []*Check {
	return []*Check{&R2, &R3, &R4, &R5, &R6, &R7, &R8, &R9, &R10, &R11, &R13, &R14, &R16, &R21, &R24}
}
