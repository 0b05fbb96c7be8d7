package sqlstore

import "github.com/google/uuid"

// boxes keep the last arguments of a transaction as drivers take them, since most
// come again: the tenant in every row and condition, the ids, the moment.
type boxes struct {
	texts  [8]box[string]
	ids    [4]box[uuid.UUID]
	nums   [2]box[int64]
	nt, ni int
	nn     int
}

type box[T comparable] struct {
	of T
	v  any
}

// maxBoxed is the longest text that is looked for.
const maxBoxed = 48

func (b *boxes) text(s string) any {
	if s == "" || len(s) > maxBoxed {
		return s
	}
	for i := range b.texts {
		if x := &b.texts[i]; x.of == s {
			return x.v
		}
	}
	v := any(s)
	b.texts[b.nt%len(b.texts)] = box[string]{s, v}
	b.nt++
	return v
}

func (b *boxes) id(u uuid.UUID, d *Dialect) any {
	for i := range b.ids {
		if x := &b.ids[i]; x.of == u && x.v != nil {
			return x.v
		}
	}
	v := d.id(u)
	b.ids[b.ni%len(b.ids)] = box[uuid.UUID]{u, v}
	b.ni++
	return v
}

func (b *boxes) num(n int64) any {
	if n >= 0 && n < 256 { // the language has these
		return n
	}
	for i := range b.nums {
		if x := &b.nums[i]; x.of == n && x.v != nil {
			return x.v
		}
	}
	v := any(n)
	b.nums[b.nn%len(b.nums)] = box[int64]{n, v}
	b.nn++
	return v
}
