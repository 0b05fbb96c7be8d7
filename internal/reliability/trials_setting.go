package reliability

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// kept is the content that CleanUp must leave alone.
const kept = "kept"

// littered leaves contents that no document names, and one that a document does.
func littered(ctx context.Context, w *World) (uuid.UUID, error) {
	w.blobs = memory.NewBlobs()
	if err := w.reenter(); err != nil {
		return uuid.Nil, err
	}
	id, err := deal(ctx, w)
	if err == nil {
		_, err = w.S.Documents().Add(ctx, id, opportunity.AddDocumentInput{Name: "a.txt", MediaType: "text/plain"}, strings.NewReader(kept))
	}
	if err == nil {
		err = w.blobs.List(ctx, w.Tenant, w.now().Add(time.Hour), func(s storage.Stored) error {
			w.Part = s.ID
			return nil
		})
	}
	for range 2 {
		if err == nil {
			_, err = w.blobs.Put(ctx, storage.BlobKey{Tenant: w.Tenant, ID: uuid.New()}, w.now(), strings.NewReader("litter"))
		}
	}
	if err != nil {
		return id, err
	}
	w.later = 72 * time.Hour
	return id, w.reenter()
}

// tidy looks whether what a document names is there, and, if done, nothing else.
func (w *World) tidy(ctx context.Context, done bool) error {
	n := 0
	err := w.blobs.List(ctx, w.Tenant, w.now().Add(100*time.Hour), func(storage.Stored) error {
		n++
		return nil
	})
	if err != nil {
		return err
	}
	content, err := w.blobs.Open(ctx, storage.BlobKey{Tenant: w.Tenant, ID: w.Part}, storage.Blob{Size: int64(len(kept)), Hash: sha256.Sum256([]byte(kept))})
	if err != nil {
		return fmt.Errorf("what a document names: %w", err)
	}
	defer content.Close()
	if _, err = io.Copy(io.Discard, content); err == nil && done && n != 1 {
		err = fmt.Errorf("%d contents are left, not 1", n)
	}
	return err
}

// setting is a tenant that a method is tried on.
type setting struct {
	t  *trial
	p  *Place
	w  *World
	id uuid.UUID
	// dump and waits are what there was, said what the method answers.
	dump  string
	waits []journal.Entry
	said  string
}

// setting prepares a tenant.
func (t *trial) setting(ctx context.Context, p *Place, tenant string) (s *setting, err error) {
	s = &setting{t: t, p: p}
	if s.w, s.id, err = prepared(ctx, p, &Command{On: t.On}, tenant); err != nil {
		return nil, err
	}
	if t.kind == questioning {
		a := t.give(ctx, s.w, s.id)
		if s.said = a.text; a.err != nil {
			return nil, fmt.Errorf("untouched: %w", a.err)
		}
	}
	if t.kind == relaying {
		s.waits, err = waiting(ctx, p, tenant)
	} else {
		s.dump, err = Dump(ctx, p, tenant)
	}
	return s, err
}

// enter readies the world that the method is called on.
func (s *setting) enter(ctx context.Context, x *World) (err error) {
	if s.t.ready == nil {
		return nil
	}
	if err = s.t.ready(ctx, x); err == nil {
		s.dump, err = Dump(ctx, s.p, s.w.Tenant)
	}
	return err
}

// failed says what is wrong after a call that failed; spent says that the setting is
// no more what it was.
func (s *setting) failed(ctx context.Context, x *World, a reply) (wrong string, spent bool, err error) {
	if a.part != "" && s.t.kind != cleaning { // which says how much it had removed
		return a.part, false, nil
	}
	switch s.t.kind {
	case relaying:
		if err := relayedWell(ctx, s.p, x, s.waits, false); err != nil {
			return err.Error(), true, nil
		}
		return "", true, nil
	case cleaning:
		if err := s.w.tidy(ctx, false); err != nil {
			return err.Error(), true, nil
		}
	}
	after, err := Dump(ctx, s.p, s.w.Tenant)
	if err == nil && after != s.dump {
		return "something stayed: " + firstDifference(s.dump, after), true, nil
	}
	return "", false, err
}

// done says what is wrong after a call that went well.
func (s *setting) done(ctx context.Context, x *World, a reply) error {
	switch s.t.kind {
	case relaying:
		return relayedWell(ctx, s.p, x, s.waits, s.t.Name != "Engine.Relay") // which leaves its lease
	case questioning:
		if a.text != s.said {
			return fmt.Errorf("the answer was another: %s", firstDifference(s.said, a.text))
		}
		if after, err := Dump(ctx, s.p, s.w.Tenant); err != nil || after != s.dump {
			return errors.Join(err, errors.New("a question left something"))
		}
		return nil
	case cleaning:
		if err := s.w.tidy(ctx, true); err != nil {
			return err
		}
	}
	_, err := Whole(ctx, s.p.Store, s.w.Tenant)
	return err
}
