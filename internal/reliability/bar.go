package reliability

// Bar gives all checks, in order.
func Bar() []*Check {
	return []*Check{&R5, &R11, &R21}
}
