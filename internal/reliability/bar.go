package reliability

// Short is the share of the full sizes that a short run does: as much as two cores
// do in a minute and a half.
const Short = 0.06

// Bar gives all checks, in order.
func Bar() []*Check {
	return []*Check{&B2, &B3, &B4, &B5, &B6, &B7, &B8, &B9, &B10, &B11, &B13, &B14, &B16, &B21, &B24}
}
