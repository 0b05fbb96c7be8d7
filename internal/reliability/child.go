package reliability

// Child runs this program as a client to be killed, if it was started as one;
// it doesn't return then.
func Child() {}
